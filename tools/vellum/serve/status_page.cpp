#include "tools/vellum/serve/status_page.h"

#include <fmt/format.h>

#include "tools/replay/page_frame.h"
#include "tools/vellum/serve/metrics.h"

namespace vellum::cli {

using replay::Markup;
using replay::Reply;

namespace {

constexpr auto kCountEvery = std::chrono::seconds(10);

std::string rounded_text(Duration duration) {
  return to_text(std::chrono::duration_cast<std::chrono::seconds>(duration));
}

void figure(Markup& page, std::string_view name, const std::string& value) {
  page.raw("<div><dt>").text(name).raw("</dt><dd>").text(value).raw("</dd></div>");
}

void figure(Markup& page, std::string_view name, std::uint64_t value) {
  page.raw("<div><dt>").text(name).raw("</dt><dd>").number(value).raw("</dd></div>");
}

std::uint64_t count_of(const Json& row, const char* key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, integer_of(row, key)));
}

void add_state(Markup& page, const Json& row, const engine::Snapshot& now) {
  const std::string state = text_of(row, "state");
  page.raw("<h1>Crawl status</h1><p>");
  if (state == "crawling") {
    page.raw("<span class=\"tag good\">crawling</span>");
  } else if (state == "paused") {
    page.raw("<span class=\"tag bad\">paused</span>");
  } else {
    page.raw("<span class=\"tag\">").text(state).raw("</span>");
  }
  page.raw(" ").text(now.crawl);
  if (row.contains("run")) page.raw(" <span class=\"soft\">run ").number(count_of(row, "run")).raw("</span>");
  page.raw(" <span class=\"soft small\">as of ").time(now.at).raw(", renewed every five seconds</span></p>");
  if (row.contains("pause"))
    page.raw("<p class=\"notice\">Paused: ")
        .text(text_of(row["pause"], "reason").empty() ? "no reason given" : text_of(row["pause"], "reason"))
        .raw(". Go on with <code>vellum resume</code>.</p>");
  if (!now.plugin_fault.empty())
    page.raw("<p class=\"notice\">Changed plugins do not load; the old ones stay. ").text(now.plugin_fault).raw("</p>");
}

void add_figures(Markup& page, const Json& row, const engine::Snapshot& now) {
  const Json& budget = row["budget"];
  page.raw("<dl class=\"counts\">");
  const std::string limit = budget["max_pages"].is_null() ? "" : " of " + std::to_string(count_of(budget, "max_pages"));
  figure(page, "pages of the run", std::to_string(count_of(budget, "pages")) + limit);
  figure(page, "pages/s, last minute", fmt::format("{:.2f}", now.pages_per_second));
  figure(page, "captures/s", fmt::format("{:.2f}", now.captures_per_second));
  figure(page, "queued", count_of(row["queue"], "queued"));
  figure(page, "under way", now.in_flight);
  figure(page, "time left, estimated", now.time_left ? rounded_text(*now.time_left) : "unknown");
  figure(page, "received", replay::human_size(now.tally.bytes));
  figure(page, "stored", replay::human_size(now.tally.stored_bytes));
  figure(page, "articles", now.tally.articles);
  figure(page, "failed", now.tally.failed);
  figure(page, "skipped", now.tally.skipped);
  figure(page, "quarantined", now.tally.quarantined);
  page.raw(
      "</dl><p class=\"soft small\">Time left: what is queued at the pace of the last minute, or the pages left to "
      "the limit if that is sooner. Links yet to be found lengthen it.</p>");
}

void add_groups(Markup& page, const Json& row) {
  const Json& queue = row["queue"];
  page.raw("<h2>Politeness groups</h2><dl class=\"counts\">");
  figure(page, "with queued URLs", count_of(queue, "groups"));
  figure(page, "ready", count_of(queue, "ready"));
  figure(page, "waiting", count_of(queue, "waiting"));
  figure(page, "worked on", count_of(queue, "leased"));
  page.raw("</dl>");
  if (row["holds"].empty() && row["rates"].empty()) return;
  page.raw(
      "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Group</th><th scope=\"col\">Order</th>"
      "<th scope=\"col\">Reason</th></tr></thead><tbody>");
  for (const Json& hold : row["holds"]) {
    const std::string until = text_of(hold, "held_until");
    page.raw("<tr><td>").text(text_of(hold, "group")).raw("</td><td>held ");
    page.text(until.empty() ? "until it is resumed" : "until " + until);
    page.raw("</td><td class=\"wide\">").text(text_of(hold, "reason")).raw("</td></tr>");
  }
  for (const Json& rate : row["rates"]) {
    page.raw("<tr><td>").text(text_of(rate, "group")).raw("</td><td>");
    page.text(text_of(rate, "delay")).raw(" from request to request</td><td></td></tr>");
  }
  page.raw("</tbody></table></div>");
}

