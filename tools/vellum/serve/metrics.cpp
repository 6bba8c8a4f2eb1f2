#include "tools/vellum/serve/metrics.h"

#include <fmt/format.h>

#include <initializer_list>
#include <utility>

namespace vellum::cli {
namespace {

// A label value may hold anything but these three as they are.
std::string label(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

class Exposition {
 public:
  Exposition& counter(std::string_view name, std::string_view help) { return head(name, "counter", help); }
  Exposition& gauge(std::string_view name, std::string_view help) { return head(name, "gauge", help); }
  Exposition& value(double number) { return line("", number); }
  Exposition& value(std::string_view key, std::string_view word, double number) {
    return line(fmt::format("{{{}=\"{}\"}}", key, label(word)), number);
  }
  std::string take() { return std::move(text_); }

 private:
  Exposition& head(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_ += fmt::format("# HELP vellum_{} {}\n# TYPE vellum_{} {}\n", name, help, name, type);
    return *this;
  }
  Exposition& line(const std::string& labels, double number) {
    text_ += fmt::format("vellum_{}{} {}\n", name_, labels, number);
    return *this;
  }

  std::string text_, name_;
};

double as_double(std::uint64_t count) {
  return static_cast<double>(count);
}

void add_counters(Exposition& out, const engine::Snapshot& now) {
  const engine::Tally& sum = now.total;
  out.counter("captures_total", "Captures stored since the program started, by what they were fetched for.")
      .value("role", "page", as_double(sum.pages))
      .value("role", "requisite", as_double(sum.requisites))
      .value("role", "fragment", as_double(sum.fragments))
      .value("role", "file", as_double(sum.files))
      .value("role", "robots", as_double(sum.robots))
      .value("role", "redirect", as_double(sum.redirects));
  out.counter("unmodified_total", "Captures, among the above, that repeat an earlier payload (304).")
      .value(as_double(sum.unmodified));
  out.counter("followed_total", "DOIs that a resolver was asked for.").value(as_double(sum.followed));
  out.counter("parts_missing_total", "Fragments and files of articles that did not come.")
      .value(as_double(sum.parts_missing));
  out.counter("failed_total", "URLs given up after all retries.").value(as_double(sum.failed));
  out.counter("skipped_total", "URLs left out by a rule, such as robots.txt.").value(as_double(sum.skipped));
  out.counter("quarantined_total", "Captures kept in quarantine.").value(as_double(sum.quarantined));
  out.counter("articles_total", "Article records stored.").value(as_double(sum.articles));
  out.counter("dois_total", "DOIs that stored records cite.").value(as_double(sum.dois));
  out.counter("received_bytes_total", "Bytes of payloads received.").value(as_double(sum.bytes));
  out.counter("stored_bytes_total", "Bytes that they took, encoded.").value(as_double(sum.stored_bytes));
  out.counter("runs_ended_total", "Runs that ended or were broken off.").value(as_double(now.runs_ended));
}

void add_crawl(Exposition& out, const engine::Snapshot& now, const Json& status) {
  const std::string state = text_of(status, "state");
  out.gauge("crawling", "1 while a run is under way.").value(now.is_crawling ? 1 : 0);
  out.gauge("paused", "1 between vellum pause and vellum resume.").value(state == "paused" ? 1 : 0);
  out.gauge("pages_per_second", "Pages a second over the last minute.").value(now.pages_per_second);
  out.gauge("captures_per_second", "Captures a second over the last minute.").value(now.captures_per_second);
  out.gauge("in_flight", "Visits under way.").value(as_double(now.in_flight));
  const Json& budget = status["budget"];
  out.gauge("run_pages", "Pages of the current run, earlier invocations included.")
      .value(static_cast<double>(integer_of(budget, "pages")));
  out.gauge("run_max_pages", "The run's limit of pages; 0 for none.")
      .value(static_cast<double>(integer_of(budget, "max_pages")));
}

void add_queue(Exposition& out, const Json& status) {
  const Json& queue = status["queue"];
  const auto count = [](const Json& row, const char* key) { return static_cast<double>(integer_of(row, key)); };
  out.gauge("queue_urls", "URLs queued in the current run.").value(count(queue, "queued"));
  out.gauge("queue_groups", "Politeness groups with queued URLs, by state.")
      .value("state", "ready", count(queue, "ready"))
      .value("state", "waiting", count(queue, "waiting"))
      .value("state", "leased", count(queue, "leased"));
  out.gauge("holds", "Groups that an operator holds.").value(static_cast<double>(status["holds"].size()));
}

void add_archive(Exposition& out, const storage::ArchiveStats& stats) {
  out.gauge("archive_captures", "Captures in the archive.").value(as_double(stats.captures));
  out.gauge("archive_payloads", "Distinct payloads.").value(as_double(stats.payloads));
  out.gauge("archive_articles", "Article records.").value(as_double(stats.articles));
  out.gauge("archive_raw_bytes", "Bytes of all captured payloads.").value(as_double(stats.raw_bytes));
  out.gauge("archive_stored_bytes", "Bytes of payloads and headers, encoded.").value(as_double(stats.stored_bytes));
  out.gauge("archive_disk_bytes", "Bytes of the archive's folder on disk.").value(as_double(stats.disk_bytes));
}

}  // namespace

std::string metrics_text(const engine::Snapshot& snapshot, const Json& status, const storage::ArchiveStats& stats) {
  Exposition out;
  out.gauge("build_info", "Always 1; the version is the label.").value("version", VELLUM_VERSION, 1);
  add_counters(out, snapshot);
  add_crawl(out, snapshot, status);
  add_queue(out, status);
  add_archive(out, stats);
  out.gauge("plugin_fault", "1 while changed plugin files do not load and the old ones stay.")
      .value(snapshot.plugin_fault.empty() ? 0 : 1);
  if (snapshot.next_runs.empty()) return out.take();
  out.gauge("next_run_timestamp_seconds", "When the next run of a crawl is due, in seconds since 1970.");
  for (const engine::NextRun& run : snapshot.next_runs)
    out.value("crawl", run.crawl, std::chrono::duration<double>(run.at.time_since_epoch()).count());
  return out.take();
}

}  // namespace vellum::cli
