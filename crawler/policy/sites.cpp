#include "crawler/policy/sites.h"

#include <algorithm>

#include "base/text.h"
#include "base/url_key.h"
#include "crawler/policy/politeness.h"

namespace vellum::policy {

struct Sites::Rules {
  std::vector<SiteRule> sites;
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

Sites::Sites() : Sites(CrawlConfig{}) {}

Sites::Sites(const CrawlConfig& config) {
  auto rules = std::make_shared<Rules>();
  rules->sites = config.sites;
  for (const SiteRule& site : config.sites) rules->manners.push_back(manners_of(site, config.politeness));
  rules->others.delay = config.politeness.delay;
  rules->others.concurrency = config.politeness.concurrency;
  rules->others.rule = "politeness";
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
