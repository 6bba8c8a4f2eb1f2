// vellum ledger: every request that crawls made of a host, the rules that allowed it and the wait served before it.
//
// A view of what the archive holds: captures are the requests that were answered well, events "retried" and "failed"
// the others. Nothing is written for it, so it covers crawls of the past. Memory does not grow with their number.

#include <algorithm>
#include <iostream>
#include <map>
#include <utility>

#include "base/url_key.h"
#include "crawler/policy/robots.h"
#include "crawler/policy/sites.h"
#include "tools/vellum/exchange/spill_sort.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string host;
  storage::RunId run = 0;
};

struct Entry {
  Timestamp at{};
  std::string url, outcome, rule, via;
  storage::RunId run = 0;
  int status = 0;
  std::string role;
  bool is_robots = false;
};

// The configurations of the runs, and the robots files that were captured, as the requests found them.
class Rulebook {
 public:
  explicit Rulebook(const storage::Archive& archive) : archive_(archive) {}

  Result<void> load() {
    VELLUM_TRY(const std::vector<storage::Run> runs, archive_.runs());
    for (const storage::Run& run : runs) {
      VELLUM_TRY(policy::CrawlConfig config, policy::parse_config(run.config, "run " + std::to_string(run.id)));
      policy::Sites sites(config);
      runs_.try_emplace(run.id, Terms{std::move(config), std::move(sites)});
    }
    return {};
  }

  std::string group_of(const Entry& entry, const Url& url) const {
    const auto terms = runs_.find(entry.run);
    return terms == runs_.end() ? registrable_domain(url.hostname()) : terms->second.sites.group_of(url);
  }
  const policy::GroupManners* manners(const Entry& entry, const std::string& group) const {
    const auto terms = runs_.find(entry.run);
    return terms == runs_.end() ? nullptr : &terms->second.sites.manners(group);
  }

  // "line 3: Allow: /x", "no rule", "robots.txt: status 404", "not asked: <reason>".
  std::string robots(const Entry& entry, const Url& url) {
    const auto terms = runs_.find(entry.run);
    if (terms == runs_.end()) return "unknown";
    const policy::PolitenessConfig& politeness = terms->second.config.politeness;
    if (!politeness.robots) return "not asked: " + politeness.robots_reason;
    if (entry.is_robots) return "robots.txt itself";
    for (const auto& [at, robots] : files_of(url, terms->second.config.user_agent)) {
      if (at > entry.at) continue;
      if (!robots.rules) return robots.word;
      const auto decision = robots.rules->decide(url.path_and_query());
      return decision.line == 0 ? "no rule" : "line " + std::to_string(decision.line) + ": " + decision.rule;
    }
    return "no robots.txt captured";
  }

 private:
  struct Terms {
    policy::CrawlConfig config;
    policy::Sites sites;
  };
  struct File {
    std::optional<policy::Robots> rules;
    std::string word;
  };
  using Files = std::vector<std::pair<Timestamp, File>>;  // newest first

  const Files& files_of(const Url& url, const std::string& agent) {
    constexpr std::size_t kMostOrigins = 500;  // a crawl of many hosts comes back to each of them now and then
    if (files_.size() >= kMostOrigins) files_.clear();
    const auto [found, fresh] = files_.try_emplace(url.origin() + " " + agent);
    if (fresh) found->second = read_files(url, agent);
    return found->second;
  }

  Files read_files(const Url& url, const std::string& agent) const {
    Files files;
    const auto captures = archive_.captures(*Url::parse("/robots.txt", &url));
    if (!captures) return files;
    for (auto it = captures->rbegin(); it != captures->rend(); ++it) {
      if (it->role != storage::Role::kRobots || it->status / 100 == 3) continue;
      File file;
      file.word = "robots.txt: status " + std::to_string(it->status);
      const auto body = it->status / 100 == 2 ? archive_.payload(it->digest) : fail(ErrorKind::kNotFound, "");
      if (body) file.rules = policy::Robots::parse(*body, agent);
      files.emplace_back(it->captured, std::move(file));
    }
    return files;
  }

  const storage::Archive& archive_;
  std::map<storage::RunId, Terms> runs_;
  std::map<std::string, Files> files_;
};

std::string packed(const Entry& entry) {
  return to_cbor(Json::array({entry.at.time_since_epoch().count(), entry.url, entry.outcome, entry.rule, entry.via,
                              entry.run, entry.status, entry.role, entry.is_robots}));
}

Result<Entry> unpacked(std::string_view bytes) {
  VELLUM_TRY(const Json row, parse_cbor(bytes));
  if (!row.is_array() || row.size() != 9)
    return fail(ErrorKind::kStorage, "a temporary file changed while it was read");
  Entry entry;
  entry.at = Timestamp(Duration(row[0].get<std::int64_t>()));
  entry.url = row[1].get<std::string>();
  entry.outcome = row[2].get<std::string>();
  entry.rule = row[3].get<std::string>();
  entry.via = row[4].get<std::string>();
  entry.run = row[5].get<storage::RunId>();
  entry.status = row[6].get<int>();
  entry.role = row[7].get<std::string>();
  entry.is_robots = row[8].get<bool>();
  return entry;
}

