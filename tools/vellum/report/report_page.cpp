#include "tools/vellum/report/report_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/replay/style.h"
#include "tools/vellum/report/report_chart.h"

namespace vellum::cli {

using replay::human_size;
using replay::Markup;

namespace {

constexpr std::size_t kRows = 20, kSlowest = 10;

constexpr char kStyle[] =
    ":root{--c1:#2f7ca8;--c2:#a9cbdd;--c3:#c4562a}"
    "@media (prefers-color-scheme:dark){:root{--c1:#5fb0dc;--c2:#2f5a73;--c3:#e08b5e}}"
    ".c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}.back{fill:var(--plain-bg)}"
    ".chart svg[role=img]{display:block;width:100%;height:auto}.chart text{fill:var(--soft);font-size:12px;"
    "font-variant-numeric:tabular-nums}.chart .grid{stroke:var(--line);stroke-width:1}"
    ".key{white-space:nowrap;margin-right:1rem}.key svg{width:.8em;height:.8em}"
    "svg.bar{display:block;width:100%;min-width:5rem;height:.7rem;margin-top:.45em;border-radius:3px}"
    "td.b{width:30%}tbody th{font-weight:400;color:var(--ink);font-size:.94rem;white-space:normal}"
    "td.b{padding-right:1.2rem}details{margin:.8rem 0 0}summary{cursor:pointer;color:var(--link)}"
    "h1 .tag{font:600 .85rem system-ui,sans-serif;vertical-align:middle}"
    "@media print{.top{display:none}body{background:#fff;color:#000}}";

void figure(Markup& page, std::string_view name, std::uint64_t value) {
  page.raw("<div><dt>").text(name).raw("</dt><dd>").number(value).raw("</dd></div>");
}

void add_head(Markup& page, const CrawlReport& report) {
  const storage::Run& run = report.run;
  page.raw("<h1>Run ").number(run.id).raw(" <span class=\"tag");
  if (run.state == "finished") page.raw(" good");
  page.raw("\">").text(run.state).raw("</span></h1><p class=\"soft\">").time(run.started);
  const Timestamp end = run.ended.value_or(report.last);
  if (end > run.started)
    page.raw(" to ").time(end).raw(", ").text(span_text(std::chrono::duration<double>(end - run.started).count()));
  page.raw("</p><dl class=\"counts\">");
  figure(page, "pages", report.pages);
  figure(page, "captures", report.captures);
  figure(page, "articles read", report.articles);
  figure(page, "links with a DOI", report.dois);
  figure(page, "failed", report.failed);
  figure(page, "skipped by rule", report.skipped);
  figure(page, "quarantined", report.quarantined);
  figure(page, "hosts", report.hosts.size());
  page.raw("</dl>");
}

void add_size(Markup& page, const CrawlReport& report) {
  if (report.bytes == 0) return;
  const double most = static_cast<double>(std::max(report.bytes, report.stored_bytes));
  page.raw("<h2>Size</h2><p>");
  if (report.stored_bytes > 0)
    page.raw("What was received takes ")
        .text(fmt::format("{:.1f}", static_cast<double>(report.bytes) / static_cast<double>(report.stored_bytes)))
        .raw(" times less room in the archive, header blocks included.");
  page.raw(
      "</p><table><thead><tr><th scope=\"col\">Payloads</th><th scope=\"col\"><span class=\"small\"></span></th>"
      "<th scope=\"col\" class=\"n\">Size</th></tr></thead><tbody><tr><th scope=\"row\">received</th><td class=\"b\">");
  page.add(bar(static_cast<double>(report.bytes) / most)).raw("</td><td class=\"n\">").text(human_size(report.bytes));
  page.raw("</td></tr><tr><th scope=\"row\">stored</th><td class=\"b\">");
  page.add(bar(static_cast<double>(report.stored_bytes) / most)).raw("</td><td class=\"n\">");
  page.text(human_size(report.stored_bytes)).raw("</td></tr></tbody></table>");
}

void add_counts_head(Markup& page, std::string_view title, std::string_view name, bool with_sizes) {
  page.raw("<h2>").text(title).raw("</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">").text(name);
  page.raw("</th><th scope=\"col\">Share</th><th scope=\"col\" class=\"n\">Count</th>");
  if (with_sizes) page.raw("<th scope=\"col\" class=\"n\">Received</th><th scope=\"col\" class=\"n\">Stored</th>");
  page.raw("</tr></thead><tbody>");
}

struct Section {
  std::string_view title, name;
  bool with_sizes = false;
  bool with_example = false;
};

// A bar beside each count. What does not fit is in the JSON form.
void add_counts(Markup& page, const Section& section, const Counts& counts) {
  if (counts.empty()) return;
  add_counts_head(page, section.title, section.name, section.with_sizes);
  const auto rows = counts.sorted();
  double most = 1;
  for (const auto& [name, count] : rows) most = std::max(most, static_cast<double>(count.count));
  for (std::size_t i = 0; i < std::min(rows.size(), kRows); ++i) {
    const auto& [name, count] = rows[i];
    page.raw("<tr><th scope=\"row\">").text(name);
    if (section.with_example && !count.example.empty())
      page.raw("<br><span class=\"soft small\">such as ").text(count.example).raw("</span>");
    page.raw("</th><td class=\"b\">").add(bar(static_cast<double>(count.count) / most)).raw("</td><td class=\"n\">");
    page.number(count.count).raw("</td>");
    if (section.with_sizes) {
      page.raw("<td class=\"n\">").text(human_size(count.bytes)).raw("</td><td class=\"n\">");
      page.text(human_size(count.stored_bytes)).raw("</td>");
    }
    page.raw("</tr>");
  }
  page.raw("</tbody></table></div>");
  if (rows.size() > kRows)
    page.raw("<p class=\"soft small\">").number(rows.size() - kRows).raw(" more in the JSON form.</p>");
}

using Host = std::pair<std::string, HostFigures>;

template <class Before>
std::vector<Host> hosts_by(const CrawlReport& report, Before before, std::size_t most) {
  std::vector<Host> hosts(report.hosts.begin(), report.hosts.end());
  std::stable_sort(hosts.begin(), hosts.end(),
                   [&](const Host& a, const Host& b) { return before(a.second, b.second); });
  if (hosts.size() > most) hosts.resize(most);
  return hosts;
}

void add_hosts(Markup& page, const CrawlReport& report) {
  const auto more = [](const HostFigures& a, const HostFigures& b) {
    return a.captures + a.failed > b.captures + b.failed;
  };
  page.raw(
      "<h2>Hosts</h2><div class=\"scroll\"><table><thead><tr><th scope=\"col\">Host</th><th scope=\"col\">Captures</th>"
      "<th scope=\"col\" class=\"n\"></th><th scope=\"col\" class=\"n\">Pages</th><th scope=\"col\" class=\"n\">Failed"
      "</th><th scope=\"col\" class=\"n\">Skipped</th><th scope=\"col\" class=\"n\">Received</th>"
      "<th scope=\"col\" class=\"n\">Stored</th></tr></thead><tbody>");
  const std::vector<Host> hosts = hosts_by(report, more, kRows);
  double most = 1;
  for (const auto& [name, host] : hosts) most = std::max(most, static_cast<double>(host.captures));
  for (const auto& [name, host] : hosts) {
    page.raw("<tr><th scope=\"row\">").text(name).raw("</th><td class=\"b\">");
    page.add(bar(static_cast<double>(host.captures) / most)).raw("</td><td class=\"n\">").number(host.captures);
    page.raw("</td><td class=\"n\">").number(host.pages).raw("</td><td class=\"n\">").number(host.failed);
    page.raw("</td><td class=\"n\">").number(host.skipped).raw("</td><td class=\"n\">").text(human_size(host.bytes));
    page.raw("</td><td class=\"n\">").text(human_size(host.stored_bytes)).raw("</td></tr>");
  }
  page.raw("</tbody></table></div>");
  if (report.hosts.size() > hosts.size())
    page.raw("<p class=\"soft small\">").number(report.hosts.size() - hosts.size()).raw(" more in the JSON form.</p>");
}

void add_slowest(Markup& page, const CrawlReport& report) {
  const auto slower = [](const HostFigures& a, const HostFigures& b) { return a.seconds_each() > b.seconds_each(); };
  const std::vector<Host> hosts = hosts_by(report, slower, kSlowest);
  if (hosts.empty() || hosts.front().second.seconds_each() <= 0) return;
  page.raw(
      "<h2>Slowest hosts</h2><p class=\"soft small measure\">Mean time from the start of one capture to the next, "
      "politeness and waits that the server asked for included.</p><div class=\"scroll\"><table><thead><tr>"
      "<th scope=\"col\">Host</th><th scope=\"col\">Time</th><th scope=\"col\" class=\"n\">Each</th>"
      "<th scope=\"col\" class=\"n\">Captures</th></tr></thead><tbody>");
  for (const auto& [name, host] : hosts) {
    if (host.seconds_each() <= 0) break;
    page.raw("<tr><th scope=\"row\">").text(name).raw("</th><td class=\"b\">");
    page.add(bar(host.seconds_each() / hosts.front().second.seconds_each())).raw("</td><td class=\"n\">");
    page.text(span_text(host.seconds_each())).raw("</td><td class=\"n\">").number(host.captures).raw("</td></tr>");
  }
  page.raw("</tbody></table></div>");
}

}  // namespace

std::string report_page(const CrawlReport& report) {
  Markup head;
  head.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Run ").number(report.run.id);
  head.raw(
      " · Vellum crawl report</title><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><style>");
  Markup page;
  page.raw(
      "</style></head><body><a class=\"skip\" href=\"#main\">Skip to content</a><header class=\"top\"><div>"
      "<span class=\"brand\">Vellum</span><span class=\"soft\">crawl report</span></div></header><main id=\"main\">");
  add_head(page, report);
  page.raw("<h2>Time line</h2>").add(line_chart(report.line));
  add_size(page, report);
  add_counts(page, {"Status", "Status", true}, report.statuses);
  add_counts(page, {"Media types", "Type", true}, report.mimes);
  add_counts(page, {"What was fetched", "Role", true}, report.roles);
  add_counts(page, {"Verdicts of substance", "Verdict", false, true}, report.verdicts);
  add_counts(page, {"Failures by reason", "Reason", false, true}, report.failures);
  add_counts(page, {"Skipped by rule", "Rule", false, true}, report.skips);
  add_counts(page, {"Articles by plugin", "Plugin"}, report.plugins);
  add_counts(page, {"DOIs by place", "Place"}, report.places);
  add_hosts(page, report);
  add_slowest(page, report);
  page.raw(
      "</main><footer>Made from the archive alone; <code>vellum report</code> makes it "
      "again.</footer></body></html>\n");
  return head.str() + std::string(replay::style_sheet()) + kStyle + page.str();
}

}  // namespace vellum::cli
