#include "storage/frontier/queue_records.h"

#include <algorithm>

#include "base/digest.h"
#include "storage/rocks/database.h"

namespace vellum::storage {
namespace {

using rocks::big_endian;
using rocks::from_big_endian;

constexpr char kTaskVersion = 1, kThrottledTaskVersion = 2;  // the second ends with how often it was throttled
constexpr std::size_t kMaxReason = 300;

std::string four_bytes(std::uint32_t value) {
  return big_endian(value).substr(4);
}

// "https://host:port" of a seen key that is a URL; all of it otherwise.
std::string_view host_part(std::string_view seen) {
  const std::size_t scheme = seen.find("://");
  if (scheme == std::string_view::npos) return seen;
  return seen.substr(0, seen.find('/', scheme + 3));
}

void put_number(std::string& out, std::uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void put_text(std::string& out, std::string_view text) {
  put_number(out, text.size());
  out.append(text);
}

// Reads what put_number and put_text wrote; after a fault everything is empty and `good` is false.
struct Reader {
  std::string_view rest;
  bool good = true;

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      value |= std::uint64_t{byte & 0x7fu} << shift;
      if (byte < 0x80) return value;
    }
    good = false;
    return 0;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest.size()) good = false;
    if (!good) return {};
    std::string bytes(rest.substr(0, static_cast<std::size_t>(size)));
    rest.remove_prefix(bytes.size());
    return bytes;
  }
};

Failure damaged(const char* what) {
  return fail(ErrorKind::kCorrupt, std::string("damaged ") + what);
}

}  // namespace

Place place_of(const UrlTask& task, std::uint64_t number) {
  const auto priority = static_cast<std::uint8_t>(std::clamp(task.priority, 0, 9));
  const auto due = task.not_before.time_since_epoch().count();
  if (due <= 0) return {static_cast<std::uint8_t>(priority * 2 + 1), 0, number};
  return {static_cast<std::uint8_t>(priority * 2), static_cast<std::uint64_t>(due), number};
}

Timestamp due_of(const Place& place) {
  return Timestamp(Duration(static_cast<Duration::rep>(place.due)));
}

std::string encode_place(const Place& place) {
  std::string bytes(1, static_cast<char>(place.slot));
  return bytes + big_endian(place.due) + big_endian(place.number);
}

Place decode_place(std::string_view bytes) {
  return {static_cast<std::uint8_t>(bytes[0]), from_big_endian(bytes.substr(1)), from_big_endian(bytes.substr(9))};
}

std::string run_prefix(RunId run) {
  return four_bytes(run);
}

std::string queue_prefix(RunId run, std::string_view group) {
  std::string key = four_bytes(run);
  key.append(group).push_back('\0');
  return key;
}

std::optional<QueueKey> parse_queue_key(std::string_view key) {
  if (key.size() < 4 + 1 + kPlaceBytes || key[key.size() - kPlaceBytes - 1] != '\0') return std::nullopt;
  const Place place = decode_place(key.substr(key.size() - kPlaceBytes));
  if (place.slot >= kSlots) return std::nullopt;
  const auto run = static_cast<RunId>(from_big_endian(key.substr(0, 4)));
  return QueueKey{run, key.substr(4, key.size() - kPlaceBytes - 1 - 4), place};
}

SeenKeys::SeenKeys(RunId run) : prefix_(four_bytes(run)) {}

std::string SeenKeys::row_of(std::string_view seen) {
  const std::string_view host = host_part(seen);
  if (host_bytes_.empty() || host != host_) {
    host_ = host;
    host_bytes_ = sha256(host).view().substr(0, 4);
  }
  std::string key = prefix_;
  return key.append(host_bytes_).append(sha256(seen).view().substr(0, 12));
}

std::string seen_key_row(RunId run, std::string_view seen) {
  return SeenKeys(run).row_of(seen);
}

std::string SeenRow::encode() const {
  std::string value(1, static_cast<char>(state));
  return value.append(state == 0 ? encode_place(place) : reason.substr(0, kMaxReason));
}

Result<SeenRow> SeenRow::decode(std::string_view value) {
  if (value.empty() || value[0] < 0 || value[0] > static_cast<char>(TaskState::kSkipped)) return damaged("seen row");
  SeenRow row;
  row.state = static_cast<std::uint8_t>(value[0]);
  if (row.state != 0) {
    row.reason = value.substr(1);
    return row;
  }
  if (value.size() != 1 + kPlaceBytes) return damaged("seen row");
  row.place = decode_place(value.substr(1));
  return row;
}

