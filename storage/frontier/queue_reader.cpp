#include "storage/frontier/queue_reader.h"

#include <algorithm>

#include "storage/frontier/queue_records.h"
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

}  // namespace vellum::storage
