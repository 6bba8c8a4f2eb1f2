#include "crawler/engine/group_gate.h"

#include <algorithm>

namespace vellum::engine {

namespace {
constexpr Duration kLookAgain = std::chrono::seconds(60);
}

Task<void> GroupGate::turn() {
  // One at a time: whoever comes second waits until the first has gone through, so that drift never shortens a gap.
  while (busy_ && !closed_) co_await free_.wait(kLookAgain, free_.generation());
  busy_ = true;
  while (!closed_) {
    const Timestamp now = clock_.now();
    if (now >= next_at_) break;
    co_await free_.wait(std::min<Duration>(next_at_ - now, kLookAgain), free_.generation());
  }
  busy_ = false;
  free_.notify();
  if (closed_) co_return fail(ErrorKind::kCancelled, "the crawl is stopping");
  next_at_ = clock_.now() + spacing_;
  co_return Result<void>();
}

void GroupGate::request_left(Timestamp at) {
  next_at_ = std::max(next_at_, at + spacing_);
}

void GroupGate::hold(Timestamp until) {
  held_until_ = std::max(held_until_, until);
  next_at_ = std::max(next_at_, until);
}

void GroupGate::close() {
  closed_ = true;
  free_.notify();
}

}  // namespace vellum::engine
