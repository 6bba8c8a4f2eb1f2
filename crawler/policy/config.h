// One crawl, as its TOML file says. Every key is documented in configs/default.toml; unknown keys are refused with
// file:line and the nearest known key.
//
// Threads: plain values.

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/url.h"
#include "crawler/policy/credentials.h"

namespace vellum::policy {

struct ScopeRule {
  bool include = true;
  std::string pattern;  // RE2, searched in the exact URL; "" matches all
  int line = 0;         // in the config file, for the recorded rule
};

struct ScopeConfig {
  std::vector<std::string> hosts;  // globs; empty: the seeds' hosts
  std::vector<ScopeRule> rules;    // in file order; the first that matches decides; none: included
  int max_depth = 3;
  std::uint64_t max_pages = 10'000;  // 0: no limit
  std::uint64_t max_requisites = 20'000;
};

// What is different for some hosts: one [[site]] table. The first whose hosts match decides.
struct SiteRule {
  std::vector<std::string> hosts;  // globs
  // The politeness group that its hosts share: a name of the file's choice, kEachHost for a group a host, or "" for the
  // registrable domain. The next three need one of the first two.
  std::string group;
  std::optional<Duration> delay;
  std::optional<int> concurrency;
  std::vector<std::string> hours;  // when it may be asked: calendar.h
  std::string timezone = "UTC";    // of `hours`
  bool cookies = false;
  Credentials credentials;
  std::string authorization;                 // what they come to; kept out of everything that is recorded
  std::vector<std::string> drop_parameters;  // globs of query arguments that do not tell pages apart
  int line = 0;
};
inline constexpr const char* kEachHost = "each host";

struct PolitenessConfig {
  Duration delay = std::chrono::seconds(1);
  int concurrency = 1;
  Duration after_crash = std::chrono::seconds(5);
  int retries = 2;                                  // further tries after a network failure or 5xx
  Duration retry_delay = std::chrono::seconds(30);  // doubles with each try
  Duration max_back_off = std::chrono::hours(1);    // where the doubling ends
  Duration max_retry_after = std::chrono::hours(24);
  Duration forgive_after = std::chrono::minutes(30);  // without being told to slow down: back-off begins anew
  bool robots = true;                                 // false only with a reason:
  std::string robots_reason;                          // why robots.txt is not asked, recorded with the run
};

struct NetworkConfig {
  std::string proxy;
  std::vector<std::string> connect_to;
  std::string ca_file;
  std::vector<std::string> allow;
  std::chrono::milliseconds timeout{60'000};
  std::chrono::milliseconds connect_timeout{15'000};
  std::uint64_t max_body = 64u << 20;
  std::string coding = "any";  // any | identity
  int max_visits = 64;         // exchanges in flight in all
  bool conditional = true;     // ask for what is there only if it has changed: conditional.h
};

// How long a work waits between two visits: revisit.h.
struct RevisitRules {
  Duration min = std::chrono::hours(24);
  Duration max = std::chrono::hours(24 * 90);
};

struct CrawlConfig {
  std::vector<std::string> seeds;     // valid, absolute, http(s)
  std::vector<std::string> sitemaps;  // likewise; their pages are seeds if they are in scope
  std::vector<SiteRule> sites;
  std::string user_agent;  // load_config: "Vellum/<version>" where the file names none
  bool requisites = true;  // style sheets, images, fonts
  ScopeConfig scope;
  PolitenessConfig politeness;
  NetworkConfig network;
  std::string schedule_every, schedule_cron;  // checked, used by `vellum serve`
  bool adaptive = false;                      // leave out pages that are not due: revisit.h
  RevisitRules revisit;
  std::string text;                   // effective configuration as TOML, secrets left out: kept with the run
  std::vector<std::string> warnings;  // for people, such as a user agent without a contact

  // Seeds and sitemaps: what the crawl begins with, and whose hosts an empty list of hosts stands for.
  std::vector<std::string> beginnings() const;
  // Two runs with the same identity are runs of one crawl: seeds, hosts, rules, depth and groups; not limits or
  // manners.
  std::string identity() const;
};

// The file that an archive's crawls are configured by, written by `vellum init`.
inline constexpr const char* kConfigName = "vellum.toml";
// `given` (--config) if there is one, else <archive>/vellum.toml if that exists, else "" for defaults only.
std::filesystem::path find_config(const std::filesystem::path& given, const std::filesystem::path& archive);
// configs/default.toml as it was when the program was built: every key, commented out, with its default.
std::string_view default_config();

// What the command line adds or overrides.
struct CrawlOverrides {
  std::vector<std::string> urls;  // seeds instead of the file's
  std::uint64_t max_pages = 0;    // 0: as in the file
  int max_depth = -1;             // -1: as in the file
  // "--scope RULE": "+pattern" or "-pattern", before the file's rules; or a host glob, added to the file's or the
  // seeds' hosts.
  std::vector<std::string> scope;
};

// Reads `file` (empty path: defaults only), applies the overrides, reads seeds_file, checks everything. kInvalid names
// the first fault as "file:line: what is wrong, what would be right". seeds_file and ca_file are relative to the file's
// folder.
Result<CrawlConfig> load_config(const std::filesystem::path& file, const CrawlOverrides& overrides);

// A configuration kept with a run (CrawlConfig::text), read back; `name` stands for the file in messages.
Result<CrawlConfig> parse_config(std::string_view text, const std::string& name);

}  // namespace vellum::policy
