#include "crawler/engine/drift_report.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "base/text.h"
#include "base/url_key.h"
#include "crawler/engine/article_desk.h"
#include "crawler/engine/offload.h"

namespace vellum::engine {

using plugins::DriftAlarm;
using plugins::Sighting;
using storage::Archive;
using storage::Capture;

namespace {

constexpr std::size_t kMaxExplained = 24;  // alarms whose pages are read again

bool is_good_page(const Capture& capture) {
  return capture.role == storage::Role::kPage && capture.status >= 200 && capture.status < 300 && !capture.quarantined;
}

Sighting sighting_of(const Capture& capture) {
  return {capture.id, capture.url, to_rfc3339(capture.captured)};
}

// nullopt where none was stored.
Result<std::optional<Json>> record_of(const Archive& archive, const Capture& capture, const plugins::Registry* reread) {
  if (reread) {
    VELLUM_TRY(const plugins::PageInput input, load_page(archive, capture));
    return std::optional(reread->extract(input).record);
  }
  auto article = archive.article(capture.id);
  if (!article && article.error().kind == ErrorKind::kNotFound) return std::optional<Json>();
  if (!article) return fail(article.error());
  return std::optional(std::move(article->record));
}

// The page's last good capture before this one.
Result<std::optional<Capture>> capture_before(const Archive& archive, const Capture& capture) {
  VELLUM_TRY(const Url url, Url::parse(capture.url));
  VELLUM_TRY(const std::vector<Capture> all, archive.captures(url));
  std::optional<Capture> last;
  for (const Capture& other : all) {
    if (other.id != capture.id && other.captured <= capture.captured && is_good_page(other)) last = other;
  }
  return last;
}

Result<void> watch_page(const Archive& archive, const Capture& capture, plugins::DriftWatch& watch) {
  VELLUM_TRY(const std::optional<Json> record, record_of(archive, capture, nullptr));
  if (!record) return {};
  VELLUM_TRY(const std::optional<Capture> last, capture_before(archive, capture));
  std::optional<Json> before;
  if (last) {
    VELLUM_TRY(before, record_of(archive, *last, nullptr));
  }
  watch.add(sighting_of(capture), *record, last ? sighting_of(*last) : Sighting{}, before ? &*before : nullptr);
  return {};
}

std::string window_of(const Capture& capture) {
  return capture.run > 0 ? "run " + std::to_string(capture.run) : to_rfc3339(capture.captured).substr(0, 7);
}

Result<void> explain(const Archive& archive, const plugins::Registry& registry, bool reread, DriftFinding& finding) {
  const DriftAlarm& alarm = finding.alarm;
  VELLUM_TRY(const Capture good, archive.capture(alarm.last_good.capture));
  VELLUM_TRY(const Capture bad, archive.capture(alarm.first_bad.capture));
  VELLUM_TRY(const plugins::PageInput good_page, load_page(archive, good));
  VELLUM_TRY(const plugins::PageInput bad_page, load_page(archive, bad));
  VELLUM_TRY(const std::optional<Json> record, record_of(archive, good, reread ? &registry : nullptr));
  if (!record) return fail(ErrorKind::kNotFound, "no record of capture " + std::to_string(good.id));
  VELLUM_TRY(finding.why, plugins::diagnose(registry, alarm.plugin, alarm.field, good_page, bad_page, *record));
  return {};
}

Json to_json(const Sighting& sighting) {
  if (sighting.capture == 0) return {};
  return {{"capture", sighting.capture}, {"url", sighting.url}, {"captured", sighting.captured}};
}

// The hit rates that the crawl before this one kept; nullopt if there is none.
Result<std::optional<plugins::DriftRates>> previous_rates(const Archive& archive, storage::RunId run) {
  VELLUM_TRY(const std::vector<storage::Run> runs, archive.runs());
  std::string crawl;
  for (const storage::Run& one : runs) crawl = one.id == run ? one.crawl : crawl;
  storage::RunId before = 0;
  for (const storage::Run& one : runs) {
    if (one.id < run && one.crawl == crawl) before = one.id;
  }
  if (before == 0) return std::optional<plugins::DriftRates>();
  plugins::DriftRates rates;
  VELLUM_CHECK(archive.scan_events([&](const storage::Event& event) {
    if (event.run != before || event.kind != "rates") return true;
    const auto json = parse_json(event.reason);
    const auto part = json ? plugins::DriftRates::from_json(*json) : Result<plugins::DriftRates>(fail(json.error()));
    if (part) rates.add(*part);
    return true;
  }));
  return std::optional(std::move(rates));
}

struct RunReport {
  plugins::DriftWatch watch;
  std::vector<DriftFinding> findings;
};

Result<RunReport> read_run(const Services& services, storage::CaptureId after) {
  const Archive& archive = services.catalog.archive();
  RunReport report;
  VELLUM_CHECK(watch_run(archive, services.run, after, report.watch));
  VELLUM_TRY(const auto previous, previous_rates(archive, services.run));
  report.findings =
      explain_drift(archive, services.registry, report.watch.alarms(previous ? &*previous : nullptr), false);
  return report;
}

}  // namespace

std::string line_of(const DriftFinding& finding) {
  const DriftAlarm& alarm = finding.alarm;
  std::string line = alarm.plugin;
  line += alarm.field == "layout" ? " no longer reads" : " lost " + alarm.field + " on";
  line += fmt::format(" {} of {} page{}", alarm.lost, alarm.had, alarm.had == 1 ? "" : "s");
  if (!alarm.layout.empty()) line += " of layout " + alarm.layout;
  line += fmt::format(", first {} ({})", alarm.first_bad.url, alarm.first_bad.captured.substr(0, 10));
  if (alarm.after > 0) line += fmt::format("; {} items, {} before", alarm.after, alarm.before);
  if (!finding.why.has_layout) line += "; none of its layouts fits";
  for (const plugins::DeadSource& dead : finding.why.dead) {
    if (dead.was_chosen)
      line += fmt::format("; source {} of {}, {}, finds nothing now", dead.rank, dead.field, dead.source);
  }
  if (!finding.why.repairs.empty()) {
    const plugins::Repair& repair = finding.why.repairs.front();
    line += fmt::format("; try {} = {}", repair.field, repair.source);
  }
  if (!finding.unexplained.empty()) line += "; " + finding.unexplained;
  return line;
}

Json to_json(const DriftFinding& finding) {
  const DriftAlarm& alarm = finding.alarm;
  Json row = {{"plugin", alarm.plugin},     {"layout", alarm.layout}, {"field", alarm.field},
              {"had", alarm.had},           {"lost", alarm.lost},     {"rate_before", alarm.rate_before},
              {"rate_now", alarm.rate_now}, {"before", alarm.before}, {"after", alarm.after}};
  row["first_bad"] = to_json(alarm.first_bad);
  row["last_good"] = to_json(alarm.last_good);
  row["layout_now"] = finding.why.has_layout ? Json(finding.why.layout_now) : Json();
  row["dead"] = Json::array();
  for (const plugins::DeadSource& dead : finding.why.dead) {
    row["dead"].push_back({{"field", dead.field},
                           {"source", dead.source},
                           {"rank", dead.rank},
                           {"hits", dead.hits},
                           {"was_chosen", dead.was_chosen}});
  }
  row["repairs"] = Json::array();
  for (const plugins::Repair& repair : finding.why.repairs) {
    row["repairs"].push_back(
        {{"field", repair.field}, {"source", repair.source}, {"value", repair.value}, {"checked", repair.is_checked}});
  }
  if (!finding.unexplained.empty()) row["unexplained"] = finding.unexplained;
  return row;
}

Result<void> watch_run(const Archive& archive, storage::RunId run, storage::CaptureId after,
                       plugins::DriftWatch& watch) {
  Result<void> outcome;
  VELLUM_CHECK(archive.scan_feed(after, [&](const Capture& capture) {
    if (capture.run == run && is_good_page(capture)) outcome = watch_page(archive, capture, watch);
    return outcome.has_value();
  }));
  return outcome;
}

Result<DriftWindows> watch_archive(const Archive& archive, const plugins::Registry* reread, std::string_view prefix) {
  DriftWindows windows;
  std::string key;
  std::optional<Json> before;
  Sighting last;
  Result<void> outcome;
  VELLUM_CHECK(archive.scan(prefix, [&](const Capture& capture) {
    const auto url = Url::parse(capture.url);
    if (!url || !is_good_page(capture)) return true;
    std::string its_key = surt(*url);
    if (its_key != key) before.reset();
    key = std::move(its_key);
    auto record = record_of(archive, capture, reread);
    if (!record) {
      outcome = fail(record.error());
      return false;
    }
    if (!*record) return true;
    windows[window_of(capture)].add(sighting_of(capture), **record, last, before ? &*before : nullptr);
    before = std::move(*record);
    last = sighting_of(capture);
    return true;
  }));
  VELLUM_CHECK(std::move(outcome));
  return windows;
}

std::vector<DriftFinding> explain_drift(const Archive& archive, const plugins::Registry& registry,
                                        std::vector<DriftAlarm> alarms, bool reread) {
  std::vector<DriftFinding> findings;
  for (DriftAlarm& alarm : alarms) {
    DriftFinding finding{std::move(alarm), {}, {}};
    if (finding.alarm.last_good.capture > 0 && findings.size() < kMaxExplained) {
      const auto explained = explain(archive, registry, reread, finding);
      if (!explained) finding.unexplained = explained.error().message;
    }
    findings.push_back(std::move(finding));
  }
  return findings;
}

Task<void> report_drift(Services& services, storage::CaptureId after) {
  const auto read = [&]() -> Result<RunReport> { return read_run(services, after); };
  VELLUM_CO_TRY(RunReport report, co_await offload(services.pool, read));
  if (report.watch.rates().rows().empty()) co_return Result<void>();
  storage::Commit changes;
  changes.run = services.run;
  const Timestamp now = services.clock.now();
  changes.events.push_back({now, services.run, "rates", "", to_line(report.watch.rates().to_json()), ""});
  for (const DriftFinding& finding : report.findings) {
    changes.events.push_back({now, services.run, "drift", finding.alarm.first_bad.url, line_of(finding), ""});
  }
  VELLUM_CO_CHECK(co_await commit(services, std::move(changes)));
  for (const DriftFinding& finding : report.findings) {
    const DriftNote note{line_of(finding), to_json(finding)};
    services.observer.drifted(note);
  }
  co_return Result<void>();
}

}  // namespace vellum::engine
