// A configuration written back: what is kept with a run, and what makes two runs runs of one crawl.

#include <fmt/format.h>

#include <algorithm>

#include "base/digest.h"
#include "base/json.h"
#include "crawler/policy/config_load.h"

namespace vellum::policy {
namespace {

constexpr std::size_t kMaxSeedsWritten = 1000;

// JSON's escapes are among those of TOML's basic strings.
std::string quoted(const std::string& text) {
  return to_line(Json(text));
}

std::string quoted(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) list += (list.size() > 1 ? ", " : "") + quoted(text);
  return list + "]";
}

std::string quoted(Duration duration) {
  return quoted(to_text(duration));
}

std::string rules_of(const ScopeConfig& scope) {
  std::vector<std::string> rules;
  for (const ScopeRule& rule : scope.rules) rules.push_back((rule.include ? "+ " : "- ") + rule.pattern);
  return quoted(rules);
}

// "http://user:secret@proxy:3128" without its user and secret.
std::string without_secret(const std::string& proxy) {
  const std::size_t host = proxy.find("://"), at = proxy.rfind('@');
  if (host == std::string::npos || at == std::string::npos) return proxy;
  return proxy.substr(0, host + 3) + proxy.substr(at + 1);
}

std::string seeds_of(const std::vector<std::string>& seeds) {
  if (seeds.size() <= kMaxSeedsWritten) return "seeds = " + quoted(seeds) + "\n";
  std::string all;
  for (const std::string& seed : seeds) all += seed + "\n";
  const std::vector<std::string> first(seeds.begin(), seeds.begin() + kMaxSeedsWritten);
  return fmt::format("seeds = {}\n# the first {} of {} seeds; all of them, one a line: {}\n", quoted(first),
                     kMaxSeedsWritten, seeds.size(), sha256(all).to_text());
}

std::string network_of(const NetworkConfig& network) {
  std::string text = "[network]\n";
  if (!network.proxy.empty()) text += fmt::format("proxy = {}\n", quoted(without_secret(network.proxy)));
  if (!network.ca_file.empty()) text += fmt::format("ca_file = {}\n", quoted(network.ca_file));
  return text + fmt::format(
                    "connect_to = {}\nallow = {}\ntimeout = {}\nconnect_timeout = {}\nmax_body = {}\n"
                    "coding = {}\nmax_visits = {}\nconditional = {}\n",
                    quoted(network.connect_to), quoted(network.allow), quoted(Duration(network.timeout)),
                    quoted(Duration(network.connect_timeout)), network.max_body, quoted(network.coding),
                    network.max_visits, network.conditional);
}

std::string schedule_of(const CrawlConfig& config) {
  std::string text;
  if (!config.schedule_every.empty()) text += "every = " + quoted(config.schedule_every) + "\n";
  if (!config.schedule_cron.empty()) text += "cron = " + quoted(config.schedule_cron) + "\n";
  if (config.adaptive) {
    text += fmt::format("adaptive = true\nmin_interval = {}\nmax_interval = {}\n", quoted(config.revisit.min),
                        quoted(config.revisit.max));
  }
  return text.empty() ? text : "[schedule]\n" + text;
}

std::string_view name_of(Noarchive policy) {
  return policy == Noarchive::kOpen ? "open" : policy == Noarchive::kDrop ? "drop" : "restrict";
}

std::string overlay_of(const SiteRule& site) {
  std::string text;
  if (site.in_scope) text += fmt::format("scope = {}\n", quoted(std::string(*site.in_scope ? "in" : "out")));
  if (site.traps) text += fmt::format("traps = {}\n", *site.traps);
  if (site.requisites) text += fmt::format("requisites = {}\n", *site.requisites);
  if (site.follow_dois) text += fmt::format("follow_dois = {}\n", *site.follow_dois);
  if (site.file_kinds) text += "files = " + quoted(*site.file_kinds) + "\n";
  if (site.host_pages) text += fmt::format("per_host_pages = {}\n", *site.host_pages);
  if (site.host_bytes) text += fmt::format("per_host_bytes = {}\n", *site.host_bytes);
  if (site.host_time) text += "per_host_time = " + quoted(*site.host_time) + "\n";
  if (site.noarchive) text += fmt::format("noarchive = \"{}\"\n", name_of(*site.noarchive));
  if (!site.noarchive_reason.empty()) text += "noarchive_reason = " + quoted(site.noarchive_reason) + "\n";
  return text;
}

std::string sites_of(const std::vector<SiteRule>& sites) {
  std::string text;
  for (const SiteRule& site : sites) {
    text += "[[site]]\n";
    text += site.prefix.empty() ? "hosts = " + quoted(site.hosts) + "\n" : "prefix = " + quoted(site.prefix) + "\n";
    if (!site.group.empty()) text += "group = " + quoted(site.group) + "\n";
    if (site.delay) text += "delay = " + quoted(*site.delay) + "\n";
    if (site.concurrency) text += fmt::format("concurrency = {}\n", *site.concurrency);
    if (!site.hours.empty())
      text += fmt::format("hours = {}\ntimezone = {}\n", quoted(site.hours), quoted(site.timezone));
    if (site.cookies) text += "cookies = true\n";
    const Credentials& who = site.credentials;  // where the secrets lie, never the secrets
    if (!who.user.empty()) text += "user = " + quoted(who.user) + "\n";
    if (!who.password_file.empty()) text += "password_file = " + quoted(who.password_file.string()) + "\n";
    if (!who.token_file.empty()) text += "token_file = " + quoted(who.token_file.string()) + "\n";
    if (!site.drop_parameters.empty()) text += "drop_parameters = " + quoted(site.drop_parameters) + "\n";
    text += overlay_of(site);
  }
  return text;
}

std::string extent_of(const CrawlConfig& config) {
  const FollowConfig& follow = config.follow;
  const FilesConfig& files = config.files;
  const BudgetConfig& budget = config.budget;
  return fmt::format(
      "[follow]\ndois = {}\nplaces = {}\nresolver = {}\nmax_followed = {}\nmax_per_article = {}\n"
      "[files]\nkinds = {}\nmax_files = {}\nmax_per_article = {}\nmax_file_size = {}\n"
      "[budget]\nbytes = {}\ntime = {}\nper_host_pages = {}\nper_host_bytes = {}\nper_host_time = {}\n",
      follow.dois, quoted(follow.places), quoted(follow.resolver), follow.max_followed, follow.max_per_article,
      quoted(files.kinds), files.max_files, files.max_per_article, files.max_file_size, budget.bytes,
      quoted(budget.time), budget.per_host.pages, budget.per_host.bytes, quoted(budget.per_host.time));
}

}  // namespace