std::string encode_task(const UrlTask& task) {
  std::string value(1, task.throttled > 0 ? kThrottledTaskVersion : kTaskVersion);
  value.reserve(32 + task.url.size() + task.seen.size() + task.via.size() + task.root.size() + task.rule.size());
  put_text(value, task.url);
  put_text(value, task.seen == task.url ? std::string_view() : task.seen);
  put_number(value, static_cast<std::uint64_t>(task.role));
  put_number(value, static_cast<std::uint64_t>(std::max(task.depth, 0)));
  put_number(value, static_cast<std::uint64_t>(std::max(task.attempts, 0)));
  put_number(value, static_cast<std::uint64_t>(std::max(task.redirects, 0)));
  put_text(value, task.via);
  put_text(value, task.hop);
  put_number(value, task.root == task.via ? 1 : 0);
  put_text(value, task.root == task.via ? std::string_view() : task.root);
  put_text(value, task.rule);
  put_number(value, task.root_capture);
  if (task.throttled > 0) put_number(value, static_cast<std::uint64_t>(task.throttled));
  return value;
}

Result<UrlTask> decode_task(std::string_view value, const Place& place, std::string_view group) {
  const char version = value.empty() ? '\0' : value.front();
  if (version != kTaskVersion && version != kThrottledTaskVersion) return damaged("queue row");
  Reader reader{value.substr(1)};
  UrlTask task;
  task.url = reader.text();
  task.seen = reader.text();
  if (task.seen.empty()) task.seen = task.url;
  const std::uint64_t role = reader.number();
  task.depth = static_cast<int>(reader.number());
  task.attempts = static_cast<int>(reader.number());
  task.redirects = static_cast<int>(reader.number());
  task.via = reader.text();
  task.hop = reader.text();
  const bool root_is_via = reader.number() == 1;
  task.root = reader.text();
  if (root_is_via) task.root = task.via;
  task.rule = reader.text();
  task.root_capture = reader.number();
  if (version == kThrottledTaskVersion) task.throttled = static_cast<int>(reader.number());
  if (!reader.good || !reader.rest.empty() || role < 1 || role > static_cast<std::uint64_t>(Role::kRobots))
    return damaged("queue row");
  task.role = static_cast<Role>(role);
  task.group = group;
  task.priority = place.slot / 2;
  task.not_before = due_of(place);
  return task;
}

std::string GroupRow::encode() const {
  const std::string asked = spacing == 0 ? std::string()
                                         : big_endian(static_cast<std::uint64_t>(spacing)) +
                                               big_endian(static_cast<std::uint64_t>(spacing_until));
  return big_endian(static_cast<std::uint64_t>(next_at)) + big_endian(static_cast<std::uint64_t>(hold_until)) +
         big_endian(static_cast<std::uint64_t>(expires)) + big_endian(epoch) + four_bytes(leased_by) +
         big_endian(static_cast<std::uint64_t>(crash_extra)) + big_endian(static_cast<std::uint64_t>(throttled_at)) +
         four_bytes(throttles) + asked;
}

Result<GroupRow> GroupRow::decode(std::string_view value) {
  if (value.size() != 36 && value.size() != 56 && value.size() != 72) return damaged("group row");
  GroupRow row;
  row.next_at = static_cast<std::int64_t>(from_big_endian(value));
  row.hold_until = static_cast<std::int64_t>(from_big_endian(value.substr(8)));
  row.expires = static_cast<std::int64_t>(from_big_endian(value.substr(16)));
  row.epoch = from_big_endian(value.substr(24));
  row.leased_by = static_cast<RunId>(from_big_endian(value.substr(32, 4)));
  if (value.size() == 36) return row;
  row.crash_extra = static_cast<std::int64_t>(from_big_endian(value.substr(36)));
  row.throttled_at = static_cast<std::int64_t>(from_big_endian(value.substr(44)));
  row.throttles = static_cast<std::uint32_t>(from_big_endian(value.substr(52, 4)));
  if (value.size() == 56) return row;
  row.spacing = static_cast<std::int64_t>(from_big_endian(value.substr(56)));
  row.spacing_until = static_cast<std::int64_t>(from_big_endian(value.substr(64)));
  return row;
}

std::string group_key(std::string_view group) {
  return "g" + std::string(group);
}

std::string BacklogRow::encode() const {
  return big_endian(count) + big_endian(static_cast<std::uint64_t>(due));
}

Result<BacklogRow> BacklogRow::decode(std::string_view value) {
  if (value.size() != 16) return damaged("backlog row");
  return BacklogRow{from_big_endian(value), static_cast<std::int64_t>(from_big_endian(value.substr(8)))};
}

std::string backlog_key(RunId run, std::string_view group) {
  return "q" + four_bytes(run) + std::string(group);
}

}  // namespace vellum::storage
