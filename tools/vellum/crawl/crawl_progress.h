// What a person sees of a crawl while it runs: a block of lines at the foot of a terminal, redrawn in place; or, where
// stderr is no terminal, a plain line every half minute.
//
// Threads: one.

#pragma once

#include <string>
#include <vector>

#include "crawler/engine/monitor.h"

namespace vellum::cli {

// The block: totals and pace, then the queue and the time left, then the last failure if there was one.
std::vector<std::string> progress_lines(const engine::Snapshot& snapshot);
// All of it but the failure on one line.
std::string progress_line(const engine::Snapshot& snapshot);

class ProgressBlock {
 public:
  explicit ProgressBlock(bool terminal) : terminal_(terminal) {}

  void show(const engine::Snapshot& snapshot);
  void clear();

 private:
  const bool terminal_;
  std::size_t lines_ = 0;  // drawn now
  Timestamp last_{};       // of plain lines
};

}  // namespace vellum::cli
