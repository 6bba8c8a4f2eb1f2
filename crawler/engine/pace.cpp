#include "crawler/engine/pace.h"

#include <algorithm>

namespace vellum::engine {

namespace {
constexpr Duration kWindow = std::chrono::seconds(60), kStep = std::chrono::seconds(1);
constexpr Duration kTooEarly = std::chrono::seconds(2);
}  // namespace

void Pace::add(Timestamp now, std::uint64_t captures, std::uint64_t pages) {
  const Sample fresh{now, captures, pages};
  const bool is_new = samples_.size() < 2 || now - samples_[samples_.size() - 2].at >= kStep;
  if (is_new) {
    samples_.push_back(fresh);
  } else {
    samples_.back() = fresh;
  }
  while (samples_.size() > 2 && now - samples_.front().at > kWindow) samples_.pop_front();
}

double Pace::per_second(std::uint64_t Sample::*count) const {
  if (samples_.size() < 2) return 0;
  const Sample &first = samples_.front(), &last = samples_.back();
  const double seconds = std::chrono::duration<double>(last.at - first.at).count();
  if (seconds <= 0 || last.*count < first.*count) return 0;
  return static_cast<double>(last.*count - first.*count) / seconds;
}

double Pace::captures_per_second() const {
  return per_second(&Sample::captures);
}

double Pace::pages_per_second() const {
  return per_second(&Sample::pages);
}

std::optional<Duration> Pace::time_left(std::uint64_t queued, std::optional<std::uint64_t> pages_left) const {
  if (samples_.size() < 2 || samples_.back().at - samples_.front().at < kTooEarly) return std::nullopt;
  std::optional<double> seconds;
  if (const double rate = captures_per_second(); rate > 0) seconds = static_cast<double>(queued) / rate;
  if (const double rate = pages_per_second(); rate > 0 && pages_left) {
    const double to_limit = static_cast<double>(*pages_left) / rate;
    seconds = seconds ? std::min(*seconds, to_limit) : to_limit;
  }
  constexpr double kMost = 10.0 * 365 * 86400;
  if (!seconds) return std::nullopt;
  return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(std::min(*seconds, kMost)));
}

}  // namespace vellum::engine
