#include "plugins/host/rule_file.h"

#include <algorithm>

#include "base/url_key.h"
#include "plugins/host/rule_body.h"
#include "plugins/worker/worker_pool.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string> kTopKeys = {"id",    "label",  "version",  "priority", "extends", "channel",
                                           "match", "rights", "volatile", "layout",   "tests",   "native"};
// Of these, those that no table has.
const std::vector<std::string> kTopAlone = {"priority", "extends",          "channel",
                                            "volatile", "not_from_generic", "generic_first"};
const std::vector<std::string> kLayoutKeys = {"name", "like", "detect", "reject", "from", "until"};
const std::vector<std::string> kChannels = {"html", "eutils", "oai", "oa-package"};

std::vector<std::string> with_body_keys(std::vector<std::string> keys) {
  std::vector<std::string> body = BodyReader::keys();
  keys.insert(keys.end(), body.begin(), body.end());
  return keys;
}

std::string item_of(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

// Turns one file into one Rule.
class RuleCompiler {
 public:
  RuleCompiler(const TomlFile& toml, std::string id) : toml_(toml), reader_(toml, std::move(id)) {}

  Result<Rule> compile(const Rule* platform) {
    Rule rule;
    if (platform) rule = *platform;
    rule.tests.clear();
    rule.file = toml_.path();
    VELLUM_CHECK(check_misplaced());
    VELLUM_CHECK(toml_.check_keys("", with_body_keys(kTopKeys)));
    VELLUM_CHECK(read_head(rule));
    VELLUM_CHECK(read_match(rule));
    VELLUM_CHECK(read_rights(rule));
    VELLUM_CHECK(reader_.read("", rule.body));
    VELLUM_CHECK(read_layouts(rule));
    VELLUM_CHECK(read_tests(rule));
    VELLUM_CHECK(read_native(rule));
    return rule;
  }

 private:
  // A key below a [table] is that table's, not the file's: the commonest slip.
  Result<void> check_misplaced() const {
    for (const auto& [name, table] : toml_.root().items()) {
      for (const std::string& key : kTopAlone) {
        const bool is_of_layout = table.is_array();  // [[layout]] has body keys, and so may other lists of tables
        if (is_of_layout || !table.is_object() || !table.contains(key)) continue;
        return toml_.complaint(pointer_to("/" + name, key),
                               "`" + key + "` is a top-level key: put it above the first [table]");
      }
    }
    return {};
  }

  Result<int> integer(const std::string& pointer) const {
    const Json* value = reader_.find(pointer);
    if (!value || !value->is_number_integer()) return toml_.complaint(pointer, "must be an integer");
    return value->get<int>();
  }

  Result<void> read_head(Rule& rule) {
    VELLUM_TRY(rule.id, reader_.text("/id"));
    if (reader_.find("/label")) {
      VELLUM_TRY(rule.label, reader_.text("/label"));
    }
    VELLUM_TRY(rule.version, integer("/version"));
    rule.priority = 50;
    if (reader_.find("/priority")) {
      VELLUM_TRY(rule.priority, integer("/priority"));
    }
    rule.channel = "html";
    if (reader_.find("/channel")) {
      VELLUM_TRY(rule.channel, reader_.word("/channel", kChannels));
    }
    if (!reader_.find("/volatile")) return {};
    VELLUM_TRY(rule.volatile_parts, reader_.selectors("/volatile"));
    return {};
  }

  Result<void> read_match(Rule& rule) {
    rule.hosts.clear();
    rule.paths.clear();
    if (!reader_.find("/match")) return {};  // a platform: used by those that extend it
    VELLUM_CHECK(toml_.check_keys("/match", {"hosts", "paths", "document"}));
    VELLUM_TRY(rule.hosts, reader_.texts("/match/hosts"));
    rule.xml = false;
    if (reader_.find("/match/document")) {
      VELLUM_TRY(const std::string document, reader_.word("/match/document", {"html", "xml"}));
      rule.xml = document == "xml";
    }
    const Json* paths = reader_.find("/match/paths");
    if (paths && !paths->is_array()) return toml_.complaint("/match/paths", "`paths` must be a list of texts");
    for (std::size_t i = 0; paths && i < paths->size(); ++i) {
      VELLUM_TRY(Pattern path, reader_.pattern(item_of("/match/paths", i)));
      rule.paths.push_back(std::move(path));
    }
    return {};
  }

  Result<void> read_rights(Rule& rule) {
    if (!reader_.find("/rights")) return {};
    VELLUM_CHECK(toml_.check_keys("/rights", {"policy", "basis"}));
    if (reader_.find("/rights/policy")) {
      VELLUM_TRY(rule.policy, reader_.text("/rights/policy"));
    }
    if (reader_.find("/rights/basis")) {
      VELLUM_TRY(rule.basis, reader_.text("/rights/basis"));
    }
    return {};
  }

  Result<void> read_layouts(Rule& rule) {
    // Layouts of the platform stand for pages that none of the own layouts fits; the own body changes them too.
    std::vector<Layout> inherited = std::move(rule.layouts);
    rule.layouts.clear();
    const Json* list = reader_.find("/layout");
    if (list && !list->is_array()) return toml_.complaint("/layout", "must be [[layout]], a list of tables");
    for (std::size_t i = 0; list && i < list->size(); ++i) {
      VELLUM_TRY(Layout layout, read_layout(item_of("/layout", i), rule, inherited));
      rule.layouts.push_back(std::move(layout));
    }
    for (Layout& layout : inherited) {
      if (layout.name.empty()) continue;
      VELLUM_CHECK(reader_.read("", layout.body));
      rule.layouts.push_back(std::move(layout));
    }
    if (rule.layouts.empty()) {
      Layout& only = rule.layouts.emplace_back();
      only.body = rule.body;
    }
    return {};
  }

  // `like` names an earlier layout of this file or one of the platform's.
  Result<Layout> read_layout(const std::string& pointer, const Rule& rule, const std::vector<Layout>& inherited) {
    Layout layout;
    layout.body = rule.body;
    VELLUM_CHECK(toml_.check_keys(pointer, with_body_keys(kLayoutKeys)));
    VELLUM_TRY(layout.name, reader_.text(pointer + "/name"));
    if (reader_.find(pointer + "/like")) {
      std::vector<const Layout*> known;
      for (const Layout& own : rule.layouts) known.push_back(&own);
      for (const Layout& other : inherited) known.push_back(&other);
      std::vector<std::string> names;
      for (const Layout* other : known) names.push_back(other->name);
      VELLUM_TRY(std::string like, reader_.word(pointer + "/like", names));
      auto it = std::find(names.begin(), names.end(), like);
      const auto at = static_cast<std::size_t>(it - names.begin());
      layout.body = known[at]->body;
      if (at >= rule.layouts.size()) {  // the platform's: what this file says for all layouts comes over it
        VELLUM_CHECK(reader_.read("", layout.body));
      }
    }
    VELLUM_CHECK(read_detectors(pointer, layout));
    VELLUM_CHECK(reader_.read(pointer, layout.body));
    return layout;
  }

  Result<void> read_detectors(const std::string& pointer, Layout& layout) {
    if (reader_.find(pointer + "/detect")) {
      VELLUM_TRY(layout.detect, reader_.selectors(pointer + "/detect"));
    }
    if (reader_.find(pointer + "/reject")) {
      VELLUM_TRY(layout.reject, reader_.selectors(pointer + "/reject"));
    }
    if (reader_.find(pointer + "/from")) {
      VELLUM_TRY(layout.from, time(pointer + "/from", parse_timestamp));
    }
    if (reader_.find(pointer + "/until")) {
      VELLUM_TRY(layout.until, time(pointer + "/until", parse_timestamp_end));
    }
    return {};
  }

  Result<Timestamp> time(const std::string& pointer, Result<Timestamp> (*parse)(std::string_view)) const {
    VELLUM_TRY(std::string written, reader_.text(pointer));
    auto parsed = parse(written);
    if (!parsed) return toml_.complaint(pointer, parsed.error().message);
    return *parsed;
  }

  // A platform's library is its own: it is not inherited.
  Result<void> read_native(Rule& rule) {
    rule.native = nullptr;
    if (!reader_.find("/native")) return {};
    VELLUM_CHECK(toml_.check_keys("/native", {"library", "deadline", "memory"}));
    if (rule.hosts.empty()) return toml_.complaint("/native", "needs [match] hosts: a platform has no library");
    worker::WorkerSpec spec;
    spec.id = rule.id;
    VELLUM_TRY(const std::string name, reader_.text("/native/library"));
    if (name.empty() || fs::path(name).filename() != name) {
      return toml_.complaint("/native/library", "must be the name of a file beside this one");
    }
    std::error_code failed;
    spec.library = fs::absolute(toml_.path(), failed).parent_path() / name;
    if (!fs::is_regular_file(spec.library, failed)) {
      return toml_.complaint("/native/library",
                             "there is no " + spec.library.string() + ": build it, or copy it there");
    }
    VELLUM_CHECK(read_limits(spec));
    rule.native = std::make_shared<worker::WorkerPool>(std::move(spec));
    return {};
  }

  Result<void> read_limits(worker::WorkerSpec& spec) {
    static constexpr auto kShortest = std::chrono::milliseconds(100);
    static constexpr auto kLongest = std::chrono::seconds(60);
    static constexpr int kLeast = 64, kMost = 4096;
    if (reader_.find("/native/deadline")) {
      VELLUM_TRY(const std::string written, reader_.text("/native/deadline"));
      const auto deadline = parse_duration(written);
      if (!deadline) return toml_.complaint("/native/deadline", deadline.error().message);
      if (*deadline < kShortest || *deadline > kLongest) {
        return toml_.complaint("/native/deadline", "must be from 100ms to 60s");
      }
      spec.deadline = *deadline;
    }
    if (!reader_.find("/native/memory")) return {};
    VELLUM_TRY(const int mebibytes, integer("/native/memory"));
    if (mebibytes < kLeast || mebibytes > kMost) {
      return toml_.complaint("/native/memory", "must be from 64 to 4096, in MiB");
    }
    spec.memory_bytes = static_cast<std::size_t>(mebibytes) << 20;
    return {};
  }

  Result<void> read_tests(Rule& rule) {
    const Json* list = reader_.find("/tests");
    if (!list) return {};
    if (!list->is_array()) return toml_.complaint("/tests", "must be [[tests]], a list of tables");
    for (std::size_t i = 0; i < list->size(); ++i) {
      VELLUM_TRY(TestCase test, read_test(item_of("/tests", i)));
      rule.tests.push_back(std::move(test));
    }
    return {};
  }

  Result<TestCase> read_test(const std::string& pointer) {
    fs::path folder = fs::path(toml_.path()).parent_path();
    VELLUM_CHECK(toml_.check_keys(pointer, {"name", "page", "expect", "url", "captured", "status", "fragments"}));
    TestCase test;
    VELLUM_TRY(test.name, reader_.text(pointer + "/name"));
    VELLUM_TRY(test.url, reader_.text(pointer + "/url"));
    VELLUM_TRY(std::string page, reader_.text(pointer + "/page"));
    VELLUM_TRY(std::string expect, reader_.text(pointer + "/expect"));
    test.page = folder / page;
    test.expect = folder / expect;
    test.captured = "2020-01-01";
    if (reader_.find(pointer + "/captured")) {
      VELLUM_TRY(test.captured, reader_.text(pointer + "/captured"));
    }
    if (reader_.find(pointer + "/status")) {
      VELLUM_TRY(test.status, integer(pointer + "/status"));
    }
    const Json* fragments = reader_.find(pointer + "/fragments");
    for (std::size_t i = 0; fragments && i < fragments->size(); ++i) {
      std::string at = item_of(pointer + "/fragments", i);
      VELLUM_CHECK(toml_.check_keys(at, {"url", "page"}));
      VELLUM_TRY(std::string url, reader_.text(at + "/url"));
      VELLUM_TRY(std::string file, reader_.text(at + "/page"));
      test.fragments.emplace_back(url, folder / file);
    }
    return test;
  }

  const TomlFile& toml_;
  BodyReader reader_;
};

}  // namespace

