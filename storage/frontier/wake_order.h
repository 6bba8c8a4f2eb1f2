// Which groups of a run may be leased now, in the order of the times at which they wake: those that woke lie apart from
// those that sleep, so that they can be counted without a walk, however many there are.
//
// Threads: the store thread only.

#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace vellum::storage {

class WakeOrder {
 public:
  // Microseconds since 1970, and a name that the caller keeps where it is.
  using Entry = std::pair<std::int64_t, std::string_view>;

  void insert(const Entry& entry) { (entry.first <= now_ ? awake_ : asleep_).insert(entry); }
  void erase(const Entry& entry) { (entry.first <= now_ ? awake_ : asleep_).erase(entry); }

  // Sorts them anew for this time: costs what woke since the last one, or what a time set back puts to sleep again.
  void move_to(std::int64_t now) {
    now_ = now;
    while (!asleep_.empty() && asleep_.begin()->first <= now) awake_.insert(asleep_.extract(asleep_.begin()));
    while (!awake_.empty() && awake_.rbegin()->first > now) asleep_.insert(awake_.extract(std::prev(awake_.end())));
  }

  std::size_t awake() const { return awake_.size(); }
  // The one that woke first; nullptr if all sleep.
  const Entry* first_awake() const { return awake_.empty() ? nullptr : &*awake_.begin(); }

  // The first in order that `wanted` says true of.
  template <class Wanted>
  std::optional<Entry> find(const Wanted& wanted) const {
    for (const auto* part : {&awake_, &asleep_}) {
      for (const Entry& entry : *part) {
        if (wanted(entry)) return entry;
      }
    }
    return std::nullopt;
  }

 private:
  std::set<Entry> awake_, asleep_;
  std::int64_t now_ = 0;
};

}  // namespace vellum::storage
