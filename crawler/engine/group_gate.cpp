#include "crawler/engine/group_gate.h"

#include <algorithm>

namespace vellum::engine {

namespace {
constexpr Duration kLookAgain = std::chrono::seconds(60);
constexpr Duration kSpacingKept = std::chrono::hours(24);  // as long as a robots.txt is (RFC 9309, 2.4)
}  // namespace

Task<void> GroupGate::turn() {
  // One at a time: whoever comes second waits until the first has gone through, so that drift never shortens a gap.
  while ((busy_ || under_way_) && !closed_) co_await free_.wait(kLookAgain, free_.generation());
  busy_ = true;
  while (!closed_) {
    const Timestamp now = clock_.now();
    const Timestamp at = next_at();
    if (std::max(at, now) >= lease_end_) {
      busy_ = false;
      free_.notify();
      co_return fail(ErrorKind::kCancelled, "the lease ends before the group may be asked again");
    }
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

bool GroupGate::lengthen(Duration spacing) {
  const Timestamp now = clock_.now();
  if (spacing >= asked_.least || asked_.until <= now) asked_ = {spacing, now + kSpacingKept};
  const bool grew = spacing > spacing_;
  spacing_ = std::max(spacing_, spacing);
  if (last_left_ > Timestamp{}) next_at_ = std::max(next_at_, last_left_ + spacing_);
  return grew;
}

void GroupGate::recall(const storage::GroupSpacing& known) {
  if (known.until <= clock_.now()) return;
  asked_ = known;
  spacing_ = std::max(spacing_, known.least);
}

storage::GroupUpdate GroupGate::update(const std::string& group, bool hold) const {
  storage::GroupUpdate update{group, hold ? held_until_ : next_at(), hold};
  update.crash_extra = std::max(Duration::zero(), spacing_ - after_crash);
  update.throttle = storage::GroupThrottle{back_off.level, back_off.last};
  if (asked_.least > Duration::zero()) update.spacing = asked_;
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
