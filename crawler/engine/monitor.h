// What a running program can tell about itself at any moment: for `vellum status`, the progress line, the status page
// and the metrics.
//
// A Monitor stands between a crawl and its observer: it counts, and passes everything on. Between the runs of a daemon
// it keeps what the last run left.
//
// Threads: the observer's functions on the io thread; everything else on any.

#pragma once

#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crawler/engine/crawl.h"
#include "crawler/engine/observer.h"
#include "crawler/engine/pace.h"

namespace vellum::engine {

struct Trouble {
  Timestamp at{};
  std::string url;
  std::string reason;
};

struct NextRun {
  std::string crawl;  // the file that configures it
  Timestamp at{};
};

// One moment of the program.
struct Snapshot {
  Timestamp at{};
  bool is_crawling = false;
  std::string crawl;  // the file, or the first seed where there is none
  Timestamp started{};
  storage::RunId run = 0;
  std::uint64_t pages = 0, max_pages = 0;  // of the whole run
  Tally tally;                             // of this invocation
  storage::QueueStats queue;
  std::size_t in_flight = 0;
  double captures_per_second = 0, pages_per_second = 0;
  std::optional<Duration> time_left;  // Pace::time_left
  std::deque<Trouble> troubles;       // the last ones, oldest first
  std::vector<NextRun> next_runs;
  std::string plugin_fault;  // why changed plugins were not taken; "" if they were
  // Of the process, all runs together: what never goes down, for metrics.
  Tally total;
  std::uint64_t runs_ended = 0;

  std::uint64_t waiting_groups() const {
    const std::uint64_t others = queue.ready + queue.leased;
    return queue.groups > others ? queue.groups - others : 0;
  }
};

class Monitor final : public CrawlObserver {
 public:
  explicit Monitor(const Clock& clock) : clock_(clock) {}

  // Between these a run is under way, whose events go on to `next`. `summary`: of the run; nullptr if it broke off.
  void begin(CrawlObserver& next, std::string crawl);
  void end(const CrawlSummary* summary);
  void set_next_runs(std::vector<NextRun> runs);
  void set_plugin_fault(std::string fault);

  Snapshot snapshot() const;

  void captured(const storage::Capture& capture) override;
  void extracted(const ExtractedNote& note) override;
  void failed(const std::string& url, const std::string& reason) override;
  void skipped(const std::string& url, const std::string& reason) override;
  void progress(const Progress& progress) override;
  void plugin_failed(const std::string& url, const plugins::PluginFault& fault) override;
  void drifted(const DriftNote& drift) override;

 private:
  const Clock& clock_;
  mutable std::mutex mutex_;
  Snapshot now_;
  Tally before_;  // runs that ended
  Pace pace_;
  CrawlObserver* next_ = nullptr;
};

}  // namespace vellum::engine
