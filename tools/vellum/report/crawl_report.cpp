#include "tools/vellum/report/crawl_report.h"

#include <algorithm>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/url.h"
#include "tools/vellum/report/report_page.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

constexpr std::size_t kMostHosts = 5'000, kListed = 1'000;

HostFigures& host_of(CrawlReport& report, const std::string& url) {
  const auto parsed = Url::parse(url);
  std::string host = parsed ? parsed->host() : std::string();
  if (host.empty()) host = "(no host)";
  if (report.hosts.size() >= kMostHosts && !report.hosts.contains(host)) host = Counts::kOthers;
  return report.hosts[host];
}

// A revisit brought no payload.
std::uint64_t received(const storage::Capture& capture) {
  return capture.is_revisit() ? 0 : capture.bytes;
}

// As the crawl's own summary counts them: where a redirect leads is the page.
bool is_page(const storage::Capture& capture) {
  return capture.role == storage::Role::kPage && capture.answer_status() / 100 != 3;
}

void add(Count& count, const storage::Capture& capture) {
  ++count.count;
  count.bytes += received(capture);
  count.stored_bytes += capture.stored_bytes;
  if (count.example.empty()) count.example = capture.url;
}

// DOIs and articles that were read from the capture.
void add_reading(CrawlReport& report, const storage::Archive& archive, const storage::Capture& capture) {
  const auto article = archive.article(capture.id);
  if (!article) return;
  if (text_of(article->record, "kind") == "article") ++report.articles;
  add(report.plugins.at(article->plugin), capture);
  const auto links = archive.links(capture.id);
  if (!links) return;
  for (const storage::LinkRow& row : *links) {
    if (row.link.place == "reference") ++report.references;
    if (row.link.doi.empty()) continue;
    ++report.dois;
    ++report.places.at(row.link.place).count;
  }
}

void add_capture(CrawlReport& report, const storage::Archive& archive, const storage::Capture& capture) {
  ++report.captures;
  report.bytes += received(capture);
  report.stored_bytes += capture.stored_bytes;
  report.last = std::max(report.last, capture.captured);
  const bool page = is_page(capture);
  add(report.roles.at(std::string(name_of(capture.role))), capture);
  add(report.mimes.at(capture.mime.empty() ? "(none)" : capture.mime), capture);
  add(report.statuses.at(std::to_string(capture.status)), capture);
  if (!capture.verdict.empty()) add(report.verdicts.at(capture.verdict), capture);
  report.pages += page ? 1u : 0u;
  report.quarantined += capture.quarantined ? 1u : 0u;
  HostFigures& host = host_of(report, capture.url);
  ++host.captures;
  host.pages += page ? 1u : 0u;
  host.bytes += received(capture);
  host.stored_bytes += capture.stored_bytes;
  if (host.first == Timestamp{} || capture.captured < host.first) host.first = capture.captured;
  host.last = std::max(host.last, capture.captured);
  TimeLine::Step& step = report.line.at(capture.captured);
  ++(page ? step.pages : step.others);
  if (page) add_reading(report, archive, capture);
}

// "timeout: no answer from x in 30 s" counts as "timeout": what comes behind names one URL.
std::string kind_of_reason(const std::string& reason) {
  const std::size_t colon = reason.find(": ");
  return colon == std::string::npos ? reason : reason.substr(0, colon);
}

void add_event(CrawlReport& report, const storage::Event& event) {
  const bool failed = event.kind == "failed", skipped = event.kind == "skipped";
  if (!failed && !skipped) return;
  Count& count = failed ? report.failures.at(kind_of_reason(event.reason)) : report.skips.at(event.reason);
  ++count.count;
  if (count.example.empty()) count.example = event.url;
  HostFigures& host = host_of(report, event.url);
  ++(failed ? host.failed : host.skipped);
  ++(failed ? report.failed : report.skipped);
  report.last = std::max(report.last, event.at);
  if (failed) ++report.line.at(event.at).failed;
}

Json counts_json(const Counts& counts, const char* name, bool with_bytes) {
  Json rows = Json::array();
  for (const auto& [word, count] : counts.sorted()) {
    Json row = {{name, word}, {"count", count.count}};
    if (with_bytes) {
      row["bytes"] = count.bytes;
      row["stored_bytes"] = count.stored_bytes;
    }
    if (!count.example.empty()) row["example"] = count.example;
    rows.push_back(std::move(row));
  }
  return rows;
}

Json hosts_json(const CrawlReport& report) {
  Json rows = Json::array();
  for (const auto& [name, host] : report.hosts) {
    if (rows.size() == kListed) break;
    Json row = {{"host", name},
                {"captures", host.captures},
                {"pages", host.pages},
                {"failed", host.failed},
                {"skipped", host.skipped},
                {"bytes", host.bytes},
                {"stored_bytes", host.stored_bytes}};
    row["seconds_each"] = host.seconds_each();
    rows.push_back(std::move(row));
  }
  return rows;
}

