// What a run did, derived from what the archive holds, so that it can be made again at any time.
//
// One pass over captures and one over events; memory is bounded: each list counts up to so many keys by name, and the
// rest as one. Schema of the JSON form: docs/operations.md ("vellum.report/1").
//
// Threads: pure functions over a reader.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"
#include "crawler/engine/crawl.h"
#include "storage/archive/archive.h"

namespace vellum::cli {

// Counts by name, at most `most` names; what comes later goes under kOthers.
struct Count {
  std::uint64_t count = 0, bytes = 0, stored_bytes = 0;
  std::string example;  // a URL, the first
};
class Counts {
 public:
  static constexpr const char* kOthers = "(others)";
  explicit Counts(std::size_t most) : most_(most) {}
  Count& at(const std::string& name);
  // Largest first; names in order where counts are equal.
  std::vector<std::pair<std::string, Count>> sorted() const;
  bool empty() const { return counts_.empty(); }

 private:
  std::size_t most_;
  std::map<std::string, Count> counts_;
};

struct HostFigures {
  std::uint64_t captures = 0, pages = 0, failed = 0, skipped = 0, bytes = 0, stored_bytes = 0;
  Timestamp first{}, last{};  // of its captures
  // Mean time from one capture's start to the next, politeness and Retry-After included; 0 under two captures.
  double seconds_each() const;
};

// Captures over time, in at most kMost steps of equal length, which doubles as the run goes on.
class TimeLine {
 public:
  struct Step {
    std::uint64_t pages = 0, others = 0, failed = 0;
  };
  static constexpr std::size_t kMost = 96;
  explicit TimeLine(Timestamp start) : start_(start) {}
  Step& at(Timestamp when);
  Timestamp start() const { return start_; }
  Duration width() const { return width_; }
  const std::vector<Step>& steps() const { return steps_; }

 private:
  Timestamp start_;
  Duration width_ = std::chrono::seconds(1);
  std::vector<Step> steps_;
};

struct CrawlReport {
  explicit CrawlReport(storage::Run r) : run(std::move(r)), line(run.started) {}

  storage::Run run;
  Timestamp last{};  // of what was captured or failed
  std::uint64_t captures = 0, pages = 0, bytes = 0, stored_bytes = 0, quarantined = 0, failed = 0, skipped = 0;
  std::uint64_t articles = 0, references = 0, dois = 0;  // DOIs: as listed, one for each link that carries one
  Counts roles{10}, mimes{200}, statuses{100}, verdicts{100}, failures{200}, skips{200}, plugins{200}, places{50};
  std::map<std::string, HostFigures> hosts;  // at most 5,000 by name
  TimeLine line;
};

// kNotFound: no such run. `run` 0: the newest.
Result<CrawlReport> make_report(const storage::Archive& archive, storage::RunId run);
Json report_json(const CrawlReport& report);

// Writes <archive>/reports/<run>.json and .html, each whole or not at all; kStorage with the file that could not be
// written.
Result<void> write_reports(const storage::Archive& archive, storage::RunId run, const std::filesystem::path& folder);
// What a crawl leaves when its run has ended: the same, and a fault is a warning. Nothing for a run that was stopped,
// which shall end at once and goes on later.
void leave_reports(const storage::Archive& archive, const engine::CrawlSummary& summary,
                   const std::filesystem::path& folder);

}  // namespace vellum::cli
