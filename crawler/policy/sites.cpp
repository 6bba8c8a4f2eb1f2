#include "crawler/policy/sites.h"

#include <algorithm>

#include "base/text.h"
#include "base/url_key.h"
#include "crawler/policy/politeness.h"

namespace vellum::policy {

struct Sites::Rules {
  std::vector<SiteRule> sites;
  std::vector<std::size_t> by_prefix;  // those with a prefix, the longest first
  bool traps = true, requisites = true, follow_dois = false;
  std::vector<std::string> file_kinds;
  HostBudget budget;
  std::vector<GroupManners> manners;  // of each
  GroupManners others;
};

namespace {

GroupManners manners_of(const SiteRule& site, const PolitenessConfig& politeness) {
  GroupManners manners;
  manners.delay = site.delay.value_or(politeness.delay);
  manners.concurrency = site.concurrency.value_or(politeness.concurrency);
  auto hours = Calendar::parse(site.hours, site.timezone);
  if (hours) manners.hours = *std::move(hours);
  manners.rule = "site line " + std::to_string(site.line) + ": " + site.group;
  return manners;
}

bool matches(const SiteRule& site, std::string_view hostname) {
  return std::any_of(site.hosts.begin(), site.hosts.end(),
                     [&](const std::string& glob) { return host_glob_matches(glob, hostname); });
}

std::string query_without(std::string_view query, const std::vector<std::string>& globs) {
  std::string kept;
  for (std::string_view argument : split(query, '&')) {
    const std::string_view name = argument.substr(0, argument.find('='));
    const bool dropped =
        std::any_of(globs.begin(), globs.end(), [&](const std::string& glob) { return host_glob_matches(glob, name); });
    if (!dropped) kept += (kept.empty() ? "" : "&") + std::string(argument);
  }
  return kept;
}

}  // namespace

std::string name_of_site(const SiteRule& site) {
  const std::string whom = !site.prefix.empty() ? site.prefix : site.hosts.empty() ? "" : site.hosts.front();
  return "site line " + std::to_string(site.line) + ": " + whom;
}

Sites::Sites() : Sites(CrawlConfig{}) {}

Sites::Sites(const CrawlConfig& config) {
  auto rules = std::make_shared<Rules>();
  rules->sites = config.sites;
  for (const SiteRule& site : config.sites) rules->manners.push_back(manners_of(site, config.politeness));
  rules->others.delay = config.politeness.delay;
  rules->others.concurrency = config.politeness.concurrency;
  rules->others.rule = "politeness";
  for (std::size_t i = 0; i < config.sites.size(); ++i) {
    if (!config.sites[i].prefix.empty()) rules->by_prefix.push_back(i);
  }
  std::stable_sort(rules->by_prefix.begin(), rules->by_prefix.end(), [&](std::size_t left, std::size_t right) {
    return config.sites[left].prefix.size() > config.sites[right].prefix.size();
  });
  rules->traps = config.scope.traps;
  rules->requisites = config.requisites;
  rules->follow_dois = config.follow.dois;
  rules->file_kinds = config.files.kinds;
  rules->budget = config.budget.per_host;
  rules_ = std::move(rules);
}

const SiteRule* Sites::rule_of(std::string_view hostname) const {
  for (const SiteRule& site : rules_->sites) {
    if (matches(site, hostname)) return &site;
  }
  return nullptr;
}

std::string Sites::group_of(const Url& url) const {
  const std::string hostname = url.hostname();
  const SiteRule* site = rule_of(hostname);
  if (site == nullptr || site->group.empty()) return politeness_group(url);
  return site->group == kEachHost ? hostname : site->group;
}

const GroupManners& Sites::manners(const std::string& group) const {
  for (std::size_t i = 0; i < rules_->sites.size(); ++i) {
    const SiteRule& site = rules_->sites[i];
    const bool each = site.group == kEachHost && rule_of(group) == &site;
    if (each || (site.group == group && !group.empty())) return rules_->manners[i];
  }
  return rules_->others;
}

bool Sites::wants_cookies(const Url& url) const {
  const SiteRule* site = rule_of(url.hostname());
  return site != nullptr && site->cookies;
}

std::string Sites::authorization_for(const Url& url) const {
  const SiteRule* site = rule_of(url.hostname());
  return site != nullptr && may_carry_credentials(url) ? site->authorization : std::string();
}

template <class Key>
const SiteRule* Sites::deciding(const Url& url, Key SiteRule::*key) const {
  if (!rules_->by_prefix.empty()) {
    const std::string href = url.href();
    for (const std::size_t i : rules_->by_prefix) {
      const SiteRule& site = rules_->sites[i];
      if (site.*key && href.starts_with(site.prefix)) return &site;
    }
  }
  const SiteRule* site = rules_->sites.empty() ? nullptr : rule_of(url.hostname());
  return site != nullptr && site->*key ? site : nullptr;
}

const SiteRule* Sites::scope_rule(const Url& url) const {
  return deciding(url, &SiteRule::in_scope);
}

bool Sites::minds_traps(const Url& url) const {
  const SiteRule* site = deciding(url, &SiteRule::traps);
  return site != nullptr ? *site->traps : rules_->traps;
}

bool Sites::wants_requisites(const Url& page) const {
  const SiteRule* site = deciding(page, &SiteRule::requisites);
  return site != nullptr ? *site->requisites : rules_->requisites;
}

bool Sites::follows_dois(const Url& page) const {
  const SiteRule* site = deciding(page, &SiteRule::follow_dois);
  return site != nullptr ? *site->follow_dois : rules_->follow_dois;
}

const std::vector<std::string>& Sites::file_kinds(const Url& page) const {
  const SiteRule* site = deciding(page, &SiteRule::file_kinds);
  return site != nullptr ? *site->file_kinds : rules_->file_kinds;
}

HostBudget Sites::budget_of(std::string_view hostname) const {
  HostBudget budget = rules_->budget;
  const SiteRule* site = rule_of(hostname);
  if (site == nullptr) return budget;
  budget.pages = site->host_pages.value_or(budget.pages);
  budget.bytes = site->host_bytes.value_or(budget.bytes);
  budget.time = site->host_time.value_or(budget.time);
  return budget;
}

Sites::Archiving Sites::archiving_of(const Url& url) const {
  const SiteRule* site = deciding(url, &SiteRule::noarchive);
  if (site == nullptr) return {};
  return {*site->noarchive, name_of_site(*site), site->noarchive_reason};
}

Url Sites::canonical(const Url& url) const {
  const SiteRule* site = rule_of(url.hostname());
  const std::string href = url.href();
  const std::size_t query = href.find('?');
  if (site == nullptr || site->drop_parameters.empty() || query == std::string::npos) return url;
  const std::string kept = query_without(url.without_fragment().href().substr(query + 1), site->drop_parameters);
  auto shorter = Url::parse(href.substr(0, query) + (kept.empty() ? "" : "?" + kept));
  return shorter ? *std::move(shorter) : url;
}

}  // namespace vellum::policy
