#include "crawler/policy/scope.h"

#include <algorithm>

#include "base/pattern.h"
#include "base/url_key.h"
#include "crawler/policy/traps.h"

namespace vellum::policy {
namespace {

struct CompiledRule {
  Pattern pattern;
  bool include = true;
  std::string name;  // as recorded: "exclude line 12: /login"
};

std::string name_of_rule(const ScopeRule& rule) {
  const std::string kind = rule.include ? "include" : "exclude";
  // The rule that load_config puts behind a list of includes matches everything: no include did.
  if (rule.pattern.empty() && !rule.include) return "include: none matches";
  if (rule.line == 0) return kind + " (--scope): " + rule.pattern;
  return kind + " line " + std::to_string(rule.line) + ": " + rule.pattern;
}

Result<CompiledRule> compile(const ScopeRule& rule) {
  auto pattern = Pattern::compile(rule.pattern);
  if (pattern) return CompiledRule{*std::move(pattern), rule.include, name_of_rule(rule)};
  const std::string place = rule.line == 0 ? "--scope" : "line " + std::to_string(rule.line);
  return fail(wrap(pattern.error(), place));
}

}  // namespace

struct Scope::Rules {
  std::vector<std::string> hosts;
  std::vector<CompiledRule> rules;
  int max_depth = 0;
  int year = 0;
  bool traps = true;
  std::optional<Sites> sites;

  std::optional<std::string> host_rule(const Url& url) const {
    const std::string hostname = url.hostname();
    for (const std::string& glob : hosts) {
      if (host_glob_matches(glob, hostname)) return "hosts: " + glob;
    }
    return std::nullopt;
  }

  ScopeDecision page(const Url& url, int depth) const {
    if (depth > max_depth) return {false, "max_depth " + std::to_string(max_depth)};
    const SiteRule* site = sites ? sites->scope_rule(url) : nullptr;
    if (site != nullptr) return {*site->in_scope, name_of_site(*site)};
    const auto host = host_rule(url);
    if (!host) return {false, "hosts: none matches"};
    for (const CompiledRule& rule : rules) {
      if (rule.pattern.matches(url.href())) return {rule.include, rule.name};
    }
    if (!minds_traps(url)) return {true, *host};
    if (auto trap = trap_in(url, year)) return {false, *std::move(trap)};
    return {true, *host};
  }

  bool minds_traps(const Url& url) const { return sites ? sites->minds_traps(url) : traps; }
};

Result<Scope> Scope::make(const ScopeConfig& config, const std::vector<std::string>& seeds,
                          std::optional<Timestamp> now, std::optional<Sites> sites) {
  auto rules = std::make_shared<Rules>();
  rules->hosts = config.hosts;
  rules->max_depth = config.max_depth;
  rules->year = 9999;
  rules->traps = config.traps;
  rules->sites = std::move(sites);
  if (now) {
    const std::chrono::year_month_day today(std::chrono::floor<std::chrono::days>(*now));
    rules->year = static_cast<int>(today.year());
  }
  if (config.hosts.empty()) rules->hosts = seed_hosts(seeds);
  for (const ScopeRule& rule : config.rules) {
    VELLUM_TRY(CompiledRule compiled, compile(rule));
    rules->rules.push_back(std::move(compiled));
  }
  Scope scope;
  scope.rules_ = std::move(rules);
  return scope;
}

ScopeDecision Scope::decide(const Url& url, storage::Role role, int depth) const {
  if (!url.is_http()) return {false, "scheme " + url.scheme()};
  if (role == storage::Role::kRequisite) return {true, "requisite of a page"};
  if (role == storage::Role::kRobots) return {true, "robots"};
  return rules_->page(url, depth);
}

std::vector<std::string> seed_hosts(const std::vector<std::string>& seeds) {
  std::vector<std::string> hosts;
  for (const std::string& seed : seeds) {
    const auto url = Url::parse(seed);
    if (url && std::find(hosts.begin(), hosts.end(), url->hostname()) == hosts.end()) hosts.push_back(url->hostname());
  }
  return hosts;
}

}  // namespace vellum::policy
