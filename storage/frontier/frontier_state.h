// What the frontier keeps in memory, and how each call changes it together with the rows of a transaction.
//
// Memory holds groups only: their politeness rows, and per run a backlog (how many tasks, when the first is due, where
// to read on) ordered by the time at which it wakes. Tasks and the seen-set are read from disk.
//
// Every call first checks, then changes; an error after the first change is kCorrupt or kStorage, which ends the
// Writer. Threads: the store thread only, but for load().

#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/archive/tombstone.h"
#include "storage/frontier/frontier.h"
#include "storage/frontier/queue_cursor.h"
#include "storage/frontier/queue_records.h"
#include "storage/frontier/wake_order.h"
#include "storage/rocks/transaction.h"

namespace vellum::storage {

class FrontierState {
 public:
  static Result<std::unique_ptr<FrontierState>> load(const rocks::Database& database);

  // Frees the groups that were leased when the last process ended: each waits until `earliest` and its crash_extra, or
  // longer where what was durable says so.
  Result<void> recover(rocks::Transaction& group, Timestamp earliest);

  Result<void> check(const LeaseToken& token) const;
  // kInvalid, nothing done: a task without URL, seen key or group, or with a NUL in its group; an outcome of another
  // group or run than the lease's.
  static Result<void> check(const std::vector<UrlTask>& tasks);
  static Result<void> check(const std::vector<Outcome>& outcomes, const std::optional<LeaseToken>& lease);
  static Result<void> check(const std::vector<GroupUpdate>& updates);

  Result<std::size_t> add(rocks::Transaction& group, RunId run, const std::vector<UrlTask>& tasks);
  Result<std::vector<GroupLease>> lease(rocks::Transaction& group, RunId run, std::size_t max_groups, Duration ttl,
                                        Timestamp now);
  Result<std::vector<LeasedTask>> take(rocks::Transaction& group, const LeaseToken& token, std::size_t max_tasks,
                                       Timestamp now);
  Result<void> renew(rocks::Transaction& group, const LeaseToken& token, Duration ttl, Timestamp now);
  Result<void> release(rocks::Transaction& group, const LeaseToken& token, Timestamp next_at);
  void update(rocks::Transaction& group, const GroupUpdate& update);
  void order(rocks::Transaction& group, const GroupOrder& order);
  // False if the task is not queued any more: somebody said so before.
  Result<bool> settle(rocks::Transaction& group, const Outcome& outcome);
  Result<void> drop(rocks::Transaction& group, RunId run);

  // Addresses that were taken down: closed to all runs until they are opened again. What is queued of them is skipped;
  // returns how many tasks that were.
  Result<std::uint64_t> close(rocks::Transaction& group, const std::vector<ClosedAddress>& addresses);
  // False: it was not closed.
  Result<bool> reopen(rocks::Transaction& group, const std::string& address);

  Result<QueueStats> stats(rocks::Transaction& group, RunId run, Timestamp now);
  Result<TaskStatus> status(const rocks::Transaction& group, RunId run, const std::string& seen,
                            const std::string& name) const;

  // Rows of the backlogs that changed; once per batch.
  void put_touched(rocks::Transaction& group);

 private:
  struct Group {
    GroupRow row;
    std::set<Place> given;  // by the lease in force
  };
  struct Backlog {
    BacklogRow row;
    QueueCursor cursor;
    std::optional<std::int64_t> wake{};  // its place in by_wake
    bool is_touched = false;             // is among touched_
  };
  struct RunQueue {
    std::uint64_t queued = 0;
    std::unordered_map<std::string, Backlog> backlogs;
    WakeOrder by_wake;             // names are the backlogs' keys
    std::set<std::string> leased;  // groups that this run holds
  };

  Result<void> load_groups(const rocks::Database& database);
  Result<void> load_backlogs(const rocks::Database& database);
  Result<void> load_orders(const rocks::Database& database);

  std::int64_t ready_at(const std::string& name) const;
  std::int64_t ordered_until(const std::string& name) const;  // by an operator; 0: no hold
  bool is_leased(const std::string& name) const;
  bool is_leased_at(const std::string& name, Timestamp now) const;  // and the lease has not run out
  void put_group(rocks::Transaction& group, const std::string& name);
  void end_lease(const std::string& name);
  Result<void> lapse(rocks::Transaction& group, const std::string& name);
  Result<void> lapse_expired(rocks::Transaction& group, RunId run, Timestamp now);
  void touch(RunId run, const std::string& name, Backlog& backlog);
  void place(RunQueue& queue, const std::string& name, Backlog& backlog);
  void place_everywhere(const std::string& name);
  void insert(rocks::Transaction& group, RunId run, const UrlTask& task, const std::string& seen_row);
  void remove(RunId run, const std::string& name, const Place& place);
  Result<void> refresh_due(const rocks::Transaction& group, const std::string& name);

  Result<void> load_closed(const rocks::Database& database);
  // "taken down: ", and why; "" where it is open.
  std::string why_closed(const std::string& url) const;

  std::unordered_map<std::string, Group> groups_;
  std::map<std::string, ClosedAddress> closed_;           // by replay key
  std::map<std::string, ClosedAddress> closed_prefixes_;  // by beginning
  std::map<RunId, RunQueue> runs_;
  std::map<std::string, GroupOrder> orders_;
  std::set<std::pair<RunId, std::string>> touched_;
};

}  // namespace vellum::storage
