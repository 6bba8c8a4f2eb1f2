#include "storage/frontier/queue_cursor.h"

#include <algorithm>
#include <limits>

namespace vellum::storage {

using rocks::Family;

void QueueCursor::added(const Place& place) {
  const bool was_empty = is_empty(place.slot);
  empty_ &= ~(std::uint32_t{1} << place.slot);
  if (was_empty || place < floor(place.slot)) set_floor(place);
}

void QueueCursor::set_empty(std::uint8_t from, std::uint8_t to) {
  for (std::uint8_t slot = from; slot < to; ++slot) empty_ |= std::uint32_t{1} << slot;
}

Place QueueCursor::floor(std::uint8_t slot) const {
  for (const Place& place : floors_) {
    if (place.slot == slot) return place;
  }
  return {slot, 0, 0};
}

void QueueCursor::set_floor(const Place& place) {
  for (Place& known : floors_) {
    if (known.slot == place.slot) {
      known = place;
      return;
    }
  }
  floors_.push_back(place);
}

// One ordered scan, begun at the floor of a slot and going on over slots as long as rows are due.
struct QueueCursor::Walk {
  QueueCursor& cursor;
  std::int64_t now;
  const Visit& visit;
  const Waiting& waiting;
  std::uint8_t slot;       // the one being read
  bool met_first = false;  // a live row of `slot`
  bool blocked = false;    // the rest of `slot` is not due
  bool stopped = false;    // by the visitor

  bool operator()(std::string_view key, std::string_view value) {
    const Place place = decode_place(key.substr(key.size() - kPlaceBytes));
    if (place.slot != slot || !met_first) {
      cursor.set_empty(met_first ? static_cast<std::uint8_t>(slot + 1) : slot, place.slot);
      cursor.set_floor(place);
      slot = place.slot;
      met_first = true;
    }
    if (place.is_waiting() && static_cast<std::int64_t>(place.due) > now) {
      waiting(place);
      blocked = true;
      return false;
    }
    stopped = !visit(place, value);
    return !stopped;
  }
};

Result<void> QueueCursor::walk(const rocks::Transaction& group, const std::string& prefix, std::int64_t now,
                               const Visit& visit, const Waiting& waiting) {
  const std::string end = rocks::prefix_end(prefix);
  for (std::uint8_t slot = 0; slot < kSlots; ++slot) {
    if (is_empty(slot)) continue;
    Walk walk{*this, now, visit, waiting, slot};
    VELLUM_CHECK(group.scan(Family::kQueue, prefix + encode_place(floor(slot)), end, std::ref(walk)));
    if (walk.stopped) return {};
    slot = walk.slot;
    if (!walk.blocked) {
      set_empty(walk.met_first ? static_cast<std::uint8_t>(slot + 1) : slot, kSlots);
      return {};
    }
  }
  return {};
}

Result<void> QueueCursor::walk(const rocks::Transaction& group, const std::string& prefix, std::int64_t now,
                               const Visit& visit) {
  return walk(group, prefix, now, visit, [](const Place&) {});
}

Result<std::optional<std::int64_t>> QueueCursor::first_due(const rocks::Transaction& group, const std::string& prefix) {
  std::optional<std::int64_t> first;
  const auto at_once = [&](const Place&, std::string_view) {
    first = 0;
    return false;
  };
  const auto later = [&](const Place& place) {
    const auto due = static_cast<std::int64_t>(place.due);
    if (!first || due < *first) first = due;
  };
  VELLUM_CHECK(walk(group, prefix, std::numeric_limits<std::int64_t>::min(), at_once, later));
  return first;
}

}  // namespace vellum::storage
