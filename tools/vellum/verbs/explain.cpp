// vellum explain URL: why it was or was not fetched, and when it comes next. From stored facts alone, no network.

#include <fmt/format.h>

#include <iostream>

#include "base/url_key.h"
#include "crawler/engine/completeness.h"
#include "crawler/policy/config.h"
#include "crawler/policy/politeness.h"
#include "crawler/policy/revisit.h"
#include "crawler/policy/robots.h"
#include "crawler/policy/scope.h"
#include "crawler/policy/sites.h"
#include "storage/frontier/queue_reader.h"
#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string url;
  storage::RunId run = 0;
};

struct Subject {
  Url url;
  const storage::Archive& archive;
  std::optional<storage::Run> run;
  std::optional<policy::CrawlConfig> config;
};

std::optional<storage::Run> pick_run(const std::vector<storage::Run>& runs, storage::RunId wanted) {
  for (auto it = runs.rbegin(); it != runs.rend(); ++it)
    if (wanted == 0 || it->id == wanted) return *it;
  return std::nullopt;
}

// What the scope of that run says today, depth aside: how deep a URL lies is known only once a link to it was followed.
Result<Json> explain_scope(const Subject& subject, int depth) {
  VELLUM_TRY(const policy::Scope scope, policy::Scope::make(subject.config->scope, subject.config->beginnings(),
                                                            subject.run->started, policy::Sites(*subject.config)));
  const policy::ScopeDecision decision = scope.decide(subject.url, storage::Role::kPage, depth);
  Json out;
  out["in"] = decision.in;
  out["rule"] = decision.rule;
  return out;
}

// The stored robots.txt of its origin, newest first.
Result<Json> explain_robots(const Subject& subject) {
  const Url robots_url = *Url::parse("/robots.txt", &subject.url);
  VELLUM_TRY(const std::vector<storage::Capture> captures, subject.archive.captures(robots_url));
  Json out;
  for (auto it = captures.rbegin(); it != captures.rend(); ++it) {
    if (it->role != storage::Role::kRobots || it->url != robots_url.href()) continue;
    VELLUM_TRY(const std::string body, subject.archive.payload(it->digest));
    const policy::Robots robots =
        it->status / 100 == 2 ? policy::Robots::parse(body, subject.config->user_agent) : policy::Robots::allow_all();
    const policy::RobotsDecision decision = robots.decide(subject.url.path_and_query());
    out["captured"] = to_rfc3339(it->captured);
    out["status"] = it->status;
    out["allowed"] = decision.allowed;
    out["rule"] = decision.rule;
    out["line"] = decision.line;
    if (const auto delay = robots.crawl_delay()) out["crawl_delay"] = to_text(*delay);
    return out;
  }
  out["allowed"] = nullptr;
  out["rule"] = "robots.txt of this host was never captured";
  return out;
}

Result<Json> explain_queue(const Subject& subject, const Context& context) {
  VELLUM_TRY(const auto queue, storage::QueueReader::open(context.archive));
  const policy::Sites sites(*subject.config);
  const std::string group = sites.group_of(subject.url);
  const policy::GroupManners& manners = sites.manners(group);
  VELLUM_TRY(const storage::TaskStatus status,
             queue->status(subject.run->id, seen_key(sites.canonical(subject.url)), group));
  Json out;
  out["state"] = status.state;
  if (!status.reason.empty()) out["reason"] = status.reason;
  if (status.state == "queued" && status.not_before > Timestamp{}) out["not_before"] = to_rfc3339(status.not_before);
  out["group"] = group;
  out["delay"] = to_text(manners.delay);
  out["manners"] = manners.rule;
  if (const auto state = queue->group(group)) {
    out["group_next_at"] = to_rfc3339(state->next_at);
    if (state->held_until > Timestamp{}) out["group_held_until"] = to_rfc3339(state->held_until);
    out["group_leased"] = state->leased;
  }
  return out;
}

Result<Json> explain_captures(const Subject& subject) {
  VELLUM_TRY(const std::vector<storage::Capture> captures, subject.archive.captures(subject.url));
  Json out = Json::array();
  for (const storage::Capture& capture : captures) {
    Json row;
    row["url"] = capture.url;
    row["captured"] = to_rfc3339(capture.captured);
    row["status"] = capture.status;
    row["run"] = capture.run;
    row["hop"] = capture.hop;
    row["via"] = capture.via;
    row["rule"] = capture.rule;
    row["verdict"] = capture.verdict;
    row["evidence"] = capture.evidence;
    row["quarantined"] = capture.quarantined;
    out.push_back(std::move(row));
  }
  return out;
}

