#include "storage/frontier/frontier_state.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace vellum::storage {

using rocks::Family;
using rocks::Transaction;

namespace {

std::int64_t micros(Timestamp time) {
  return time.time_since_epoch().count();
}
Timestamp timestamp(std::int64_t micros) {
  return Timestamp(Duration(micros));
}

// NUL ends the group's name in keys.
bool is_group_name(std::string_view name) {
  return !name.empty() && name.find('\0') == std::string_view::npos;
}

}  // namespace

std::int64_t FrontierState::ready_at(const std::string& name) const {
  const std::int64_t ordered = ordered_until(name);
  const auto found = groups_.find(name);
  if (found == groups_.end()) return ordered;
  const GroupRow& row = found->second.row;
  const std::int64_t at = std::max({row.next_at, row.hold_until, ordered});
  return row.leased_by != 0 ? std::max(at, row.expires) : at;
}

std::int64_t FrontierState::ordered_until(const std::string& name) const {
  const auto found = orders_.find(name);
  return found == orders_.end() ? 0 : micros(found->second.held_until);
}

bool FrontierState::is_leased(const std::string& name) const {
  const auto found = groups_.find(name);
  return found != groups_.end() && found->second.row.leased_by != 0;
}

void FrontierState::put_group(Transaction& group, const std::string& name) {
  group.put(Family::kGroups, group_key(name), groups_[name].row.encode());
}

// While a group is leased its tasks come and go; when its first one is due is found out as the lease ends.
void FrontierState::place(RunQueue& queue, const std::string& name, Backlog& backlog) {
  const std::int64_t wake = is_leased(name) ? ready_at(name) : std::max(ready_at(name), backlog.row.due);
  if (backlog.wake == wake) return;
  const std::string& known = queue.backlogs.find(name)->first;  // outlives `name`
  if (backlog.wake) queue.by_wake.erase({*backlog.wake, known});
  backlog.wake = wake;
  queue.by_wake.insert({wake, known});
}

void FrontierState::place_everywhere(const std::string& name) {
  for (auto& [run, queue] : runs_) {
    const auto found = queue.backlogs.find(name);
    if (found != queue.backlogs.end()) place(queue, name, found->second);
  }
}

Result<void> FrontierState::recover(Transaction& group, Timestamp earliest) {
  for (auto& [name, state] : groups_) {
    if (state.row.leased_by == 0) continue;
    state.row.next_at = std::max(state.row.next_at, micros(earliest) + state.row.crash_extra);
    end_lease(name);
    put_group(group, name);
    VELLUM_CHECK(refresh_due(group, name));
  }
  return {};
}

Result<void> FrontierState::check(const LeaseToken& token) const {
  const auto found = groups_.find(token.group);
  if (found != groups_.end() && found->second.row.leased_by == token.run && found->second.row.epoch == token.epoch &&
      token.run != 0) {
    return {};
  }
  return fail(ErrorKind::kRefused, "the lease of group " + token.group + " was lost");
}

Result<void> FrontierState::check(const std::vector<UrlTask>& tasks) {
  for (const UrlTask& task : tasks) {
    if (task.url.empty() || task.seen.empty() || !is_group_name(task.group)) {
      return fail(ErrorKind::kInvalid, "task without url, seen key or group: \"" + task.url + "\"");
    }
  }
  return {};
}

Result<void> FrontierState::check(const std::vector<Outcome>& outcomes, const std::optional<LeaseToken>& lease) {
  for (const Outcome& outcome : outcomes) {
    const auto key = parse_queue_key(outcome.key);
    if (!key || !is_group_name(key->group))
      return fail(ErrorKind::kInvalid, "outcome without the key of a leased task");
    if (lease && (key->run != lease->run || key->group != lease->group)) {
      return fail(ErrorKind::kInvalid,
                  "outcome of a task of another group than the lease's: " + std::string(key->group));
    }
    if (!outcome.retry.group.empty() && !is_group_name(outcome.retry.group)) {
      return fail(ErrorKind::kInvalid, "outcome with a bad group: " + outcome.retry.url);
    }
  }
  return {};
}

Result<void> FrontierState::check(const std::vector<GroupUpdate>& updates) {
  for (const GroupUpdate& update : updates) {
    if (!is_group_name(update.group)) return fail(ErrorKind::kInvalid, "update of a group without a name");
  }
  return {};
}

Result<std::size_t> FrontierState::add(Transaction& group, RunId run, const std::vector<UrlTask>& tasks) {
  // Asked for in one go, in the order of keys: those of one host lie together.
  SeenKeys keys(run);
  std::vector<std::string> rows;
  for (const UrlTask& task : tasks) rows.push_back(keys.row_of(task.seen));
  std::vector<std::string_view> asked(rows.begin(), rows.end());
  std::sort(asked.begin(), asked.end());
  asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
  VELLUM_TRY(std::vector<bool> seen, group.has(Family::kSeen, asked));
  std::size_t fresh = 0;
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    const auto at = std::lower_bound(asked.begin(), asked.end(), std::string_view(rows[i])) - asked.begin();
    if (seen[static_cast<std::size_t>(at)]) continue;
    seen[static_cast<std::size_t>(at)] = true;
    if (const std::string reason = why_closed(tasks[i].url); !reason.empty()) {
      group.put(Family::kSeen, rows[i], SeenRow{static_cast<std::uint8_t>(TaskState::kSkipped), {}, reason}.encode());
      continue;
    }
    insert(group, run, tasks[i], rows[i]);
    ++fresh;
  }
  return fresh;
}