// In the order of their times, however many there are: captures lie in the order of their commits, events beside them.
Result<void> gather(const storage::Archive& archive, storage::RunId run, SpillSort& sorted) {
  Result<void> added;
  const auto wanted = [&](storage::RunId of) { return of != 0 && (run == 0 || of == run); };
  const auto add = [&](const Entry& entry) {
    added = sorted.add(entry.at.time_since_epoch().count(), packed(entry));
    return added.has_value();
  };
  VELLUM_CHECK(archive.scan_feed(0, [&](const storage::Capture& capture) {
    return !wanted(capture.run) ||
           add({capture.captured, capture.url, "captured", capture.rule, capture.via, capture.run, capture.status,
                std::string(name_of(capture.role)), capture.role == storage::Role::kRobots});
  }));
  VELLUM_CHECK(std::move(added));
  added = {};
  VELLUM_CHECK(archive.scan_events([&](const storage::Event& event) {
    const bool is_request = event.kind == "failed" || event.kind == "retried" || event.kind == "refused";
    return !is_request || !wanted(event.run) ||
           add({event.at, event.url, event.kind + ": " + event.reason, "", event.via, event.run, 0, "", false});
  }));
  return added;
}

Json row_of(const Entry& entry, const Url& url, const std::string& group, std::optional<Duration> waited,
            Rulebook& rules) {
  const auto seconds = [](Duration duration) { return static_cast<double>(duration.count()) / 1e6; };
  const policy::GroupManners* manners = rules.manners(entry, group);
  Json row;
  row["at"] = to_rfc3339(entry.at);
  row["host"] = url.hostname();
  row["group"] = group;
  row["url"] = entry.url;
  row["outcome"] = entry.outcome;
  row["status"] = entry.status == 0 ? Json() : Json(entry.status);
  row["role"] = entry.role.empty() ? Json() : Json(entry.role);
  row["scope_rule"] = entry.rule.empty() ? Json() : Json(entry.rule);
  row["robots_rule"] = rules.robots(entry, url);
  row["manners"] = manners == nullptr ? Json() : Json(manners->rule);
  row["delay"] = manners == nullptr ? Json() : Json(seconds(manners->delay));
  row["waited"] = waited ? Json(seconds(*waited)) : Json();
  row["run"] = entry.run;
  return row;
}

class Printer {
 public:
  Printer(const Options& options, bool json, Rulebook& rules) : options_(options), json_(json), rules_(rules) {}

  // Entries in the order of their times.
  void print(const Entry& entry) {
    const auto url = Url::parse(entry.url);
    if (!url) return;
    const std::string group = rules_.group_of(entry, *url);
    const auto [before, is_first] = last_.try_emplace(group, entry.at);
    std::optional<Duration> waited;
    if (!is_first) waited.emplace(entry.at - std::exchange(before->second, entry.at));
    if (!options_.host.empty() && !host_glob_matches(options_.host, url->hostname())) return;
    const Json row = row_of(entry, *url, group, waited, rules_);
    if (json_) {
      std::cout << to_line(row) << '\n';
      return;
    }
    table_.add({text_of(row, "at"), waited ? to_text(*waited) : "-", group,
                printable(entry.status == 0 ? entry.outcome : std::to_string(entry.status)),
                printable(text_of(row, "robots_rule")), text_of(row, "manners"), printable(entry.url)});
  }

 private:
  const Options& options_;
  bool json_;
  Rulebook& rules_;
  std::map<std::string, Timestamp> last_;  // request of each group
  Table table_{{"AT", ">WAITED", "GROUP", "OUTCOME", "ROBOTS", "MANNERS", "URL"}};
};

Result<int> run(const Options& options, const Context& context) {
  constexpr std::size_t kSortBytes = std::size_t{64} << 20;
  VELLUM_TRY(const auto archive, open_archive(context));
  SpillSort sorted(kSortBytes);
  VELLUM_CHECK(gather(*archive, options.run, sorted));
  Rulebook rules(*archive);
  VELLUM_CHECK(rules.load());
  Printer printer(options, context.json, rules);
  Result<void> read;
  VELLUM_CHECK(sorted.finish([&](std::string_view bytes) {
    const auto entry = unpacked(bytes);
    if (!entry) read = fail(entry.error());
    if (entry) printer.print(*entry);
    return entry.has_value();
  }));
  VELLUM_CHECK(std::move(read));
  return kDone;
}

}  // namespace

void add_ledger(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "ledger",
                            "Every request that crawls made: what allowed it, the wait before it", [options, &context] {
                              const auto code = run(*options, context);
                              return code ? *code : report(code.error());
                            });
  verb->add_option("HOST", options->host, "Only of these hosts: a name or a glob such as `*.nih.gov`; default: all");
  verb->add_option("--run", options->run, "Only of this run");
  verb->footer(
      "\nOldest first. WAITED is the time since the request before it in its politeness group, start to start; "
      "MANNERS\n"
      "names what decides it, ROBOTS the line of robots.txt that allowed it. A request that was put off (429, 503) or\n"
      "failed is listed with its reason.\n"
      "With --json: at, host, group, url, outcome, status, role, scope_rule, robots_rule, manners, delay and waited "
      "in\n"
      "seconds, run.\n"
      "Example: vellum -C archive ledger '*.ncbi.nlm.nih.gov' --json > ledger.ndjson");
}

}  // namespace vellum::cli
