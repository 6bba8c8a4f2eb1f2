// FrontierState: leases, and what is loaded from and written to the groups family.

#include <algorithm>

#include "storage/frontier/frontier_state.h"
#include "storage/frontier/queue_list.h"

namespace vellum::storage {

using rocks::Family;
using rocks::Transaction;

namespace {

constexpr std::string_view kQueuedPrefix = "queued/";  // kMeta: queued URLs of a run, for Archive::stats

std::int64_t micros(Timestamp time) {
  return time.time_since_epoch().count();
}
Timestamp timestamp(std::int64_t micros) {
  return Timestamp(Duration(micros));
}

std::string queued_key(RunId run) {
  return std::string(kQueuedPrefix) + run_prefix(run);
}

}  // namespace

Result<std::unique_ptr<FrontierState>> FrontierState::load(const rocks::Database& database) {
  auto state = std::make_unique<FrontierState>();
  VELLUM_CHECK(state->load_groups(database));
  VELLUM_CHECK(state->load_orders(database));
  VELLUM_CHECK(state->load_backlogs(database));
  VELLUM_CHECK(state->load_closed(database));
  return state;
}

Result<void> FrontierState::load_groups(const rocks::Database& database) {
  Result<void> read;
  VELLUM_CHECK(database.scan(Family::kGroups, "g", "h", [&](std::string_view key, std::string_view value) {
    const auto row = GroupRow::decode(value);
    if (!row) read = fail(row.error());
    if (!row) return false;
    const std::string name(key.substr(1));
    groups_[name].row = *row;
    if (row->leased_by != 0) runs_[row->leased_by].leased.insert(name);
    return true;
  }));
  return read;
}

Result<void> FrontierState::load_orders(const rocks::Database& database) {
  VELLUM_TRY(std::vector<GroupOrder> orders, read_orders(database));
  for (GroupOrder& order : orders) orders_[order.group] = std::move(order);
  return {};
}

Result<void> FrontierState::load_backlogs(const rocks::Database& database) {
  Result<void> read;
  VELLUM_CHECK(database.scan(Family::kGroups, "q", "r", [&](std::string_view key, std::string_view value) {
    const auto row = BacklogRow::decode(value);
    if (!row || key.size() < 6) read = fail(ErrorKind::kCorrupt, "damaged backlog row");
    if (!read) return false;
    RunQueue& queue = runs_[static_cast<RunId>(rocks::from_big_endian(key.substr(1, 4)))];
    const auto [found, fresh] = queue.backlogs.try_emplace(std::string(key.substr(5)),
                                                           Backlog{*row, QueueCursor(QueueCursor::Knows::kNothing)});
    queue.queued += row->count;
    place(queue, found->first, found->second);
    return true;
  }));
  return read;
}

void FrontierState::put_touched(Transaction& group) {
  std::set<RunId> runs;
  for (const auto& [run, name] : touched_) {
    runs.insert(run);
    if (name.empty()) continue;
    const auto found = runs_[run].backlogs.find(name);
    if (found == runs_[run].backlogs.end()) {
      group.erase(Family::kGroups, backlog_key(run, name));
    } else {
      found->second.is_touched = false;
      group.put(Family::kGroups, backlog_key(run, name), found->second.row.encode());
    }
  }
  for (const RunId run : runs) group.put(Family::kMeta, queued_key(run), rocks::big_endian(runs_[run].queued));
  touched_.clear();
}

void FrontierState::end_lease(const std::string& name) {
  Group& state = groups_[name];
  const auto run = runs_.find(state.row.leased_by);
  if (run != runs_.end()) run->second.leased.erase(name);
  state.row.leased_by = 0;
  state.given.clear();
}

// Its holder did not come back in time. The epoch keeps it out from the next lease on.
Result<void> FrontierState::lapse(Transaction& group, const std::string& name) {
  end_lease(name);
  put_group(group, name);
  return refresh_due(group, name);
}

// Looks at what is leased, not at what is queued: a crawl holds few groups, and its queue has many.
Result<void> FrontierState::lapse_expired(Transaction& group, RunId run, Timestamp now) {
  RunQueue& queue = runs_[run];
  queue.by_wake.move_to(micros(now));
  std::vector<std::string> expired;
  for (const auto& [holder, held] : runs_) {
    for (const std::string& name : held.leased) {
      if (ready_at(name) <= micros(now) && queue.backlogs.contains(name)) expired.push_back(name);
    }
  }
  for (const std::string& name : expired) VELLUM_CHECK(lapse(group, name));
  return {};
}

bool FrontierState::is_leased_at(const std::string& name, Timestamp now) const {
  return is_leased(name) && groups_.at(name).row.expires > micros(now);
}

Result<QueueStats> FrontierState::stats(Transaction& group, RunId run, Timestamp now) {
  VELLUM_CHECK(lapse_expired(group, run, now));
  const RunQueue& queue = runs_[run];
  QueueStats stats;
  stats.queued = queue.queued;
  stats.groups = queue.backlogs.size();
  const std::int64_t paused_until = ordered_until(kEveryGroup);
  stats.ready = paused_until > micros(now) ? 0 : queue.by_wake.awake();
  for (const std::string& name : queue.leased) stats.leased += is_leased_at(name, now) ? 1u : 0u;
  const auto next =
      queue.by_wake.find([&](const auto& entry) { return !is_leased_at(std::string(entry.second), now); });
  if (next) stats.next_due = timestamp(std::max(next->first, paused_until));
  return stats;
}

Result<std::vector<GroupLease>> FrontierState::lease(Transaction& group, RunId run, std::size_t max_groups,
                                                     Duration ttl, Timestamp now) {
  VELLUM_CHECK(lapse_expired(group, run, now));
  std::vector<GroupLease> leases;
  if (ordered_until(kEveryGroup) > micros(now)) return leases;
  RunQueue& queue = runs_[run];
  while (leases.size() < max_groups && queue.by_wake.awake() > 0) {
    const std::string name(queue.by_wake.first_awake()->second);
    Group& state = groups_[name];
    const std::int64_t not_before = std::max(state.row.next_at, state.row.hold_until);
    ++state.row.epoch;
    state.row.leased_by = run;
    state.row.expires = micros(now + ttl);
    queue.leased.insert(name);
    put_group(group, name);
    place_everywhere(name);
    const GroupThrottle throttle{state.row.throttles, timestamp(state.row.throttled_at)};
    const GroupSpacing spacing{Duration(state.row.spacing), timestamp(state.row.spacing_until)};
    const auto order = orders_.find(name);
    leases.push_back({LeaseToken{run, name, state.row.epoch}, timestamp(not_before), now + ttl, throttle, spacing,
                      order == orders_.end() ? std::nullopt : order->second.delay});
  }
  return leases;
}

Result<std::vector<LeasedTask>> FrontierState::take(Transaction& group, const LeaseToken& token, std::size_t max_tasks,
                                                    Timestamp now) {
  VELLUM_CHECK(check(token));
  std::vector<LeasedTask> tasks;
  const auto backlog = runs_[token.run].backlogs.find(token.group);
  if (backlog == runs_[token.run].backlogs.end() || max_tasks == 0) return tasks;
  const std::string prefix = queue_prefix(token.run, token.group);
  std::set<Place>& given = groups_[token.group].given;
  Result<void> read;
  VELLUM_CHECK(backlog->second.cursor.walk(group, prefix, micros(now), [&](const Place& place, std::string_view value) {
    if (given.contains(place)) return true;
    auto task = decode_task(value, place, token.group);
    if (!task) {
      read = fail(task.error());
      return false;
    }
    tasks.push_back({prefix + encode_place(place), *std::move(task)});
    given.insert(place);
    return tasks.size() < max_tasks;
  }));
  VELLUM_CHECK(std::move(read));
  return tasks;
}

Result<void> FrontierState::renew(Transaction& group, const LeaseToken& token, Duration ttl, Timestamp now) {
  VELLUM_CHECK(check(token));
  groups_[token.group].row.expires = micros(now + ttl);
  put_group(group, token.group);
  place_everywhere(token.group);
  return {};
}

Result<void> FrontierState::release(Transaction& group, const LeaseToken& token, Timestamp next_at) {
  VELLUM_CHECK(check(token));
  GroupRow& row = groups_[token.group].row;
  row.next_at = std::max(row.next_at, micros(next_at));
  return lapse(group, token.group);
}

void FrontierState::update(Transaction& group, const GroupUpdate& update) {
  GroupRow& row = groups_[update.group].row;
  if (update.hold) {
    row.hold_until = std::max(row.hold_until, micros(update.next_at));
  } else if (update.next_at == Timestamp::min()) {
    row.hold_until = row.next_at = 0;
  } else {
    row.next_at = micros(update.next_at);
  }
  if (update.crash_extra) row.crash_extra = update.crash_extra->count();
  if (update.throttle) {
    row.throttles = update.throttle->level;
    row.throttled_at = micros(update.throttle->last);
  }
  if (update.spacing) {
    row.spacing = update.spacing->least.count();
    row.spacing_until = micros(update.spacing->until);
  }
  put_group(group, update.group);
  place_everywhere(update.group);
}

void FrontierState::order(Transaction& group, const GroupOrder& order) {
  if (order.is_empty()) {
    orders_.erase(order.group);
    group.erase(Family::kGroups, order_key(order.group));
  } else {
    orders_[order.group] = order;
    group.put(Family::kGroups, order_key(order.group), encode_order(order));
  }
  place_everywhere(order.group);
}

}  // namespace vellum::storage
