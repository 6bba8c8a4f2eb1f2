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
  bool traps = true;  // whether traps.h is asked about what no rule includes
};

// Which DOIs that an article cites are followed through the resolver to where they lead, out of scope or not.
struct FollowConfig {
  bool dois = false;
  std::vector<std::string> places = {"reference"};  // of kLinkPlaces
  std::string resolver = "https://doi.org/";        // the DOI is appended
  std::uint64_t max_followed = 1'000;               // in a run; 0: no limit
  std::uint64_t max_per_article = 200;
};

// Which of the files that an article names are fetched along with it.
struct FilesConfig {
  std::vector<std::string> kinds;    // of kFileKinds; empty: none
  std::uint64_t max_files = 10'000;  // in a run; 0: no limit
  std::uint64_t max_per_article = 50;
  std::uint64_t max_file_size = 64u << 20;  // bytes of one
};
inline constexpr std::string_view kFileKinds[] = {"pdf", "figure", "supplement", "dataset"};

// What a run, and one host in it, may take at most beside scope.max_pages; 0 is no limit. Times count anew with each
// invocation: a run of many nights has its hours each night.
struct HostBudget {
  std::uint64_t pages = 0, bytes = 0;
  Duration time{};
};
struct BudgetConfig {
  std::uint64_t bytes = 0;  // of payloads
  Duration time{};
  HostBudget per_host;
};

// What becomes of an answer that asks not to be archived (noarchive in X-Robots-Tag or meta robots).
enum class Noarchive : std::uint8_t {
  kRestrict = 1,  // kept; replayed on this machine alone, left out of exports unless asked
  kOpen,          // kept like any other, for the recorded reason
  kDrop,          // not kept: the task ends as skipped
};

// What is different for some hosts or URLs: one [[site]] table. For what belongs to a host (group, cookies, arguments)
// the first whose hosts match decides; what a URL can differ in is looked up key by key: in the longest prefix that
// sets it, then in the first table whose hosts match, then in the crawl's own tables.
struct SiteRule {
  std::vector<std::string> hosts;  // globs; either these or
  std::string prefix;              // normal: "https://host/path/"
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
  std::optional<bool> in_scope, traps, requisites, follow_dois;
  std::optional<std::vector<std::string>> file_kinds;
  std::optional<std::uint64_t> host_pages, host_bytes;
  std::optional<Duration> host_time;
  std::optional<Noarchive> noarchive;
  std::string noarchive_reason;
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
  FollowConfig follow;
  FilesConfig files;
  BudgetConfig budget;
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