std::string to_toml(const CrawlConfig& config) {
  const ScopeConfig& scope = config.scope;
  const PolitenessConfig& polite = config.politeness;
  std::string text = seeds_of(config.seeds);
  if (!config.sitemaps.empty()) text += fmt::format("sitemaps = {}\n", quoted(config.sitemaps));
  text += fmt::format("user_agent = {}\nrequisites = {}\n", quoted(config.user_agent), config.requisites);
  text += fmt::format(
      "[scope]\nhosts = {}\nrules = {}\nmax_depth = {}\nmax_pages = {}\nmax_requisites = {}\n"
      "traps = {}\n",
      quoted(scope.hosts), rules_of(scope), scope.max_depth, scope.max_pages, scope.max_requisites, scope.traps);
  text += fmt::format(
      "[politeness]\ndelay = {}\nconcurrency = {}\nafter_crash = {}\nretries = {}\nretry_delay = {}\n"
      "max_back_off = {}\nmax_retry_after = {}\nforgive_after = {}\nrobots = {}\n",
      quoted(polite.delay), polite.concurrency, quoted(polite.after_crash), polite.retries, quoted(polite.retry_delay),
      quoted(polite.max_back_off), quoted(polite.max_retry_after), quoted(polite.forgive_after), polite.robots);
  if (!polite.robots_reason.empty()) text += fmt::format("robots_reason = {}\n", quoted(polite.robots_reason));
  return text + extent_of(config) + network_of(config.network) + schedule_of(config) + sites_of(config.sites);
}

std::vector<std::string> CrawlConfig::beginnings() const {
  std::vector<std::string> all = seeds;
  all.insert(all.end(), sitemaps.begin(), sitemaps.end());
  return all;
}

std::string CrawlConfig::identity() const {
  // The order of seeds and hosts means nothing, that of the rules decides; their lines do not matter.
  auto sorted = [](std::vector<std::string> texts) {
    std::sort(texts.begin(), texts.end());
    return texts;
  };
  Json parts = Json::object();
  parts["seeds"] = sorted(seeds);
  parts["hosts"] = sorted(scope.hosts);
  parts["rules"] = Json::array();
  for (const ScopeRule& rule : scope.rules) parts["rules"].push_back((rule.include ? "+" : "-") + rule.pattern);
  parts["max_depth"] = scope.max_depth;
  parts["requisites"] = requisites;
  // What was queued under one grouping cannot go on under another. Absent where it is as it always was.
  if (!sitemaps.empty()) parts["sitemaps"] = sorted(sitemaps);
  for (const SiteRule& site : sites) {
    if (site.group.empty() && site.drop_parameters.empty() && !site.in_scope) continue;
    Json part = {{"hosts", site.hosts}, {"group", site.group}, {"drop", site.drop_parameters}};
    if (!site.prefix.empty()) part["prefix"] = site.prefix;
    if (site.in_scope) part["scope"] = *site.in_scope;
    parts["sites"].push_back(std::move(part));
  }
  return sha256(to_line(parts)).to_text();
}

}  // namespace vellum::policy
