// The queue of a crawl: what is to be fetched, and which politeness groups may be asked now.
//
// The frontier leases POLITENESS GROUPS, not URLs: one group, one lease, one next_at, one epoch as fence, one shard.
// What shares a budget (a registrable domain by default) is with at most one worker, so no lock can break a delay.
//   next_at   politeness and lease expiry in one: leasing sets it to now + ttl, releasing to the group's next due time
//   epoch     +1 per lease; a worker whose epoch is old changes nothing (kRefused)
// A lease is synced to disk before it is returned. After an unclean stop every group that was leased waits
// `after_crash` from the moment of opening, unless what was durable says later (Retry-After holds survive).
//
// One implementation per engine (RocksDB here; PostgreSQL later); tests are written against this interface and take the
// time as a parameter. All calls are idempotent or fenced.
//
// Threads: call from any coroutine; each completes on its caller's executor.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "storage/archive/capture.h"

namespace vellum::storage {

// One URL to visit.
struct UrlTask {
  std::string url;    // exact
  std::string seen;   // seen key (base/url_key.h), or another text that makes it one in its run
  std::string group;  // politeness group
  Role role = Role::kPage;
  int priority = 5;  // 0 first ... 9 last: fragments 1, redirects 2, requisites 4, pages 5
  int depth = 0;
  int attempts = 0;                  // tries that failed so far
  int redirects = 0;                 // hops of this redirect chain so far
  int throttled = 0;                 // times the server asked to come back later, which costs no try
  std::string via, hop, root, rule;  // as in Capture
  CaptureId root_capture = 0;
  Timestamp not_before{};  // earlier than now for "at once"
};

// A task handed to a worker; `key` is the frontier's own and goes back in the Outcome.
struct LeasedTask {
  std::string key;
  UrlTask task;
};

struct LeaseToken {
  RunId run = 0;
  std::string group;
  std::uint64_t epoch = 0;
};

// How often in a row a group was told to slow down, and when last: back-off goes on where the last process left it.
struct GroupThrottle {
  std::uint32_t level = 0;
  Timestamp last{};
  bool operator==(const GroupThrottle&) const = default;
};

// The spacing that a group asked for itself (Crawl-delay), and until when its word counts: the next lease of the group
// begins with it, also where it is another process's and has not read the robots.txt of that host yet.
struct GroupSpacing {
  Duration least{};
  Timestamp until{};
  bool operator==(const GroupSpacing&) const = default;
};

struct GroupLease {
  LeaseToken token;
  Timestamp not_before{};  // no request before this
  Timestamp expires{};
  GroupThrottle throttle{};
  GroupSpacing spacing{};
  std::optional<Duration> delay{};  // an operator's, instead of the configured one
};

// What an operator said of one group, durable, whatever the run; it replaces what was said before, and one that says
// nothing takes it back. Apart from GroupUpdate, so that lifting a hold never lifts a server's Retry-After.
struct GroupOrder {
  std::string group;                // kEveryGroup: of all of them, which pauses the archive's crawls
  Timestamp held_until{};           // nothing is leased before; the epoch: no hold; kForGood: until it is taken back
  std::string reason;               // of the hold
  std::optional<Duration> delay{};  // from one request to the next, instead of the configured one

  bool is_empty() const { return held_until == Timestamp{} && !delay; }
  bool operator==(const GroupOrder&) const = default;
};
inline constexpr const char* kEveryGroup = "*";
inline constexpr Timestamp kForGood = std::chrono::sys_days(std::chrono::year(9999) / 12 / 31);

enum class TaskState : std::uint8_t { kDone = 1, kRetry, kFailed, kSkipped };

struct Outcome {
  std::string key;  // LeasedTask::key
  TaskState state = TaskState::kDone;
  std::string reason;  // for failed and skipped
  UrlTask retry;       // for kRetry: the task as it shall be queued again (attempts, not_before)
};

// Durable politeness state of a group; only ever moves next_at later than what is stored while a hold is in force.
struct GroupUpdate {
  std::string group;
  Timestamp next_at{};  // no request before this
  bool hold = false;    // true: Retry-After or an operator: survives the end of the lease
  // What the group waits beyond `after_crash` if the process dies under its lease: where it is asked more slowly than
  // others (Crawl-delay). Empty, like the other two: as it is.
  std::optional<Duration> crash_extra{};
  std::optional<GroupThrottle> throttle{};
  std::optional<GroupSpacing> spacing{};
};

struct QueueStats {
  std::uint64_t queued = 0, groups = 0, ready = 0, leased = 0;
  std::optional<Timestamp> next_due;  // when the next group that nobody has leased becomes ready; empty: none
};

// What the frontier knows of one URL in one run, for `explain`.
struct TaskStatus {
  std::string state;  // "queued" | "done" | "failed" | "skipped" | "unknown"
  std::string reason;
  Timestamp not_before{};  // for queued: earliest time by group and task
};

class Frontier {
 public:
  virtual ~Frontier() = default;

  // Inserts what the run has not seen; returns how many were new. Durable on return.
  virtual Task<std::size_t> add(RunId run, std::vector<UrlTask> tasks) = 0;
  // Leases up to max_groups groups that have due tasks and whose next_at is past. Empty: see stats().next_due.
  virtual Task<std::vector<GroupLease>> lease(RunId run, std::size_t max_groups, Duration ttl, Timestamp now) = 0;
  // The next tasks of a leased group, best first, that this lease was not given yet. Empty: none is due now.
  virtual Task<std::vector<LeasedTask>> take(LeaseToken token, std::size_t max_tasks, Timestamp now) = 0;
  // kRefused if the lease was lost.
  virtual Task<void> renew(LeaseToken token, Duration ttl, Timestamp now) = 0;
  // Ends the lease; tasks without an outcome are queued as before. The group waits until next_at (or its hold).
  virtual Task<void> release(LeaseToken token, Timestamp next_at) = 0;
  virtual Task<void> hold(GroupUpdate update) = 0;

  virtual Task<QueueStats> stats(RunId run, Timestamp now) = 0;
  virtual Task<TaskStatus> status(RunId run, std::string seen, std::string group) = 0;
  virtual Task<void> order(GroupOrder order) = 0;
  virtual Task<std::vector<GroupOrder>> orders() = 0;  // by name of the group
  // Up to `max` queued tasks of a run in the order of groups, of one group or ("") of all, behind the key `after` ("":
  // from the first). Their keys go into outcomes of commits without a lease: that is how tasks are dropped.
  virtual Task<std::vector<LeasedTask>> list(RunId run, std::string group, std::string after, std::size_t max) = 0;
  // Queued tasks of a run in the order of groups. Return false to stop.
  virtual Task<void> scan(RunId run, std::function<bool(const UrlTask&)> visit) = 0;
  // Forgets a run's queue and seen-set (the run's captures stay).
  virtual Task<void> drop(RunId run) = 0;
};

}  // namespace vellum::storage
