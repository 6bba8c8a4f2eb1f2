// FrontierState: addresses that a take-down closed.

#include "base/url_key.h"
#include "storage/archive/records.h"
#include "storage/frontier/frontier_state.h"

namespace vellum::storage {

using rocks::Family;
using rocks::Transaction;

Result<void> FrontierState::load_closed(const rocks::Database& database) {
  for (const bool is_prefix : {false, true}) {
    const std::string kind = is_prefix ? "p" : "u";
    Result<void> read;
    VELLUM_CHECK(database.scan(
        Family::kTombstones, kind, rocks::prefix_end(kind), [&](std::string_view key, std::string_view value) {
          const auto json = parse_cbor(value);
          auto closed = json ? ClosedAddress::from_json(*json) : Result<ClosedAddress>(fail(json.error()));
          if (!closed) read = fail(closed.error());
          if (!closed) return false;
          (is_prefix ? closed_prefixes_ : closed_)[std::string(key.substr(1))] = *closed;
          return true;
        }));
    VELLUM_CHECK(std::move(read));
  }
  return {};
}

std::string FrontierState::why_closed(const std::string& url) const {
  constexpr std::string_view kSays = "taken down: ";
  for (const auto& [prefix, closed] : closed_prefixes_) {
    if (url.starts_with(prefix)) return std::string(kSays) + closed.reason;
  }
  if (closed_.empty()) return {};
  const auto found = closed_.find(replay_key(url));
  return found == closed_.end() ? std::string() : std::string(kSays) + found->second.reason;
}

Result<std::uint64_t> FrontierState::close(Transaction& group, const std::vector<ClosedAddress>& addresses) {
  for (const ClosedAddress& closed : addresses) {
    const std::string key = closed_key(closed.address, closed.is_prefix);
    group.put(Family::kTombstones, key, to_cbor(closed.to_json()));
    (closed.is_prefix ? closed_prefixes_ : closed_)[key.substr(1)] = closed;
  }
  if (addresses.empty()) return std::uint64_t{0};
  std::vector<Outcome> skipped;
  Result<void> read;
  VELLUM_CHECK(group.scan(Family::kQueue, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto parts = parse_queue_key(key);
    const auto task = parts ? decode_task(value, parts->place, parts->group)
                            : Result<UrlTask>(fail(ErrorKind::kCorrupt, "damaged queue key"));
    if (!task) read = fail(task.error());
    if (!task) return false;
    const std::string reason = why_closed(task->url);
    if (!reason.empty()) skipped.push_back({std::string(key), TaskState::kSkipped, reason, {}});
    return true;
  }));
  VELLUM_CHECK(std::move(read));
  for (const Outcome& outcome : skipped) {
    VELLUM_TRY(const bool is_settled, settle(group, outcome));
    static_cast<void>(is_settled);
  }
  return std::uint64_t{skipped.size()};
}

Result<bool> FrontierState::reopen(Transaction& group, const std::string& address) {
  bool was_closed = false;
  for (const bool is_prefix : {false, true}) {
    const std::string key = closed_key(address, is_prefix);
    VELLUM_TRY(const bool is_there, group.has(Family::kTombstones, key));
    if (!is_there) continue;
    was_closed = true;
    group.erase(Family::kTombstones, key);
    (is_prefix ? closed_prefixes_ : closed_).erase(key.substr(1));
  }
  return was_closed;
}

}  // namespace vellum::storage