// What the newest page there declared that belongs to it, and what of it is held.
Result<Json> explain_completeness(const Subject& subject, const Context& context) {
  const auto page = subject.archive.find(subject.url, {std::nullopt, false, true});
  const bool is_page = page && page->role == storage::Role::kPage && page->url == subject.url.href();
  if (!is_page) return Json::object();
  VELLUM_TRY(const plugins::Registry registry, load_plugins(context));
  VELLUM_TRY(const auto queue, storage::QueueReader::open(context.archive));
  const policy::Sites sites(*subject.config);
  const auto status = [&](const Url& url) {
    return queue->status(page->run, seen_key(sites.canonical(url)), sites.group_of(url));
  };
  VELLUM_TRY(const engine::Completeness found,
             engine::completeness(subject.archive, registry, *subject.config, *page, status));
  return found.parts.empty() ? Json(Json::object()) : found.to_json();
}

Result<Json> explain_takedowns(const Subject& subject) {
  VELLUM_TRY(const std::vector<storage::Tombstone> stones, subject.archive.tombstones(subject.url));
  Json out = Json::array();
  for (const storage::Tombstone& stone : stones) {
    Json row;
    row["url"] = stone.url;
    row["captured"] = to_rfc3339(stone.captured);
    row["at"] = to_rfc3339(stone.at);
    row["reason"] = stone.reason;
    out.push_back(std::move(row));
  }
  return out;
}

Result<Json> explain_events(const Subject& subject) {
  Json out = Json::array();
  const std::string key = surt(subject.url);
  VELLUM_CHECK(subject.archive.scan_events([&](const storage::Event& event) {
    const auto url = Url::parse(event.url);
    if (!url || surt(*url) != key) return true;
    Json row;
    row["at"] = to_rfc3339(event.at);
    row["run"] = event.run;
    row["kind"] = event.kind;
    row["reason"] = event.reason;
    out.push_back(std::move(row));
    return true;
  }));
  return out;
}

// The work that the page belongs to, and when it is due by the run's rules.
Result<void> explain_work(const Subject& subject, Json& facts) {
  VELLUM_TRY(const auto work, subject.archive.work_of(subject.url.href()));
  if (!work) return {};
  const policy::CrawlConfig& config = *subject.config;
  const policy::RevisitPlan plan = policy::plan_revisit(*work, subject.url.href(), config.revisit);
  Json out;
  out["ids"] = work->ids;
  out["pages"] = Json::array();
  for (const storage::WorkPage& page : work->pages) out["pages"].push_back(page.url);
  out["visits"] = work->visit_count;
  out["changes"] = work->change_count;
  if (!work->visits.empty()) out["last_visit"] = to_rfc3339(work->visits.back().at);
  if (work->changed) out["last_change"] = to_rfc3339(*work->changed);
  if (!work->last_parts.empty()) out["last_changed_parts"] = work->last_parts;
  out["interval"] = to_text(plan.interval);
  out["due"] = to_rfc3339(plan.due);
  out["why"] = plan.why;
  facts["work"] = std::move(out);
  if (!config.adaptive) return {};
  std::string next = fmt::format("not before {}: {}", to_rfc3339(plan.due), plan.why);
  if (facts.contains("next_visit")) next += "; runs: " + text_of(facts, "next_visit");
  facts["next_visit"] = std::move(next);
  return {};
}

// The sentence that answers the question, from the facts below it.
std::string answer_of(const Json& facts) {
  if (!facts["captures"].empty()) {
    const Json& last = facts["captures"].back();
    return fmt::format("captured {} time{}, last at {} with status {}{}", facts["captures"].size(),
                       facts["captures"].size() == 1 ? "" : "s", text_of(last, "captured"), integer_of(last, "status"),
                       flag_of(last, "quarantined") ? ", quarantined as " + text_of(last, "verdict") : "");
  }
  if (!facts["taken_down"].empty()) {
    const Json& last = facts["taken_down"].back();
    return fmt::format("taken down at {}: {}", text_of(last, "at"), text_of(last, "reason"));
  }
  if (!facts["events"].empty()) {
    const Json& last = facts["events"].back();
    return fmt::format("not captured: {} at {}: {}", text_of(last, "kind"), text_of(last, "at"),
                       text_of(last, "reason"));
  }
  if (!facts.contains("run")) return "never crawled: the archive has no run";
  const std::string state = text_of(facts["queue"], "state");
  if (state == "queued") return "queued, not before " + text_of(facts["queue"], "not_before");
  if (state != "unknown") return "not captured: " + state + ": " + text_of(facts["queue"], "reason");
  if (!flag_of(facts["scope"], "in")) return "not captured: out of scope: " + text_of(facts["scope"], "rule");
  return "not captured: no link to it was found within the depth of the run";
}

