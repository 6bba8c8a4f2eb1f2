#include "plugins/worker/worker_pool.h"

#include <algorithm>
#include <utility>

namespace vellum::worker {
namespace {

constexpr int kFree = 2;  // faults in a row without a rest
constexpr auto kFirst = std::chrono::seconds(1);
constexpr auto kLongest = std::chrono::minutes(5);

}  // namespace

void Rest::failed(SteadyTime now) {
  ++row_;
  if (row_ <= kFree) return;
  const int doublings = std::min(row_ - kFree - 1, 20);
  until_ = now + std::min<std::chrono::steady_clock::duration>(kFirst * (1LL << doublings), kLongest);
}

void Rest::succeeded() {
  row_ = 0;
  until_ = {};
}

WorkerPool::WorkerPool(WorkerSpec spec, Now now) : spec_(std::move(spec)), now_(std::move(now)) {}
WorkerPool::~WorkerPool() = default;

std::size_t WorkerPool::started() const {
  const std::lock_guard lock(mutex_);
  return started_;
}

std::optional<Fault> WorkerPool::resting() {
  const std::lock_guard lock(mutex_);
  if (rest_.is_over(now_())) return std::nullopt;
  return Fault{last_.step, Cause::kResting,
               "rests after " + std::to_string(rest_.row()) + " faults in a row, the last: " + last_.detail};
}

// nullptr: none could be started, and `reading` says why.
std::unique_ptr<WorkerProcess> WorkerPool::take(Reading& reading) {
  WorkerSpec spec = spec_;
  {
    const std::lock_guard lock(mutex_);
    if (!idle_.empty()) {
      auto worker = std::move(idle_.back());
      idle_.pop_back();
      return worker;
    }
    ++started_;
  }
  if (spec.program.empty()) {
    auto found = find_worker_program();
    if (!found) {
      reading.fault = Fault{Step::kStart, Cause::kUnavailable, found.error().message};
      return nullptr;
    }
    spec.program = *std::move(found);
  }
  auto worker = std::make_unique<WorkerProcess>(std::move(spec));
  reading.fault = worker->start();
  return reading.fault ? nullptr : std::move(worker);
}

void WorkerPool::give_back(std::unique_ptr<WorkerProcess> worker, const Reading& reading) {
  std::unique_ptr<WorkerProcess> ended;  // outside of the lock: it waits for the process
  const std::lock_guard lock(mutex_);
  if (reading.fault) {
    last_ = *reading.fault;
    rest_.failed(now_());
  } else {
    rest_.succeeded();
  }
  const bool keep = worker && worker->is_usable() && !worker->is_worn() && idle_.size() < kKept;
  (keep ? idle_.emplace_back() : ended) = std::move(worker);
}

Reading WorkerPool::read(std::span<const PageAnswer> answers) {
  Reading reading;
  reading.fault = resting();
  if (reading.fault) return reading;
  // A kept worker may have died while it was idle, of the machine's lack of memory: the page is not to blame for that.
  // Then there is a second try, and what goes wrong in it counts.
  for (bool again = true; again;) {
    auto worker = take(reading);
    const bool kept = worker && worker->pages() > 0;
    if (worker) reading = worker->read(answers);
    again = kept && reading.fault && reading.fault->step == Step::kStart;
    if (!again) give_back(std::move(worker), reading);
  }
  return reading;
}

}  // namespace vellum::worker
