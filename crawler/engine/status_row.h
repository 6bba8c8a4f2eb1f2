// `vellum status` as one JSON object, whoever asks: a client of the socket, a verb beside a stopped archive, the status
// page. Keys are stable; docs/operations.md lists them.
//
// Threads: pure functions.

#pragma once

#include <vector>

#include "base/json.h"
#include "crawler/engine/monitor.h"

namespace vellum::engine {

struct StatusFacts {
  std::optional<storage::Run> run;  // the one under way, else the newest
  storage::QueueStats queue;        // of it, where no crawl runs
  std::uint64_t max_pages = 0;      // likewise
  std::vector<storage::GroupOrder> orders;
  const Snapshot* snapshot = nullptr;  // of the program that holds the archive; nullptr: none does
  Timestamp now{};
};

// "state": "crawling" | "paused" | "waiting" (a daemon between two runs) | "stopped" (no program holds the archive).
Json status_row(const StatusFacts& facts);

Json order_row(const storage::GroupOrder& order);
Json queue_row(const storage::QueueStats& queue);

// The run that commands are about: the newest unfinished one, else the newest.
std::optional<storage::Run> current_run(const std::vector<storage::Run>& runs);

}  // namespace vellum::engine
