#include <chrono>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "base/article.h"
#include "base/digest.h"
#include "base/text.h"
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

std::string shown(const Json& value) {
  if (value.is_null()) return "nothing";
  std::string text = value.is_string() ? value.get<std::string>() : to_line(value);
  static constexpr std::size_t kShown = 200;
  return "\"" + (text.size() > kShown ? repair_utf8(text.substr(0, kShown)) + "..." : text) + "\"";
}

Json member(const Json& object, const std::string& key) {
  return object.contains(key) ? object[key] : Json();
}

// Field by field, lists item by item, so that a difference names its place. Depth is bounded by the record's schema.
void compare(const std::string& at, const Json& expected, const Json& found, std::vector<std::string>& differences) {
  if (expected == found) return;
  if (expected.is_object() && found.is_object()) {
    std::set<std::string> keys;
    for (const auto& [key, value] : expected.items()) keys.insert(key);
    for (const auto& [key, value] : found.items()) keys.insert(key);
    for (const std::string& key : keys) {
      compare(at.empty() ? key : at + "." + key, member(expected, key), member(found, key), differences);
    }
  } else if (expected.is_array() && found.is_array() && expected.size() == found.size()) {
    for (std::size_t i = 0; i < expected.size(); ++i) {
      compare(at + "[" + std::to_string(i) + "]", expected[i], found[i], differences);
    }
  } else {
    differences.push_back(at + ": expected " + shown(expected) + ", found " + shown(found));
  }
}

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
  compare("", *expected, without_unnamed(extraction.record, *expected), differences);
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

}  // namespace vellum::plugins
