// How fast a crawl goes, and how long it may still take: over the last minute, not since the start, for politeness
// waits and slow hosts make every crawl uneven.
//
// Threads: one at a time.     Memory: a sample a second, sixty of them.

#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "base/clock.h"

namespace vellum::engine {

class Pace {
 public:
  // Running totals at `now`; called as often as one likes.
  void add(Timestamp now, std::uint64_t captures, std::uint64_t pages);

  double captures_per_second() const;
  double pages_per_second() const;

  // An estimate: what is queued now (`queued`, with what is under way) at the last minute's captures a second, or the
  // pages left to the limit at its pages a second, whichever ends first. Links that are yet to be found lengthen it.
  // Empty while nothing moves, or in the first two seconds.
  std::optional<Duration> time_left(std::uint64_t queued, std::optional<std::uint64_t> pages_left) const;

 private:
  struct Sample {
    Timestamp at;
    std::uint64_t captures = 0, pages = 0;
  };
  double per_second(std::uint64_t Sample::*count) const;

  std::deque<Sample> samples_;  // a second apart; the last one is always the newest
};

}  // namespace vellum::engine
