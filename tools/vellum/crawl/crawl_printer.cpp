#include "tools/vellum/crawl/crawl_printer.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {

namespace {

Json captured_event(const storage::Capture& capture) {
  Json event;
  event["event"] = "captured";
  event["url"] = capture.url;
  event["status"] = capture.status;
  event["mime"] = capture.mime;
  event["bytes"] = capture.bytes;
  event["stored_bytes"] = capture.stored_bytes;
  event["digest"] = capture.digest.to_text();
  event["verdict"] = capture.verdict;
  event["run"] = capture.run;
  event["role"] = name_of(capture.role);
  event["captured"] = to_rfc3339(capture.captured);
  if (capture.refers_to) event["refers_to"] = to_rfc3339(capture.refers_to->captured);
  return event;
}

// A crawl of many hosts may have met as many limits; `--json` lists them all.
void print_limits(const std::set<std::string>& limits) {
  constexpr std::size_t kShown = 10;
  std::size_t shown = 0;
  for (const std::string& limit : limits) {
    if (++shown <= kShown) fmt::print("  limit reached: {}\n", limit);
  }
  if (limits.size() > kShown) fmt::print("  and {} limits more\n", limits.size() - kShown);
}

}  // namespace

CrawlPrinter::CrawlPrinter(bool json, const engine::Monitor* monitor)
    : json_(json), monitor_(monitor), block_(isatty(STDERR_FILENO) == 1) {}

void CrawlPrinter::line(const Json& event) {
  const std::string text = to_line(event) + "\n";
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

void CrawlPrinter::note(const std::string& text) {
  block_.clear();
  std::fputs((text + "\n").c_str(), stderr);
}

void CrawlPrinter::captured(const storage::Capture& capture) {
  if (json_) line(captured_event(capture));
  if (!capture.quarantined) return;
  if (!json_) return note("quarantined " + capture.url + " (" + capture.verdict + ")");
  Json event;
  event["event"] = "quarantined";
  event["url"] = capture.url;
  event["verdict"] = capture.verdict;
  event["evidence"] = capture.evidence;
  event["run"] = capture.run;
  line(event);
}

void CrawlPrinter::extracted(const engine::ExtractedNote& note) {
  if (!json_) return;
  Json event;
  event["event"] = "extracted";
  event["url"] = note.url;
  event["plugin"] = note.plugin;
  event["kind"] = note.kind;
  event["dois"] = note.dois;
  line(event);
}

void CrawlPrinter::drifted(const engine::DriftNote& drift) {
  if (!json_) return note("drift: " + printable(drift.line));
  Json event;
  event["event"] = "drift";
  for (const auto& [key, value] : drift.finding.items()) event[key] = value;
  line(event);
}

void CrawlPrinter::failed(const std::string& url, const std::string& reason) {
  if (!json_) return note("failed " + url + ": " + reason);
  Json event;
  event["event"] = "failed";
  event["url"] = url;
  event["reason"] = reason;
  line(event);
}

void CrawlPrinter::plugin_failed(const std::string& url, const plugins::PluginFault& fault) {
  if (!json_ && fault.cause == "resting") return;  // counted in the summary: it may be every page of a site
  if (!json_) return note("plugin " + fault.plugin + " failed in " + fault.step + " on " + url + ": " + fault.detail);
  Json event;
  event["event"] = "plugin_failed";
  event["url"] = url;
  event["plugin"] = fault.plugin;
  event["plugin_version"] = fault.version;
  event["step"] = fault.step;
  event["cause"] = fault.cause;
  event["detail"] = fault.detail;
  line(event);
}

void CrawlPrinter::skipped(const std::string& url, const std::string& reason) {
  if (!json_) return;  // counted in the summary; a robots rule may refuse thousands
  Json event;
  event["event"] = "skipped";
  event["url"] = url;
  event["reason"] = reason;
  line(event);
}

void CrawlPrinter::progress(const engine::Progress&) {
  if (!json_ && monitor_ != nullptr) block_.show(monitor_->snapshot());
}

void CrawlPrinter::summary(const engine::CrawlSummary& summary) {
  block_.clear();
  const engine::Tally& tally = summary.tally;
  const double seconds = std::chrono::duration<double>(summary.took).count();
  if (json_) {
    Json event;
    event["event"] = "summary";
    event["run"] = summary.run;
    event["resumed"] = summary.resumed;
    event["state"] = summary.state;
    event["captures"] = tally.captures;
    event["pages"] = tally.pages;
    event["requisites"] = tally.requisites;
    event["fragments"] = tally.fragments;
    event["files"] = tally.files;
    event["parts_missing"] = tally.parts_missing;
    event["followed"] = tally.followed;
    event["robots"] = tally.robots;
    event["redirects"] = tally.redirects;
    event["unmodified"] = tally.unmodified;
    event["articles"] = tally.articles;
    event["dois"] = tally.dois;
    event["failed"] = tally.failed;
    event["skipped"] = tally.skipped;
    event["quarantined"] = tally.quarantined;
    event["bytes"] = tally.bytes;
    event["stored_bytes"] = tally.stored_bytes;
    event["seconds"] = seconds;
    Json rules = Json::object();
    for (const auto& [rule, count] : tally.out_of_scope) rules[rule] = count;
    event["out_of_scope"] = std::move(rules);
    event["limits"] = tally.limits;
    Json faults = Json::object();
    for (const auto& [fault, count] : tally.plugin_faults) faults[fault] = count;
    event["plugin_faults"] = std::move(faults);
    return line(event);
  }
  const auto row = [](std::string_view name, const std::string& value) { fmt::print("  {:<24}{:>14}\n", name, value); };
  fmt::print("run {} {}{}\n", summary.run, summary.state, summary.resumed ? " (went on with an unfinished run)" : "");
  row("pages", std::to_string(tally.pages));
  row("articles", std::to_string(tally.articles));
  row("DOIs cited", std::to_string(tally.dois));
  row("fragments", std::to_string(tally.fragments));
  if (tally.files > 0) row("files", std::to_string(tally.files));
  if (tally.parts_missing > 0) row("parts of articles missing", std::to_string(tally.parts_missing));
  if (tally.followed > 0) row("DOIs followed", std::to_string(tally.followed));
  row("requisites", std::to_string(tally.requisites));
  row("redirects, robots.txt", std::to_string(tally.redirects + tally.robots));
  if (tally.unmodified > 0) row("of all, not modified", std::to_string(tally.unmodified));
  row("quarantined", std::to_string(tally.quarantined));
  row("skipped", std::to_string(tally.skipped));
  row("failed", std::to_string(tally.failed));
  row("raw bytes", human_bytes(tally.bytes));
  row("stored bytes", human_bytes(tally.stored_bytes));
  row("time", fmt::format("{:.1f} s", seconds));
  print_limits(tally.limits);
  for (const auto& [rule, count] : tally.out_of_scope)
    fmt::print("  {} link{} not followed: {}\n", count, count == 1 ? "" : "s", rule);
  for (const auto& [fault, count] : tally.plugin_faults)
    fmt::print("  plugin failed on {} page{}: {}\n", count, count == 1 ? "" : "s", fault);
}

}  // namespace vellum::cli
