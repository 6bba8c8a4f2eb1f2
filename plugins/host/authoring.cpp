#include "plugins/host/authoring.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "base/pattern.h"
#include "base/text.h"
#include "plugins/host/generic_reader.h"
#include "plugins/host/registry_impl.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 16> kUsualKeys = {
    "title",    "authors",  "journal",  "published", "volume",     "issue",     "pages",   "ids",
    "abstract", "keywords", "sections", "figures",   "references", "publisher", "license", "conflict_of_interest"};

bool is_reverse_dns(std::string_view id) {
  static const auto kPattern = Pattern::compile(R"(^[a-z][a-z0-9-]*(\.[a-z0-9][a-z0-9-]*)+$)");
  return kPattern && kPattern->matches(id);
}

Result<void> write_file(const fs::path& file, std::string_view text, std::ios::openmode mode = std::ios::trunc) {
  std::ofstream out(file, std::ios::binary | mode);
  out << text;
  out.close();
  if (!out) return fail(ErrorKind::kStorage, "cannot write " + file.string());
  return {};
}

// A basic TOML string.
std::string toml_text(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  return out + "\"";
}

std::vector<std::string> filled(const Json& record) {
  std::vector<std::string> keys;
  for (const std::string_view key : kUsualKeys) {
    const auto at = record.find(std::string(key));
    if (at != record.end() && !at->empty()) keys.emplace_back(key);
  }
  return keys;
}

// "/content/98/3/377.abstract" -> "^/content/": the path up to where numbers begin.
std::string path_pattern(const Url& url) {
  const std::string path = url.pathname();
  const std::size_t digit = path.find_first_of("0123456789");
  const std::size_t slash = path.rfind('/', digit == std::string::npos ? path.size() : digit);
  return slash == std::string::npos || slash == 0 ? "" : "^" + path.substr(0, slash + 1);
}

std::string toml_of(const NewPlugin& plugin, const Url& url) {
  std::string text = "id = " + toml_text(plugin.id) + "\nlabel = " + toml_text(url.hostname()) + "\nversion = 1\n";
  text += "extends = " + toml_text(plugin.platform) + "   # reads: " + join(plugin.found, ", ") +
          "\n\n[match]\nhosts = [" + toml_text(url.hostname()) + "]\n";
  const std::string path = path_pattern(url);
  if (!path.empty()) text += "paths = ['" + path + "']\n";
  text += "\n# What the platform does not find or gets wrong goes here; docs/plugins.md has the keys.\n";
  for (const std::string& key : plugin.missing) text += "# " + key + ": nothing found\n";
  return text;
}

std::string file_name_of(std::string_view test) {
  std::string out;
  for (const char c : to_lower_ascii(test)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (plain) out += c;
    if (!plain && !out.empty() && out.back() != '-') out += '-';
  }
  while (out.ends_with('-')) out.pop_back();
  return out.empty() ? "page" : out;
}

// One key more than platform.page finds is a chance match of a site's own class names. `reader` is the plugin that
// reads the page already: any.highwire knows the marks of platform.highwire.
std::size_t evidence_of(const Rule& platform, const std::vector<std::string>& found, std::string_view reader) {
  const bool has_marks = reader.starts_with("any.") && platform.id == "platform." + std::string(reader.substr(4));
  return 2 * found.size() + (has_marks ? 4 : platform.id == "platform.page" ? 3 : 0);
}

// The record without what says nothing of the reading.
std::string expectation(Json record) {
  for (const char* key : {"schema", "url", "captured", "sources", "plugin", "plugin_version"}) record.erase(key);
  return record.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<void> write_test_files(const fs::path& folder, std::string_view name, const PageInput& input,
                              const Extraction& extraction) {
  std::error_code error;
  fs::create_directories(folder / "tests", error);
  const std::string stem = file_name_of(name);
  const std::string suffix = input.page.body.starts_with("<?xml") ? ".xml" : ".html";
  VELLUM_CHECK(write_file(folder / "tests" / (stem + suffix), input.page.body));
  VELLUM_CHECK(write_file(folder / "tests" / (stem + ".json"), expectation(extraction.record)));
  std::string table = "\n[[tests]]\nname = " + toml_text(name) + "\npage = " + toml_text("tests/" + stem + suffix) +
                      "\nexpect = " + toml_text("tests/" + stem + ".json") +
                      "\nurl = " + toml_text(input.page.url.href()) + "\n";
  if (input.page.captured != Timestamp{}) table += "captured = " + toml_text(to_rfc3339(input.page.captured)) + "\n";
  std::string list;
  for (std::size_t i = 0; i < input.fragments.size(); ++i) {
    const std::string file = "tests/" + stem + "-fragment-" + std::to_string(i + 1) + ".html";
    VELLUM_CHECK(write_file(folder / file, input.fragments[i].body));
    list += (i == 0 ? "" : ", ") + ("{ url = " + toml_text(input.fragments[i].url.href())) +
            ", page = " + toml_text(file) + " }";
  }
  if (!list.empty()) table += "fragments = [" + list + "]\n";
  return write_file(folder / "plugin.toml", table, std::ios::app);
}

Result<void> refuse_quarantined(const Extraction& extraction) {
  if (!extraction.verdict.is_quarantined()) return {};
  const std::string why = extraction.verdict.evidence.empty() ? "" : ": " + extraction.verdict.evidence.front();
  return fail(ErrorKind::kInvalid, "the page is a " + extraction.verdict.substance + " page" + why);
}

}  // namespace

