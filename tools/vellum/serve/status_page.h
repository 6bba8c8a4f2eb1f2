// The daemon's own pages beside its replay: /status for people, /metrics for Prometheus. Both read-only: what changes
// a crawl is the verbs' business, for any page in a browser can make a request.
//
// Threads: answer() from any.

#pragma once

#include "crawler/engine/control.h"
#include "storage/archive/archive.h"
#include "tools/replay/site.h"

namespace vellum::cli {

class StatusPages {
 public:
  StatusPages(engine::Control& control, const engine::Monitor& monitor, const storage::Archive& archive)
      : control_(control), monitor_(monitor), archive_(archive) {}

  std::optional<replay::Reply> answer(std::string_view path);

 private:
  Result<storage::ArchiveStats> stats();
  Result<replay::Reply> status();
  Result<replay::Reply> metrics();

  engine::Control& control_;
  const engine::Monitor& monitor_;
  const storage::Archive& archive_;
  std::mutex mutex_;  // of the figures, which are counted at most every ten seconds
  std::optional<std::chrono::steady_clock::time_point> counted_;
  storage::ArchiveStats stats_;
};

}  // namespace vellum::cli
