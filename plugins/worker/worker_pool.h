// The workers of one native plugin: kept between pages, replaced after a fault, rested after several.
//
//   Reading reading = pool.read(answers);     // takes a free worker or starts one
//
// A call waits for its own worker alone, at most for two deadlines (start, page): a page holds up nobody else. As many
// workers run as threads call at once; up to kKept are kept.
//
// Threads: any number at once. Memory: the destructor ends the workers.

#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "plugins/worker/worker_process.h"

namespace vellum::worker {

// How long a plugin rests: not after its first faults in a row, then 1 s, 2 s, 4 s ... up to 5 min. A page that is read
// ends the row. Plain value.
class Rest {
 public:
  void failed(SteadyTime now);
  void succeeded();
  bool is_over(SteadyTime now) const { return now >= until_; }
  int row() const { return row_; }

 private:
  int row_ = 0;
  SteadyTime until_{};
};

class WorkerPool {
 public:
  using Now = std::function<SteadyTime()>;
  // The program is looked for when the first worker is started: a plugin that no page needs needs none.
  explicit WorkerPool(WorkerSpec spec, Now now = std::chrono::steady_clock::now);
  ~WorkerPool();

  // Never throws. While the plugin rests: Cause::kResting at once.
  Reading read(std::span<const PageAnswer> answers);

  const WorkerSpec& spec() const { return spec_; }
  std::size_t started() const;  // processes so far
  static constexpr std::size_t kKept = 4;

 private:
  std::optional<Fault> resting();
  std::unique_ptr<WorkerProcess> take(Reading& reading);
  void give_back(std::unique_ptr<WorkerProcess> worker, const Reading& reading);

  WorkerSpec spec_;
  Now now_;
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<WorkerProcess>> idle_;
  Rest rest_;
  Fault last_;
  std::size_t started_ = 0;
};

}  // namespace vellum::worker