Result<Json> explain(const Options& options, const Context& context) {
  VELLUM_TRY(const Url url, parse_url_argument(options.url));
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const std::vector<storage::Run> runs, archive->runs());
  Subject subject{url.without_fragment(), *archive, pick_run(runs, options.run), std::nullopt};
  Json facts;
  facts["url"] = subject.url.href();
  VELLUM_TRY(facts["captures"], explain_captures(subject));
  VELLUM_TRY(facts["taken_down"], explain_takedowns(subject));
  VELLUM_TRY(facts["events"], explain_events(subject));
  if (subject.run) {
    VELLUM_TRY(subject.config, policy::parse_config(subject.run->config, "configuration of run"));
    facts["run"] = subject.run->id;
    facts["run_state"] = subject.run->state;
    VELLUM_TRY(facts["scope"], explain_scope(subject, 0));
    VELLUM_TRY(facts["robots"], explain_robots(subject));
    VELLUM_TRY(facts["queue"], explain_queue(subject, context));
    VELLUM_TRY(Json parts, explain_completeness(subject, context));
    if (!parts.empty()) facts["completeness"] = std::move(parts);
    if (!subject.config->schedule_every.empty()) facts["next_visit"] = "every " + subject.config->schedule_every;
    if (!subject.config->schedule_cron.empty()) facts["next_visit"] = "cron " + subject.config->schedule_cron;
    VELLUM_CHECK(explain_work(subject, facts));
  }
  Json out;
  out["answer"] = answer_of(facts);
  out.update(facts);
  return out;
}

void print_section(const Json& facts, const std::string& name) {
  if (!facts.contains(name) || facts[name].empty()) return;
  std::cout << name << '\n';
  const auto print_fields = [](const Json& object) {
    std::cout << " ";
    for (const auto& [key, value] : object.items()) {
      const std::string text = value.is_string() ? value.get<std::string>() : to_line(value);
      if (!text.empty() && text != "[]") std::cout << ' ' << key << '=' << text;
    }
    std::cout << '\n';
  };
  if (facts[name].is_array()) {
    for (const Json& row : facts[name]) print_fields(row);
  } else {
    print_fields(facts[name]);
  }
}

void print_completeness(const Json& facts) {
  if (!facts.contains("completeness")) return;
  Json all = facts["completeness"];
  std::cout << fmt::format("completeness: {}; {} of {} declared parts held\n",
                           flag_of(all, "complete") ? "nothing that was to be fetched is absent" : "incomplete",
                           integer_of(all, "held"), integer_of(all, "declared"));
  for (const Json& part : all["parts"])
    std::cout << fmt::format("  {:<8} {:<10} {}  {}\n", text_of(part, "state"), text_of(part, "kind"),
                             text_of(part, "url"), text_of(part, "reason"));
}

int run(const Options& options, const Context& context) {
  const auto facts = explain(options, context);
  if (!facts) return report(facts.error());
  if (context.json) {
    std::cout << to_line(*facts) << '\n';
    return kDone;
  }
  std::cout << text_of(*facts, "url") << "\n" << text_of(*facts, "answer") << '\n';
  if (facts->contains("next_visit")) std::cout << "next visit: " << text_of(*facts, "next_visit") << '\n';
  for (const char* section : {"captures", "taken_down", "events", "scope", "robots", "queue", "work"}) {
    print_section(*facts, section);
  }
  print_completeness(*facts);
  return kDone;
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "explain", "Why a URL was or was not fetched, and when it comes next",
                            [options, &context] { return run(*options, context); });
  verb->add_option("URL", options->url, "The URL")->required();
  verb->add_option("--run", options->run, "Number of the run; default: the newest");
  verb->footer(
      "Of a work (pages whose records share an id) it tells how often it was visited and found changed, and when this\n"
      "page is due; runs leave it out until then if the crawl has [schedule] adaptive = true.\n"
      "Scope and robots are judged by that run's own configuration and the stored robots.txt.\n"
      "completeness: fragments, PDFs, figures and supplements that the article's page names, and what of them is "
      "held;\n"
      "each part is held, failed, skipped, queued or missing, with the reason.\n"
      "Example: vellum -C archive explain https://pubmed.ncbi.nlm.nih.gov/30526772/");
}

}  // namespace vellum::cli
