#include "crawler/policy/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <unordered_set>

#include "base/text.h"
#include "crawler/policy/config_load.h"
#include "crawler/policy/politeness.h"
#include "crawler/policy/robots.h"
#include "crawler/policy/scope.h"

namespace vellum::policy {
namespace {

namespace fs = std::filesystem;

Result<std::string> normal_seed(std::string_view text) {
  const auto url = Url::parse(trim(text));
  if (url && url->is_http()) return url->without_fragment().href();
  std::string message = fmt::format("`{}` is no http or https URL", text.substr(0, 200));
  if (!url && Url::parse("https://" + std::string(text)) && text.find(':') == std::string_view::npos)
    message += fmt::format("; write \"https://{}\"", trim(text));
  return fail(ErrorKind::kInvalid, message);
}

class Loader {
 public:
  Loader(const TomlFile& file, const CrawlOverrides& overrides)
      : in_(file), overrides_(overrides), folder_(fs::path(file.path()).parent_path()) {}

  Result<CrawlConfig> load() {
    read_identity();
    read_scope(in_, config_.scope);
    read_follow(in_, config_.follow);
    read_files(in_, config_.files);
    read_budget(in_, config_.budget);
    read_politeness(in_, config_.politeness);
    read_network(in_, folder_, config_.network);
    read_schedule(in_, config_);
    read_sites(in_, folder_, config_.sites);
    VELLUM_CHECK(in_.result());
    VELLUM_CHECK(gather_seeds());
    VELLUM_CHECK(apply_overrides());
    warn_of_missing_contact();
    config_.text = to_toml(config_);
    return std::move(config_);
  }

 private:
  void read_identity() {
    in_.texts("/seeds", seeds_);
    in_.text("/seeds_file", seeds_file_);
    in_.texts("/sitemaps", sitemaps_);
    config_.user_agent = "Vellum/" VELLUM_VERSION;
    in_.text("/user_agent", config_.user_agent);
    in_.flag("/requisites", config_.requisites);
    check_user_agent();
  }

  void check_user_agent() {
    const std::string& agent = config_.user_agent;
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    if (!std::all_of(agent.begin(), agent.end(), printable))
      return in_.complain("/user_agent", "must be printable ASCII on one line");
    if (product_token(agent).empty())
      return in_.complain("/user_agent",
                          "must begin with a product name of letters, - and _, such as \"Vellum/1.0 (+https://...)\"");
    if (agent.find(".invalid") != std::string::npos)
      return in_.complain("/user_agent", "still holds a placeholder (.invalid); write where you can be reached");
  }

  // Nobody needs an address to complain to about a crawl of their own machine.
  void warn_of_missing_contact() {
    const std::string& agent = config_.user_agent;
    if (agent.find('@') != std::string::npos || agent.find("://") != std::string::npos) return;
    const bool abroad = std::any_of(config_.seeds.begin(), config_.seeds.end(), [](const std::string& seed) {
      return politeness_group(*Url::parse(seed)).find(':') == std::string::npos;
    });
    if (abroad) config_.warnings.push_back("user_agent names no contact: sites that mind the crawl cannot reach you");
  }

  Result<void> add_seed(std::string_view text, const std::string& place) {
    auto seed = normal_seed(text);
    if (!seed) return fail(wrap(seed.error(), place));
    if (known_.insert(*seed).second) config_.seeds.push_back(*std::move(seed));
    return {};
  }

  Result<void> gather_seeds() {
    if (!overrides_.urls.empty()) {
      for (const std::string& url : overrides_.urls) VELLUM_CHECK(add_seed(url, "command line"));
      return {};
    }
    for (std::size_t i = 0; i < seeds_.size(); ++i)
      VELLUM_CHECK(add_seed(seeds_[i], in_.file().place_of(pointer_to("/seeds", std::to_string(i)))));
    if (!seeds_file_.empty()) VELLUM_CHECK(read_seeds_file());
    VELLUM_CHECK(read_sitemaps());
    if (!config_.seeds.empty() || !config_.sitemaps.empty()) return {};
    const std::string place = in_.file().path().empty() ? "" : in_.file().place_of("/seeds") + ": ";
    return fail(ErrorKind::kInvalid,
                place + "no seeds; give URLs, or write seeds = [\"https://...\"] or seeds_file = \"...\"");
  }

  Result<void> read_sitemaps() {
    for (std::size_t i = 0; i < sitemaps_.size(); ++i) {
      auto url = normal_seed(sitemaps_[i]);
      if (!url) return fail(wrap(url.error(), in_.file().place_of(pointer_to("/sitemaps", std::to_string(i)))));
      config_.sitemaps.push_back(*std::move(url));
    }
    return {};
  }

  // One URL a line; empty lines and lines that begin with '#' are left out.
  Result<void> read_seeds_file() {
    const std::string path = (folder_ / seeds_file_).string();
    std::ifstream in(path);
    if (!in || fs::is_directory(path)) return in_.file().complaint("/seeds_file", "cannot read seeds_file " + path);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      std::string_view text = trim(line);
      if (number == 1 && text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);  // a byte order mark
      if (text.empty() || text.front() == '#') continue;
      VELLUM_CHECK(add_seed(text, fmt::format("{}:{}", path, number)));
    }
    return {};
  }

  Result<void> apply_overrides() {
    ScopeConfig& scope = config_.scope;
    if (overrides_.max_pages > 0) scope.max_pages = overrides_.max_pages;
    if (overrides_.max_depth >= 0) scope.max_depth = overrides_.max_depth;
    std::vector<ScopeRule> rules;
    const bool by_seeds = scope.hosts.empty();
    for (const std::string& option : overrides_.scope) VELLUM_CHECK(apply_scope_option(option, scope, rules));
    // A host that is added to "the seeds' hosts" does not take their place.
    if (by_seeds && !scope.hosts.empty()) {
      for (std::string& host : seed_hosts(config_.beginnings())) scope.hosts.push_back(std::move(host));
    }
    scope.rules.insert(scope.rules.begin(), rules.begin(), rules.end());
    return {};
  }

  ConfigReader in_;
  const CrawlOverrides& overrides_;
  fs::path folder_;
  CrawlConfig config_;
  std::vector<std::string> seeds_, sitemaps_;
  std::string seeds_file_;
  std::unordered_set<std::string> known_;
};

Result<TomlFile> open_file(const fs::path& file) {
  if (file.empty()) return TomlFile::parse("", "");
  auto toml = TomlFile::load(file.string());
  if (toml) return toml;
  return fail(ErrorKind::kInvalid, toml.error().message);  // whatever is wrong with it: it was named wrongly or is bad
}

}  // namespace

Result<CrawlConfig> load_config(const fs::path& file, const CrawlOverrides& overrides) {
  VELLUM_TRY(const TomlFile toml, open_file(file));
  return Loader(toml, overrides).load();
}

Result<CrawlConfig> parse_config(std::string_view text, const std::string& name) {
  VELLUM_TRY(const TomlFile toml, TomlFile::parse(text, name));
  const CrawlOverrides none;
  return Loader(toml, none).load();
}

fs::path find_config(const fs::path& given, const fs::path& archive) {
  if (!given.empty()) return given;
  const fs::path own = archive / kConfigName;
  std::error_code ignored;  // a folder that cannot be read has no configuration; opening the archive will say so
  return fs::exists(own, ignored) ? own : fs::path();
}

}  // namespace vellum::policy
