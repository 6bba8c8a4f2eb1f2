#include "crawler/engine/scheduler.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <utility>

namespace vellum::engine {

using storage::GroupLease;
using storage::LeasedTask;
using storage::Role;
using storage::TaskState;

namespace {

constexpr Duration kLeaseTime = std::chrono::minutes(5);
constexpr Duration kLetGo = std::chrono::seconds(20);  // a group that must wait longer gives its worker back
constexpr int kShare = 64;                             // tasks before other groups get a turn
constexpr Duration kLookAgain = std::chrono::seconds(1);
constexpr Duration kStopPatience = std::chrono::milliseconds(200);

}  // namespace

struct Scheduler::Share {
  Share(Services& services, GroupLease granted)
      : lease(std::move(granted)),
        manners(services.sites.manners(lease.token.group)),
        gate(services.io, services.clock, lease.not_before, manners.delay, &manners.hours),
        ended(services.io) {
    gate.back_off = {lease.throttle.level, lease.throttle.last};
    gate.after_crash = services.config.politeness.after_crash;
    gate.recall(lease.spacing);
    gate.set_lease_end(lease.expires);
  }
  GroupLease lease;
  const policy::GroupManners& manners;
  GroupGate gate;
  Wakeup ended;  // one of its visits
  std::size_t in_flight = 0;
  int handled = 0;
  bool parked = false;  // holds only pages that are over the limit
  bool lost = false;    // lease lost or crawl stopping: take nothing more
};

bool Scheduler::pages_left() const {
  const std::uint64_t limit = services_.config.scope.max_pages;
  return limit == 0 || pages_before_ + services_.tally.pages + pages_in_flight_ < limit;
}

Scheduler::Admission Scheduler::admit(const storage::UrlTask& task) const {
  if (task.role == Role::kPage) return pages_left() ? Admission::kVisit : Admission::kLeave;
  if (task.role != Role::kRequisite) return Admission::kVisit;
  const std::uint64_t used = requisites_before_ + services_.tally.requisites + requisites_in_flight_;
  return used < services_.config.scope.max_requisites ? Admission::kVisit : Admission::kSkip;
}

Task<void> Scheduler::run() {
  VELLUM_CO_CHECK(co_await desk_.take_up_pending());
  Result<void> outcome;
  while (!services_.stopping) {
    const auto leased = co_await lease_more();
    if (!leased) {
      outcome = fail(leased.error());
      break;
    }
    if (*leased > 0) continue;
    const auto goes_on = co_await wait_for_work();
    if (!goes_on) outcome = fail(goes_on.error());
    if (!goes_on || !*goes_on) break;
  }
  ending_ = true;
  for (GroupGate* gate : gates_) gate->close();
  while (workers_ > 0) {
    services_.changed.notify();
    co_await services_.changed.wait(kStopPatience, services_.changed.generation());
  }
  if (outcome && !services_.stopping) outcome = co_await desk_.finish();
  co_return outcome;
}

void Scheduler::stop() {
  services_.stopping = true;
  for (GroupGate* gate : gates_) gate->close();
  services_.changed.notify();
}

Task<std::size_t> Scheduler::lease_more() {
  const auto concurrency = static_cast<std::size_t>(std::max(1, services_.config.politeness.concurrency));
  const auto capacity =
      std::max<std::size_t>(1, static_cast<std::size_t>(services_.config.network.max_visits) / concurrency);
  const std::size_t busy = workers_ - parked_;
  if (busy >= capacity) co_return std::size_t{0};
  VELLUM_CO_TRY(std::vector<GroupLease> leases, co_await services_.catalog.frontier().lease(
                                                    services_.run, capacity - busy, kLeaseTime, services_.clock.now()));
  for (GroupLease& lease : leases) {
    ++workers_;
    boost::asio::co_spawn(services_.io, run_worker(std::move(lease)), boost::asio::detached);
  }
  co_return leases.size();
}

// False when the crawl is over: nothing queued, or nothing but pages over the limit.
Task<bool> Scheduler::wait_for_work() {
  const auto seen = services_.changed.generation();
  VELLUM_CO_TRY(const storage::QueueStats stats,
                co_await services_.catalog.frontier().stats(services_.run, services_.clock.now()));
  if (seen != services_.changed.generation()) co_return true;
  if (all_parked() && !stats.next_due && (parked_ > 0 || stats.queued == 0)) {
    reached_limit_ = parked_ > 0;
    co_return false;
  }
  Duration limit = kLookAgain;
  if (stats.next_due)
    limit = std::clamp<Duration>(*stats.next_due - services_.clock.now(), std::chrono::milliseconds(1), limit);
  co_await services_.changed.wait(limit, seen);
  co_return true;
}

boost::asio::awaitable<void> Scheduler::run_worker(GroupLease lease) {
  const Result<void> ended = co_await work(std::move(lease));
  --workers_;
  if (!ended && ended.error().kind == ErrorKind::kStorage) {
    if (!services_.broken) services_.broken = ended.error();
    services_.stopping = true;
  }
  services_.changed.notify();
}

Task<void> Scheduler::work(GroupLease lease) {
  Share share(services_, std::move(lease));
  gates_.insert(&share.gate);
  Result<void> outcome;
  if (share.manners.delay > services_.config.politeness.after_crash) {
    // A crash under the very first request must not shorten the delay after it.
    outcome = co_await services_.catalog.frontier().hold(share.gate.update(share.lease.token.group));
  }
  while (outcome) {
    const Result<bool> goes_on = co_await next_step(share);
    if (!goes_on && goes_on.error().kind != ErrorKind::kRefused) outcome = fail(goes_on.error());
    if (!goes_on || !*goes_on) break;
  }
  while (share.in_flight > 0) co_await share.ended.wait(kLookAgain, share.ended.generation());
  unpark(share);
  gates_.erase(&share.gate);
  const auto released = co_await services_.catalog.frontier().release(share.lease.token, share.gate.next_at());
  // A lost lease needs no release; a broken store is already known from the visit.
  ignore(released, "the lease expires by itself");
  co_return outcome;
}

// One decision of a worker; false when it is done with its group.
Task<bool> Scheduler::next_step(Share& share) {
  if (services_.stopping || ending_ || share.lost) co_return false;
  const auto concurrency = static_cast<std::size_t>(std::max(1, share.manners.concurrency));
  const auto ended = share.ended.generation();
  if (share.in_flight >= concurrency) {
    co_await share.ended.wait(kLookAgain, ended);
    co_return true;
  }
  const Timestamp now = services_.clock.now();
  const bool gives_back = share.gate.next_at() - now > kLetGo || share.handled >= kShare;
  if (gives_back && share.in_flight == 0) co_return false;
  if (gives_back) {
    co_await share.ended.wait(kLookAgain, ended);
    co_return true;
  }
  if (share.lease.expires - now < kLeaseTime / 2) {
    VELLUM_CO_CHECK(co_await services_.catalog.frontier().renew(share.lease.token, kLeaseTime, now));
    share.lease.expires = now + kLeaseTime;
    share.gate.set_lease_end(share.lease.expires);
  }
  VELLUM_CO_TRY(std::vector<LeasedTask> tasks, co_await services_.catalog.frontier().take(share.lease.token, 1, now));
  if (tasks.empty() && share.parked) {
    VELLUM_CO_CHECK(co_await park(share));
    co_return true;
  }
  if (tasks.empty()) {
    if (share.in_flight == 0) co_return false;
    co_await share.ended.wait(kLookAgain, ended);
    co_return true;
  }
  VELLUM_CO_CHECK(co_await handle(share, std::move(tasks.front())));
  co_return true;
}

Task<void> Scheduler::handle(Share& share, LeasedTask task) {
  const Admission admission = admit(task.task);
  if (admission != Admission::kLeave) unpark(share);
  switch (admission) {
    case Admission::kVisit:
      start_visit(share, std::move(task));
      break;
    case Admission::kSkip:
      co_return co_await skip_over_budget(share, std::move(task));
    case Admission::kLeave:
      co_return co_await park(share);
  }
  co_return Result<void>();
}

// Holds the group until something changes: new requisites may come, or a failed page may free the budget (then the
// group is given back, so that the page it was not allowed to visit is handed out again).
Task<void> Scheduler::park(Share& share) {
  if (!share.parked) ++parked_;
  share.parked = true;
  co_await services_.changed.wait(kLookAgain, services_.changed.generation());
  if (pages_left()) share.lost = true;
  co_return Result<void>();
}

void Scheduler::unpark(Share& share) {
  if (share.parked) --parked_;
  share.parked = false;
}

Task<void> Scheduler::skip_over_budget(Share& share, LeasedTask task) {
  const std::string rule = "max_requisites " + std::to_string(services_.config.scope.max_requisites);
  ++services_.tally.out_of_scope[rule];
  storage::Commit changes;
  changes.lease = share.lease.token;
  changes.outcomes.push_back(storage::Outcome{std::move(task.key), TaskState::kSkipped, rule, {}});
  VELLUM_CO_CHECK(co_await commit(services_, std::move(changes)));
  co_return Result<void>();
}

void Scheduler::start_visit(Share& share, LeasedTask task) {
  ++share.handled;
  ++share.in_flight;
  ++in_flight_;
  if (task.task.role == Role::kPage) ++pages_in_flight_;
  if (task.task.role == Role::kRequisite) ++requisites_in_flight_;
  boost::asio::co_spawn(services_.io, run_visit(share, std::move(task)), boost::asio::detached);
}

boost::asio::awaitable<void> Scheduler::run_visit(Share& share, LeasedTask task) {
  const Role role = task.task.role;
  const std::string url = task.task.url;
  Result<void> outcome;
  try {
    outcome = co_await visitor_.visit(std::move(task), share.gate, share.lease.token);
  } catch (const std::exception& error) {
    outcome = fail(ErrorKind::kBug, url + ": " + error.what());
  }
  if (!outcome) share.lost = true;  // stopping, fenced or broken: the task stays queued
  if (!outcome && outcome.error().kind != ErrorKind::kCancelled && outcome.error().kind != ErrorKind::kRefused &&
      !services_.broken) {
    services_.broken = outcome.error();
    services_.stopping = true;
  }
  if (role == Role::kPage) --pages_in_flight_;
  if (role == Role::kRequisite) --requisites_in_flight_;
  --in_flight_;
  --share.in_flight;
  share.ended.notify();
  services_.changed.notify();
}

}  // namespace vellum::engine
