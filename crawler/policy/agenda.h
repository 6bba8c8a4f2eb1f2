// Which crawl of a daemon runs next, and when: from the runs that the archive has and the schedules alone, so that a
// restart knows what the process before knew.
//
// One run at a time. A run that was broken off goes on at once. Otherwise the crawl whose run is due first comes first,
// and of two that are due at the same moment the one named first; while one runs, the others wait, and what they missed
// meanwhile is made up for by one run each, at once.
//
// Threads: pure.

#pragma once

#include <string>
#include <vector>

#include "crawler/policy/schedule.h"
#include "storage/archive/capture.h"

namespace vellum::policy {

struct AgendaEntry {
  std::string crawl;  // CrawlConfig::identity
  Schedule schedule;  // is_set()
};

struct NextRun {
  std::size_t entry = 0;  // index into the agenda
  Timestamp at{};         // in the past where it is late
  bool goes_on = false;   // with a run that was broken off
};

// `runs` in the order of their start, as Archive::runs gives them; `since`: when the daemon began.
NextRun next_run(const AgendaEntry& entry, const std::vector<storage::Run>& runs, Timestamp since);
// Of an agenda that is not empty.
NextRun next_run(const std::vector<AgendaEntry>& agenda, const std::vector<storage::Run>& runs, Timestamp since);

}  // namespace vellum::policy