bool Rule::matches(const Url& url) const {
  std::string host = url.hostname();
  bool host_fits =
      std::any_of(hosts.begin(), hosts.end(), [&](const std::string& h) { return host_glob_matches(h, host); });
  if (!host_fits || paths.empty()) return host_fits;
  std::string path = url.path_and_query();
  return std::any_of(paths.begin(), paths.end(), [&](const Pattern& p) { return p.matches(path); });
}

Result<RuleFile> RuleFile::load(const fs::path& file) {
  VELLUM_TRY(TomlFile toml, TomlFile::load(file.string()));
  return checked(std::move(toml));
}

Result<RuleFile> RuleFile::parse(std::string_view text, const fs::path& file) {
  VELLUM_TRY(TomlFile toml, TomlFile::parse(text, file.string()));
  return checked(std::move(toml));
}

Result<RuleFile> RuleFile::checked(TomlFile toml) {
  RuleFile file(std::move(toml));
  file.id_ = text_of(file.toml_.root(), "id");
  file.extends_ = text_of(file.toml_.root(), "extends");
  if (file.id_.empty()) return file.toml_.complaint("/id", "needs `id`, a reverse DNS name such as \"org.example\"");
  return file;
}

Result<Rule> RuleFile::compile(const Rule* platform) const {
  RuleCompiler compiler(toml_, id_);
  return compiler.compile(platform);
}

}  // namespace vellum::plugins
