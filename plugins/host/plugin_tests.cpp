#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "base/article.h"
#include "base/digest.h"
#include "base/text.h"
#include "plugins/host/authoring.h"
#include "plugins/host/difference.h"
#include "plugins/host/registry_impl.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;

Result<std::string> read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::kNotFound, "cannot open " + file.string());
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<Answer> answer_of(const std::string& url, const std::string& captured, const fs::path& file) {
  VELLUM_TRY(Url address, Url::parse(url));
  VELLUM_TRY(Timestamp time, parse_timestamp(captured));
  VELLUM_TRY(std::string body, read_file(file));
  Answer answer{std::move(address), time, sha256(body), 200, HeaderBlock(), std::move(body), "page"};
  return answer;
}

Result<PageInput> input_of(const TestCase& test) {
  VELLUM_TRY(Answer page, answer_of(test.url, test.captured, test.page));
  page.status = test.status;
  PageInput input{std::move(page), {}};
  for (const auto& [url, file] : test.fragments) {
    VELLUM_TRY(Answer fragment, answer_of(url, test.captured, file));
    fragment.role = "fragment";
    input.fragments.push_back(std::move(fragment));
  }
  return input;
}

constexpr std::size_t kAlike = 2;  // differences of one kind of place that are shown

std::string shown(const Json& value, const std::string& text) {
  return value.is_null() ? "nothing" : "\"" + text + "\"";
}

struct Difference {
  std::string at;    // "references[3].text"
  std::string kind;  // "references[*].text"
  std::string what;
};

Json member(const Json& object, const std::string& key) {
  return object.contains(key) ? object[key] : Json();
}

// Field by field, lists item by item, so that a difference names its place. Depth is bounded by the record's schema.
class Comparison {
 public:
  void compare(const std::string& at, const std::string& kind, const Json& expected, const Json& found) {
    if (expected == found) return;
    if (expected.is_object() && found.is_object()) {
      compare_members(at, kind, expected, found);
    } else if (expected.is_array() && found.is_array()) {
      compare_items(at, kind, expected, found);
    } else {
      add(at, kind, "", expected, found);
    }
  }

  // A line a difference; of many at one kind of place the first ones and how many there are.
  std::vector<std::string> lines() const {
    std::map<std::string, std::size_t> count;
    std::vector<std::string> out;
    for (const Difference& one : found_) {
      if (++count[one.kind] <= kAlike) out.push_back(one.at + ": " + one.what);
    }
    for (const auto& [kind, many] : count) {
      if (many > kAlike) out.push_back("and " + std::to_string(many - kAlike) + " more " + kind);
    }
    return out;
  }

 private:
  void add(const std::string& at, const std::string& kind, const std::string& before, const Json& expected,
           const Json& found) {
    const auto [wanted, got] = parted(expected, found);
    found_.push_back({at, kind, before + "expected " + shown(expected, wanted) + ", found " + shown(found, got)});
  }

  void compare_members(const std::string& at, const std::string& kind, const Json& expected, const Json& found) {
    std::set<std::string> keys;
    for (const auto& [key, value] : expected.items()) keys.insert(key);
    for (const auto& [key, value] : found.items()) keys.insert(key);
    for (const std::string& key : keys) {
      const std::string below = at.empty() ? key : at + "." + key;
      compare(below, kind.empty() ? key : kind + "." + key, member(expected, key), member(found, key));
    }
  }

  // Lists of two lengths: the first item in which they part.
  void compare_items(const std::string& at, const std::string& kind, const Json& expected, const Json& found) {
    const std::size_t common = std::min(expected.size(), found.size());
    std::size_t i = 0;
    if (expected.size() != found.size()) {
      while (i < common && expected[i] == found[i]) ++i;
      const auto item = [&](const Json& list) { return i < list.size() ? list[i] : Json(); };
      const std::string sizes = std::to_string(expected.size()) + " items expected, " + std::to_string(found.size()) +
                                " found; they part at [" + std::to_string(i) + "]: ";
      add(at, kind, sizes, item(expected), item(found));
      return;
    }
    for (; i < common; ++i) {
      compare(at + "[" + std::to_string(i) + "]", kind + "[*]", expected[i], found[i]);
    }
  }

  std::vector<Difference> found_;
};

// What changes with the file's bytes or the plugin's number says nothing about the reading, unless the test names it.
Json without_unnamed(Json record, const Json& expected) {
  for (const char* key : {"schema", "url", "captured", "sources", "plugin", "plugin_version", "verdict"}) {
    if (!expected.contains(key)) record.erase(key);
  }
  return record;
}

std::vector<std::string> differences_of(const Registry::Impl& impl, const Rule& rule, const TestCase& test) {
  auto input = input_of(test);
  if (!input) return {input.error().message};
  auto text = read_file(test.expect);
  if (!text) return {text.error().message};
  auto expected = parse_json(*text);
  if (!expected) return {test.expect.string() + ": " + expected.error().message};
  Extraction extraction = impl.extract(*input, &rule, false);
  std::vector<std::string> differences;
  for (const std::string& fault : article::faults(extraction.record)) differences.push_back("schema: " + fault);
  Comparison comparison;
  comparison.compare("", "", *expected, without_unnamed(extraction.record, *expected));
  for (std::string& line : comparison.lines()) differences.push_back(std::move(line));
  return differences;
}

}  // namespace

std::vector<PluginTestResult> run_plugin_tests(const Registry& registry, std::string_view only_plugin) {
  std::vector<PluginTestResult> results;
  const Registry::Impl& impl = registry.impl();
  for (const Rule& rule : impl.rules) {
    if (!only_plugin.empty() && rule.id != only_plugin) continue;
    for (const TestCase& test : rule.tests) {
      auto start = std::chrono::steady_clock::now();
      PluginTestResult result;
      result.plugin = rule.id;
      result.name = test.name;
      result.differences = differences_of(impl, rule, test);
      result.passed = result.differences.empty();
      result.took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start);
      results.push_back(std::move(result));
    }
  }
  return results;
}

Result<void> accept_record(const Registry& registry, std::string_view plugin_id, std::string_view test_name) {
  const Registry::Impl& impl = registry.impl();
  const Rule* rule = impl.find(plugin_id);
  if (!rule) return registry.no_plugin(plugin_id);
  const auto test =
      std::find_if(rule->tests.begin(), rule->tests.end(), [&](const TestCase& one) { return one.name == test_name; });
  if (test == rule->tests.end()) {
    return fail(ErrorKind::kNotFound, rule->id + " has no test `" + std::string(test_name) + "`");
  }
  VELLUM_TRY(const PageInput input, input_of(*test));
  Json record = impl.extract(input, rule, false).record;
  const std::vector<std::string> faults = article::faults(record);
  if (!faults.empty()) return fail(ErrorKind::kInvalid, "no record to expect: " + faults.front());
  const auto text = read_file(test->expect);
  const auto before = text ? parse_json(*text) : Result<Json>(Json::object());
  record = without_unnamed(std::move(record), before ? *before : Json::object());
  std::ofstream out(test->expect, std::ios::binary | std::ios::trunc);
  out << record.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
  out.close();
  if (!out) return fail(ErrorKind::kStorage, "cannot write " + test->expect.string());
  return {};
}

}  // namespace vellum::plugins
