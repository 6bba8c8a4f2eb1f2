#include "crawler/engine/group_gate.h"

#include <algorithm>

namespace vellum::engine {

namespace {
constexpr Duration kLookAgain = std::chrono::seconds(60);
}

Task<void> GroupGate::turn() {
  // One at a time: whoever comes second waits until the first has gone through, so that drift never shortens a gap.
  while ((busy_ || under_way_) && !closed_) co_await free_.wait(kLookAgain, free_.generation());
  busy_ = true;
  while (!closed_) {
    const Timestamp now = clock_.now();
    const Timestamp at = next_at();
    if (now >= at) break;
    co_await free_.wait(std::min<Duration>(at - now, kLookAgain), free_.generation());
  }
  busy_ = false;
  free_.notify();
  if (closed_) co_return fail(ErrorKind::kCancelled, "the crawl is stopping");
  under_way_ = true;
  last_left_ = clock_.now();
  next_at_ = last_left_ + spacing_;
  co_return Result<void>();
}

void GroupGate::request_left(Timestamp at) {
  last_left_ = std::max(last_left_, at);
  next_at_ = std::max(next_at_, at + spacing_);
  request_ended();
}

void GroupGate::request_ended() {
  if (!under_way_) return;
  under_way_ = false;
  free_.notify();
}

void GroupGate::lengthen(Duration spacing) {
  spacing_ = std::max(spacing_, spacing);
  if (last_left_ > Timestamp{}) next_at_ = std::max(next_at_, last_left_ + spacing_);
}

storage::GroupUpdate GroupGate::update(const std::string& group, bool hold) const {
  storage::GroupUpdate update{group, hold ? held_until_ : next_at(), hold};
  update.crash_extra = std::max(Duration::zero(), spacing_ - after_crash);
  update.throttle = storage::GroupThrottle{back_off.level, back_off.last};
  return update;
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
