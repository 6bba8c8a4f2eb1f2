// Reads one group's queue in order without walking over the tombstones of what was done: it remembers, per slot, a
// place below which nothing lives, and which slots are empty.
//
// Threads: the store thread only.   Memory: 8 bytes and one Place for each slot in use.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "storage/frontier/queue_records.h"
#include "storage/rocks/transaction.h"

namespace vellum::storage {

class QueueCursor {
 public:
  enum class Knows : bool { kNothing, kEmpty };
  // kEmpty: the queue is known to hold no row. kNothing: as found at open.
  explicit QueueCursor(Knows knows) : empty_(knows == Knows::kEmpty ? (std::uint32_t{1} << kSlots) - 1 : 0) {}

  // Must be told of every row that is added.
  void added(const Place& place);

  // Rows that may be taken at `now`, best first. Return false to stop.
  using Visit = std::function<bool(const Place& place, std::string_view value)>;
  Result<void> walk(const rocks::Transaction& group, const std::string& prefix, std::int64_t now, const Visit& visit);

  // When the first row may be taken: 0 for at once; empty if there is no row.
  Result<std::optional<std::int64_t>> first_due(const rocks::Transaction& group, const std::string& prefix);

 private:
  using Waiting = std::function<void(const Place& place)>;
  struct Walk;
  Result<void> walk(const rocks::Transaction& group, const std::string& prefix, std::int64_t now, const Visit& visit,
                    const Waiting& waiting);
  bool is_empty(std::uint8_t slot) const { return (empty_ >> slot & 1) != 0; }
  void set_empty(std::uint8_t from, std::uint8_t to);  // [from, to)
  Place floor(std::uint8_t slot) const;
  void set_floor(const Place& place);

  std::uint32_t empty_;
  std::vector<Place> floors_;
};

}  // namespace vellum::storage