void FrontierState::touch(RunId run, const std::string& name, Backlog& backlog) {
  if (std::exchange(backlog.is_touched, true)) return;
  touched_.insert({run, name});
}

void FrontierState::insert(Transaction& group, RunId run, const UrlTask& task, const std::string& seen_row) {
  const Place place = place_of(task, group.next_number());
  group.put(Family::kQueue, queue_prefix(run, task.group) + encode_place(place), encode_task(task));
  group.put(Family::kSeen, seen_row, SeenRow{0, place, {}}.encode());
  RunQueue& queue = runs_[run];
  const auto due = static_cast<std::int64_t>(place.due);
  const auto [found, fresh] =
      queue.backlogs.try_emplace(task.group, Backlog{BacklogRow{0, due}, QueueCursor(QueueCursor::Knows::kEmpty)});
  Backlog& backlog = found->second;
  ++backlog.row.count;
  ++queue.queued;
  backlog.row.due = std::min(backlog.row.due, due);
  backlog.cursor.added(place);
  this->place(queue, found->first, backlog);
  touch(run, found->first, backlog);
}

void FrontierState::remove(RunId run, const std::string& name, const Place& place) {
  RunQueue& queue = runs_[run];
  const auto found = queue.backlogs.find(name);
  VELLUM_ASSERT(found != queue.backlogs.end(), "a queued row has a backlog");
  --queue.queued;
  touched_.insert({run, name});
  groups_[name].given.erase(place);
  if (--found->second.row.count > 0) return;
  queue.by_wake.erase({*found->second.wake, found->first});
  queue.backlogs.erase(found);
}

// Exact again for all runs, after a lease of the group during which it was let go.
Result<void> FrontierState::refresh_due(const Transaction& group, const std::string& name) {
  for (auto& [run, queue] : runs_) {
    const auto found = queue.backlogs.find(name);
    if (found == queue.backlogs.end()) continue;
    Backlog& backlog = found->second;
    VELLUM_TRY(const auto due, backlog.cursor.first_due(group, queue_prefix(run, name)));
    if (!due) return fail(ErrorKind::kCorrupt, "queue of group " + name + " has fewer tasks than it says");
    if (backlog.row.due != *due) touched_.insert({run, name});
    backlog.row.due = *due;
    place(queue, found->first, backlog);
  }
  return {};
}

Result<bool> FrontierState::settle(Transaction& group, const Outcome& outcome) {
  const auto key = parse_queue_key(outcome.key);
  VELLUM_TRY(const auto value, group.find(Family::kQueue, outcome.key));
  if (!value) return false;
  const std::string name(key->group);
  VELLUM_TRY(const UrlTask task, decode_task(*value, key->place, name));
  const std::string seen_row = seen_key_row(key->run, task.seen);
  group.erase(Family::kQueue, outcome.key);
  if (outcome.state == TaskState::kRetry) {
    UrlTask again = outcome.retry.url.empty() ? task : outcome.retry;
    again.seen = task.seen;
    if (again.group.empty()) again.group = name;
    insert(group, key->run, again, seen_row);  // before the removal, so that the backlog and its cursor stay
  } else {
    group.put(Family::kSeen, seen_row, SeenRow{static_cast<std::uint8_t>(outcome.state), {}, outcome.reason}.encode());
  }
  remove(key->run, name, key->place);
  if (!is_leased(name)) VELLUM_CHECK(refresh_due(group, name));
  return true;
}

Result<void> FrontierState::drop(Transaction& group, RunId run) {
  for (const Family family : {Family::kQueue, Family::kSeen}) {
    group.erase_range(family, run_prefix(run), rocks::prefix_end(run_prefix(run)));
  }
  const auto found = runs_.find(run);
  if (found == runs_.end()) return {};
  const std::set<std::string> leased = found->second.leased;
  for (const auto& [name, backlog] : found->second.backlogs) touched_.insert({run, name});
  touched_.insert({run, {}});
  found->second = RunQueue();
  for (const std::string& name : leased) {
    end_lease(name);
    put_group(group, name);
    VELLUM_CHECK(refresh_due(group, name));
  }
  return {};
}

Result<TaskStatus> FrontierState::status(const Transaction& group, RunId run, const std::string& seen,
                                         const std::string& name) const {
  VELLUM_TRY(const auto value, group.find(Family::kSeen, seen_key_row(run, seen)));
  if (!value) return TaskStatus{"unknown", {}, {}};
  VELLUM_TRY(const SeenRow row, SeenRow::decode(*value));
  switch (row.state) {
    case static_cast<std::uint8_t>(TaskState::kDone):
      return TaskStatus{"done", row.reason, {}};
    case static_cast<std::uint8_t>(TaskState::kFailed):
      return TaskStatus{"failed", row.reason, {}};
    case static_cast<std::uint8_t>(TaskState::kSkipped):
      return TaskStatus{"skipped", row.reason, {}};
    default:
      return TaskStatus{"queued", {}, timestamp(std::max(ready_at(name), micros(due_of(row.place))))};
  }
}

}  // namespace vellum::storage
