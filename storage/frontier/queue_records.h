// Keys and values of the frontier's rows: the code side of docs/formats.md. Private to storage.
//
// Threads: pure functions.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "storage/frontier/frontier.h"

namespace vellum::storage {

// Where a task stands in its group's queue. Rows of one (run, group) lie together in this order:
//   slot   1 byte    priority * 2, +1 for tasks that may be taken at once; so that what waited and is due comes first
//   due    8 bytes   not_before of a waiting task, 0 for others
//   number 8 bytes   in order of insertion, unique over the archive's life
struct Place {
  std::uint8_t slot = 0;
  std::uint64_t due = 0;
  std::uint64_t number = 0;

  auto operator<=>(const Place&) const = default;
  bool is_waiting() const { return slot % 2 == 0; }
};
inline constexpr std::uint8_t kSlots = 20;
inline constexpr std::size_t kPlaceBytes = 17;

Place place_of(const UrlTask& task, std::uint64_t number);
Timestamp due_of(const Place& place);
std::string encode_place(const Place& place);
Place decode_place(std::string_view bytes);  // exactly kPlaceBytes

// queue: run (4 bytes), group, 0x00, place.
std::string queue_prefix(RunId run, std::string_view group);
struct QueueKey {
  RunId run = 0;
  std::string_view group;
  Place place;
};
std::optional<QueueKey> parse_queue_key(std::string_view key);

// seen: run (4 bytes), 4 bytes of SHA-256 of the seen key up to its host, 12 bytes of SHA-256 of all of it. A page's
// links are mostly on its own host: that keeps their rows together, and look-ups fast in a seen-set larger than memory.
std::string seen_key_row(RunId run, std::string_view seen);
// Makes them for many seen keys in a row: hashes a host only where it differs from the one before.
class SeenKeys {
 public:
  explicit SeenKeys(RunId run);
  std::string row_of(std::string_view seen);

 private:
  std::string prefix_;
  std::string host_, host_bytes_;
};
std::string run_prefix(RunId run);

// Value of a seen row: a TaskState, or kQueued with the place, or a state with its reason.
struct SeenRow {
  std::uint8_t state = 0;  // 0 queued, else TaskState
  Place place;             // of a queued task
  std::string reason;      // of a failed or skipped one, shortened

  std::string encode() const;
  static Result<SeenRow> decode(std::string_view value);
};

std::string encode_task(const UrlTask& task);
// kCorrupt. Priority and not_before come from the key.
Result<UrlTask> decode_task(std::string_view value, const Place& place, std::string_view group);

// groups: 'g' + group.
struct GroupRow {
  std::int64_t next_at = 0, hold_until = 0, expires = 0;  // microseconds since 1970
  std::uint64_t epoch = 0;
  RunId leased_by = 0;            // 0: not leased
  std::int64_t crash_extra = 0;   // microseconds; this and what follows are absent from rows of earlier versions
  std::int64_t throttled_at = 0;  // microseconds since 1970
  std::uint32_t throttles = 0;
  std::int64_t spacing = 0, spacing_until = 0;  // microseconds, and since 1970; absent until a group asked for one

  std::string encode() const;
  static Result<GroupRow> decode(std::string_view value);
};
std::string group_key(std::string_view group);

// groups: 'q' + run (4 bytes) + group: what the run has queued for it.
struct BacklogRow {
  std::uint64_t count = 0;
  std::int64_t due = 0;  // when its first task may be taken

  std::string encode() const;
  static Result<BacklogRow> decode(std::string_view value);
};
std::string backlog_key(RunId run, std::string_view group);

}  // namespace vellum::storage