Json line_json(const TimeLine& line) {
  Json steps = Json::array();
  for (const TimeLine::Step& step : line.steps())
    steps.push_back({{"pages", step.pages}, {"others", step.others}, {"failed", step.failed}});
  const double width = std::chrono::duration<double>(line.width()).count();
  return {{"start", to_rfc3339(line.start())}, {"step_seconds", width}, {"steps", std::move(steps)}};
}

Result<void> write_whole(const std::filesystem::path& file, const std::string& text) {
  const std::filesystem::path fresh = file.string() + ".new";
  std::ofstream out(fresh, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) std::filesystem::rename(fresh, file, error);
  if (out && !error) return {};
  return fail(ErrorKind::kStorage, "cannot write " + file.string());
}

}  // namespace

Count& Counts::at(const std::string& name) {
  const auto found = counts_.find(name);
  if (found != counts_.end()) return found->second;
  return counts_.size() < most_ ? counts_[name] : counts_[kOthers];
}

std::vector<std::pair<std::string, Count>> Counts::sorted() const {
  std::vector<std::pair<std::string, Count>> rows(counts_.begin(), counts_.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second.count > b.second.count; });
  return rows;
}

double HostFigures::seconds_each() const {
  if (captures < 2) return 0;
  return std::chrono::duration<double>(last - first).count() / static_cast<double>(captures - 1);
}

TimeLine::Step& TimeLine::at(Timestamp when) {
  const Duration since = std::max(Duration::zero(), Duration(when - start_));
  while (since / width_ >= static_cast<std::int64_t>(kMost)) {
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      const Step step = std::exchange(steps_[i], {});
      Step& into = steps_[i / 2];
      into = {into.pages + step.pages, into.others + step.others, into.failed + step.failed};
    }
    steps_.resize((steps_.size() + 1) / 2);
    width_ *= 2;
  }
  const auto index = static_cast<std::size_t>(since / width_);
  if (steps_.size() <= index) steps_.resize(index + 1);
  return steps_[index];
}

Result<CrawlReport> make_report(const storage::Archive& archive, storage::RunId wanted) {
  VELLUM_TRY(const std::vector<storage::Run> runs, archive.runs());
  const storage::Run* chosen = nullptr;
  for (const storage::Run& run : runs) {
    if (wanted == 0 || run.id == wanted) chosen = &run;
  }
  if (chosen == nullptr)
    return fail(ErrorKind::kNotFound,
                wanted == 0 ? "the archive has no run" : "the archive has no run " + std::to_string(wanted));
  CrawlReport report(*chosen);
  const storage::RunId id = chosen->id;
  VELLUM_CHECK(archive.scan_feed(0, [&](const storage::Capture& capture) {
    if (capture.run == id) add_capture(report, archive, capture);
    return true;
  }));
  VELLUM_CHECK(archive.scan_events([&](const storage::Event& event) {
    if (event.run == id) add_event(report, event);
    return true;
  }));
  return report;
}

Json report_json(const CrawlReport& report) {
  Json out = {{"schema", "vellum.report/1"}, {"run", report.run.id}, {"state", report.run.state}};
  out["started"] = to_rfc3339(report.run.started);
  if (report.run.ended) out["ended"] = to_rfc3339(*report.run.ended);
  out["totals"] = {{"captures", report.captures},
                   {"pages", report.pages},
                   {"failed", report.failed},
                   {"skipped", report.skipped},
                   {"quarantined", report.quarantined},
                   {"bytes", report.bytes},
                   {"stored_bytes", report.stored_bytes},
                   {"articles", report.articles},
                   {"references", report.references},
                   {"dois", report.dois}};
  out["roles"] = counts_json(report.roles, "role", true);
  out["statuses"] = counts_json(report.statuses, "status", true);
  out["types"] = counts_json(report.mimes, "mime", true);
  out["verdicts"] = counts_json(report.verdicts, "verdict", true);
  out["failures"] = counts_json(report.failures, "reason", false);
  out["skips"] = counts_json(report.skips, "rule", false);
  out["plugins"] = counts_json(report.plugins, "plugin", false);
  out["doi_places"] = counts_json(report.places, "place", false);
  out["hosts"] = hosts_json(report);
  out["timeline"] = line_json(report.line);
  return out;
}

Result<void> write_reports(const storage::Archive& archive, storage::RunId run, const std::filesystem::path& folder) {
  VELLUM_TRY(const CrawlReport report, make_report(archive, run));
  const std::filesystem::path reports = folder / "reports";
  std::error_code error;
  std::filesystem::create_directories(reports, error);
  const std::string name = std::to_string(report.run.id);
  VELLUM_CHECK(write_whole(reports / (name + ".json"),
                           report_json(report).dump(2, ' ', false, Json::error_handler_t::replace) + "\n"));
  return write_whole(reports / (name + ".html"), report_page(report));
}

void leave_reports(const storage::Archive& archive, const engine::CrawlSummary& summary,
                   const std::filesystem::path& folder) {
  if (summary.state == "stopped") return;
  const auto written = write_reports(archive, summary.run, folder);
  if (!written) warn("no report of run " + std::to_string(summary.run) + ": " + written.error().message);
}

}  // namespace vellum::cli