Result<NewPlugin> draft_plugin(const Registry& registry, std::string_view id, const PageInput& input) {
  if (!is_reverse_dns(id)) {
    return fail(ErrorKind::kInvalid, "`" + std::string(id) + "` is no reverse DNS name such as org.example");
  }
  const Extraction first = registry.extract(input);
  VELLUM_CHECK(refuse_quarantined(first));
  NewPlugin best;
  std::size_t evidence_of_best = 0;
  best.id = std::string(id);
  for (const Rule& rule : registry.impl().rules) {
    if (!rule.hosts.empty()) continue;
    const Extraction read = registry.impl().extract(input, &rule, false);
    std::vector<std::string> found = filled(read.record);
    const bool is_better = best.platform.empty() || evidence_of(rule, found, first.plugin) > evidence_of_best;
    if (!is_better) continue;
    evidence_of_best = evidence_of(rule, found, first.plugin);
    best.platform = rule.id;
    best.found = std::move(found);
    best.record = read.record;
  }
  if (best.platform.empty()) return fail(ErrorKind::kInvalid, "no platform is installed to start from");
  for (const std::string_view key : kUsualKeys) {
    if (std::find(best.found.begin(), best.found.end(), key) == best.found.end()) best.missing.emplace_back(key);
  }
  best.toml = toml_of(best, input.page.url);
  return best;
}

Result<fs::path> write_plugin(const fs::path& folder, const NewPlugin& plugin, const PageInput& input) {
  const fs::path home = folder / plugin.id;
  const fs::path file = home / "plugin.toml";
  std::error_code error;
  if (fs::exists(file, error)) return fail(ErrorKind::kInvalid, file.string() + " is there already");
  fs::create_directories(home, error);
  if (error) return fail(ErrorKind::kStorage, "cannot make " + home.string() + ": " + error.message());
  VELLUM_CHECK(write_file(file, plugin.toml));
  std::vector<fs::path> folders = default_site_folders();
  folders.insert(folders.begin(), {home, folder});
  std::vector<BrokenPlugin> broken;  // others: no matter of this one
  const Registry all = Registry::load_sound(folders, broken);
  VELLUM_TRY(const Extraction extraction, all.extract_with(plugin.id, input));
  VELLUM_CHECK(write_test_files(home, "first page", input, extraction));
  return file;
}

Result<fs::path> write_test(const Registry& registry, std::string_view plugin_id, std::string_view name,
                            const PageInput& input) {
  if (plugin_id == kGenericId) {
    return fail(
        ErrorKind::kInvalid,
        "no plugin but the generic reader reads the page, and that has no tests: `vellum plugin new` makes one");
  }
  const Rule* rule = registry.impl().find(plugin_id);
  if (!rule) return registry.no_plugin(plugin_id);
  for (const TestCase& test : rule->tests) {
    if (test.name == name || test.page.stem() == file_name_of(name)) {
      return fail(ErrorKind::kInvalid,
                  rule->id + " has a test `" + test.name + "` already; choose another with --name");
    }
  }
  VELLUM_TRY(const Extraction extraction, registry.extract_with(plugin_id, input));
  VELLUM_CHECK(refuse_quarantined(extraction));
  VELLUM_CHECK(write_test_files(rule->file.parent_path(), name, input, extraction));
  return rule->file;
}

std::string free_test_name(const Registry& registry, std::string_view plugin_id, std::string_view base) {
  const Rule* rule = registry.impl().find(plugin_id);
  const auto is_taken = [&](const std::string& name) {
    return rule && std::any_of(rule->tests.begin(), rule->tests.end(), [&](const TestCase& test) {
             return test.name == name || test.page.stem() == file_name_of(name);
           });
  };
  std::string name(base);
  for (int number = 2; is_taken(name); ++number) name = std::string(base) + " " + std::to_string(number);
  return name;
}

}  // namespace vellum::plugins