void add_schedule(Markup& page, const engine::Snapshot& now) {
  if (now.next_runs.empty()) return;
  page.raw(
      "<h2>Next runs</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">When (UTC)</th>"
      "<th scope=\"col\">Crawl</th></tr></thead><tbody>");
  for (const engine::NextRun& run : now.next_runs)
    page.raw("<tr><td class=\"t\">").time(run.at).raw("</td><td class=\"wide\">").text(run.crawl).raw("</td></tr>");
  page.raw("</tbody></table></div>");
}

void add_troubles(Markup& page, const engine::Snapshot& now) {
  page.raw("<h2>Last failures</h2>");
  if (now.troubles.empty()) {
    page.raw("<p class=\"soft\">None since the program started.</p>");
    return;
  }
  page.raw(
      "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">When (UTC)</th><th scope=\"col\">Reason</th>"
      "<th scope=\"col\">Address</th></tr></thead><tbody>");
  for (auto it = now.troubles.rbegin(); it != now.troubles.rend(); ++it) {
    page.raw("<tr><td class=\"t\">").time(it->at).raw("</td><td class=\"wide\">").text(it->reason);
    page.raw("</td><td class=\"wide\">").text(it->url).raw("</td></tr>");
  }
  page.raw("</tbody></table></div>");
}

void add_archive(Markup& page, const storage::ArchiveStats& stats) {
  page.raw("<h2>Archive</h2><dl class=\"counts\">");
  figure(page, "captures", stats.captures);
  figure(page, "articles", stats.articles);
  figure(page, "payloads", stats.payloads);
  figure(page, "raw", replay::human_size(stats.raw_bytes));
  figure(page, "stored", replay::human_size(stats.stored_bytes));
  figure(page, "on disk", replay::human_size(stats.disk_bytes));
  page.raw("</dl><nav class=\"actions\" aria-label=\"More\">").link("/", "Look into the archive");
  page.link("/metrics", "Metrics for Prometheus").raw("</nav>");
}

}  // namespace

std::optional<Reply> StatusPages::answer(std::string_view path) {
  if (path != "/status" && path != "/metrics") return std::nullopt;
  auto reply = path == "/status" ? status() : metrics();
  if (reply) return *std::move(reply);
  return replay::message_reply(503, "No status", reply.error().message);
}

Result<storage::ArchiveStats> StatusPages::stats() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (counted_ && now - *counted_ < kCountEvery) return stats_;
  VELLUM_TRY(stats_, archive_.stats());
  counted_ = now;
  return stats_;
}

Result<Reply> StatusPages::status() {
  VELLUM_TRY(const std::vector<Json> rows, control_.run({{"verb", "status"}}));
  VELLUM_TRY(const storage::ArchiveStats counts, stats());
  const engine::Snapshot now = monitor_.snapshot();
  Markup page;
  add_state(page, rows.at(0), now);
  add_figures(page, rows.at(0), now);
  add_groups(page, rows.at(0));
  add_schedule(page, now);
  add_troubles(page, now);
  add_archive(page, counts);
  Reply reply = replay::page_reply(200, "Status", page);
  reply.set("Refresh", "5");
  return reply;
}

Result<Reply> StatusPages::metrics() {
  VELLUM_TRY(const std::vector<Json> rows, control_.run({{"verb", "status"}}));
  VELLUM_TRY(const storage::ArchiveStats counts, stats());
  Reply reply;
  reply.body = metrics_text(monitor_.snapshot(), rows.at(0), counts);
  reply.set("Content-Type", kMetricsType);
  return reply;
}

}  // namespace vellum::cli
