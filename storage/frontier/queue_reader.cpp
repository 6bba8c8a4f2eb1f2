#include "storage/frontier/queue_reader.h"

#include <algorithm>

#include <map>

#include "storage/frontier/queue_list.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

using rocks::Family;

namespace {

Timestamp from_micros(std::int64_t value) {
  return Timestamp(Duration(value));
}

const char* state_word(std::uint8_t state) {
  switch (static_cast<TaskState>(state)) {
    case TaskState::kDone:
      return "done";
    case TaskState::kFailed:
      return "failed";
    case TaskState::kSkipped:
      return "skipped";
    default:
      return "queued";
  }
}

}  // namespace

QueueReader::QueueReader(std::unique_ptr<rocks::Database> database) : database_(std::move(database)) {}
QueueReader::~QueueReader() = default;

Result<std::unique_ptr<QueueReader>> QueueReader::open(const std::filesystem::path& folder) {
  VELLUM_TRY(std::unique_ptr<rocks::Database> database, rocks::Database::open(folder, rocks::Mode::kSecondary));
  return std::unique_ptr<QueueReader>(new QueueReader(std::move(database)));
}

Result<TaskStatus> QueueReader::status(RunId run, const std::string& seen, const std::string& group) const {
  VELLUM_TRY(const auto value, database_->find(Family::kSeen, seen_key_row(run, seen)));
  if (!value) return TaskStatus{"unknown", {}, {}};
  VELLUM_TRY(SeenRow row, SeenRow::decode(*value));
  TaskStatus status{state_word(row.state), std::move(row.reason), {}};
  if (status.state != "queued") return status;
  status.not_before = due_of(row.place);
  if (const auto state = this->group(group)) status.not_before = std::max(status.not_before, state->next_at);
  return status;
}

Result<QueueReader::GroupState> QueueReader::group(const std::string& group) const {
  VELLUM_TRY(const auto value, database_->find(Family::kGroups, group_key(group)));
  if (!value) return fail(ErrorKind::kNotFound, "group was never asked: " + group);
  VELLUM_TRY(const GroupRow row, GroupRow::decode(*value));
  return GroupState{from_micros(row.next_at), from_micros(row.hold_until), row.leased_by != 0};
}

Result<std::vector<GroupOrder>> QueueReader::orders() const {
  return read_orders(*database_);
}

Result<std::vector<LeasedTask>> QueueReader::list(RunId run, const std::string& group, const std::string& after,
                                                  std::size_t max) const {
  return list_tasks(*database_, run, group, after, max);
}

Result<QueueStats> QueueReader::stats(RunId run, Timestamp now) const {
  VELLUM_TRY(const std::vector<GroupOrder> orders, this->orders());
  std::map<std::string, Timestamp, std::less<>> held;
  for (const GroupOrder& order : orders) held[order.group] = order.held_until;
  const Timestamp all_held = held[kEveryGroup];
  QueueStats stats;
  Result<void> read;
  const std::string prefix = backlog_key(run, {});
  const auto add = [&](std::string_view key, std::string_view value) -> Result<void> {
    VELLUM_TRY(const BacklogRow row, BacklogRow::decode(value));
    const std::string name(key.substr(prefix.size()));
    Timestamp at = std::max(all_held, from_micros(row.due));
    if (const auto order = held.find(name); order != held.end()) at = std::max(at, order->second);
    const auto state = group(name);
    if (state) at = std::max({at, state->next_at, state->held_until});
    stats.queued += row.count;
    ++stats.groups;
    if (state && state->leased) return ++stats.leased, Result<void>();
    if (at <= now) ++stats.ready;
    if (!stats.next_due || at < *stats.next_due) stats.next_due = at;
    return {};
  };
  VELLUM_CHECK(database_->scan(Family::kGroups, prefix, rocks::prefix_end(prefix),
                               [&](std::string_view key, std::string_view value) {
                                 read = add(key, value);
                                 return bool(read);
                               }));
  VELLUM_CHECK(std::move(read));
  return stats;
}

}  // namespace vellum::storage
