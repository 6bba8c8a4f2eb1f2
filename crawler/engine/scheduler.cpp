#include "crawler/engine/scheduler.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <exception>
#include <utility>

#include "crawler/engine/follow_up.h"

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
        delay(lease.delay.value_or(manners.delay)),
        gate(services.io, services.clock, lease.not_before, delay, &manners.hours),
        ended(services.io) {
    gate.back_off = {lease.throttle.level, lease.throttle.last};
    gate.after_crash = services.config.politeness.after_crash;
    gate.recall(lease.spacing);
    gate.set_lease_end(lease.expires);
  }
  GroupLease lease;
  const policy::GroupManners& manners;
  const Duration delay;  // an operator's, else the configured one; Crawl-delay lengthens it on the way
  GroupGate gate;
  Wakeup ended;  // one of its visits
  std::size_t in_flight = 0;
  int handled = 0;
  // Tasks whose host has had its share. Each lease meets them again, so it is kept the longer the more there are.
  int passed_over = 0;
  bool parked = false;  // holds only tasks that are over a limit
  bool lost = false;    // lease lost or crawl stopping: take nothing more
};

bool Scheduler::pages_left() const {
  const std::uint64_t limit = services_.config.scope.max_pages;
  return limit == 0 || pages_before_ + services_.tally.pages + pages_in_flight_ < limit;
}

Scheduler::Decision Scheduler::admit(const storage::UrlTask& task) const {
  if (task.role == Role::kPage && !pages_left())
    return {Admission::kLeave, fmt::format("max_pages {}", services_.config.scope.max_pages)};
  if (std::string limit = services_.spent.host_limit(task, services_.clock.now()); !limit.empty())
    return {Admission::kPassOver, std::move(limit)};
  if (std::string limit = services_.spent.task_limit(task); !limit.empty()) return {Admission::kSkip, std::move(limit)};
  if (std::string held = held_work(task); !held.empty()) return {Admission::kSkip, std::move(held)};
  if (task.role != Role::kRequisite) return {};
  const std::uint64_t used = requisites_before_ + services_.tally.requisites + requisites_in_flight_;
  if (used < services_.config.scope.max_requisites) return {};
  return {Admission::kSkip, fmt::format("max_requisites {}", services_.config.scope.max_requisites)};
}

std::string Scheduler::held_work(const storage::UrlTask& task) const {
  if (task.hop != kDoiHop) return {};
  const storage::Archive& archive = services_.catalog.archive();
  const std::string doi = followed_doi(task.rule);
  const auto captures = archive.captures_by_id("doi:" + doi);
  if (!captures) return {};
  for (auto id = captures->rbegin(); id != captures->rend(); ++id) {
    const auto capture = archive.capture(*id);
    if (capture && capture->run == services_.run && !capture->quarantined)
      return "follow: " + doi + " was captured in this run: " + capture->url;
  }
  return {};
}

// True once a budget of the whole run is used up.
bool Scheduler::spent() {
  std::string limit = services_.spent.run_limit(services_.clock.now());
  if (limit.empty()) return false;
  services_.tally.limits.insert(std::move(limit));
  return true;
}

Task<void> Scheduler::run() {
  VELLUM_CO_CHECK(co_await desk_.take_up_pending());
  Result<void> outcome;
  while (!services_.stopping) {
    if (spent()) {
      reached_limit_ = true;
      break;
    }
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
  for (const auto& [group, gate] : gates_) gate->close();
  while (workers_ > 0) {
    services_.changed.notify();
    co_await services_.changed.wait(kStopPatience, services_.changed.generation());
  }
  if (outcome && !services_.stopping) outcome = co_await desk_.finish();
  co_return outcome;
}

void Scheduler::stop() {
  services_.stopping = true;
  for (const auto& [group, gate] : gates_) gate->close();
  services_.changed.notify();
}

void Scheduler::let_go(const std::string& group) {
  for (const auto& [name, gate] : gates_) {
    if (group == storage::kEveryGroup || group == name) gate->close();
  }
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
    reached_limit_ = parked_ > 0;  // what they hold is over some limit
    co_return false;
  }
  const bool is_held_for_good = stats.next_due && *stats.next_due >= storage::kForGood;
  if (all_parked() && is_held_for_good && !pages_left()) {  // an operator's hold is no reason to stay
    reached_limit_ = true;
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
  gates_[share.lease.token.group] = &share.gate;
  Result<void> outcome;
  if (share.delay > services_.config.politeness.after_crash) {
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
  gates_.erase(share.lease.token.group);
  const auto released = co_await services_.catalog.frontier().release(share.lease.token, share.gate.next_at());
  // A lost lease needs no release; a broken store is already known from the visit.
  ignore(released, "the lease expires by itself");
  co_return outcome;
}

// One decision of a worker; false when it is done with its group.
Task<bool> Scheduler::next_step(Share& share) {
  if (services_.stopping || ending_ || share.lost || spent()) co_return false;
  const auto concurrency = static_cast<std::size_t>(std::max(1, share.manners.concurrency));
  const auto ended = share.ended.generation();
  if (share.in_flight >= concurrency) {
    co_await share.ended.wait(kLookAgain, ended);
    co_return true;
  }
  const Timestamp now = services_.clock.now();
  const bool gives_back = share.gate.next_at() - now > kLetGo || share.handled >= kShare + share.passed_over;
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
  if (tasks.empty() && (share.parked || (share.passed_over > 0 && share.in_flight == 0))) {
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
  co_await wait_for_visits_of(share, task.task);
  Decision decision = admit(task.task);
  if (decision.admission == Admission::kVisit || decision.admission == Admission::kSkip) unpark(share);
  switch (decision.admission) {
    case Admission::kVisit:
      start_visit(share, std::move(task));
      break;
    case Admission::kSkip:
      co_return co_await skip(share, std::move(task), std::move(decision.limit));
    case Admission::kPassOver:
      co_return co_await pass_over(share, task.task, std::move(decision.limit));
    case Admission::kLeave:
      services_.tally.limits.insert(std::move(decision.limit));
      co_return co_await park(share);
  }
  co_return Result<void>();
}

// A host's pages that are under way may fail and leave its share to others. All of a host are in one group.
Task<void> Scheduler::wait_for_visits_of(Share& share, const storage::UrlTask& task) {
  while (share.in_flight > 0 && services_.spent.may_change(task, services_.clock.now()))
    co_await share.ended.wait(kLookAgain, share.ended.generation());
  co_return Result<void>();
}

// The task stays queued; the first of a host is told and recorded.
Task<void> Scheduler::pass_over(Share& share, const storage::UrlTask& task, std::string limit) {
  ++share.passed_over;
  if (!services_.tally.limits.insert(limit).second) co_return Result<void>();
  storage::Commit changes;
  changes.lease = share.lease.token;
  storage::Event event;
  event.at = services_.clock.now();
  event.run = services_.run;
  event.kind = "left";
  event.url = task.url;
  event.reason = std::move(limit);
  event.via = task.via;
  changes.events.push_back(std::move(event));
  VELLUM_CO_CHECK(co_await commit(services_, std::move(changes)));
  co_return Result<void>();
}

// Holds the group until something changes: new requisites may come, or a failed page may free the budget (then the
// group is given back, so that the page it was not allowed to visit is handed out again).
Task<void> Scheduler::park(Share& share) {
  if (!share.parked) ++parked_;
  share.parked = true;
  co_await services_.changed.wait(kLookAgain, services_.changed.generation());
  if (pages_left() && share.passed_over == 0) share.lost = true;
  co_return Result<void>();
}

void Scheduler::unpark(Share& share) {
  if (share.parked) --parked_;
  share.parked = false;
}

Task<void> Scheduler::skip(Share& share, LeasedTask task, std::string reason) {
  ++services_.tally.out_of_scope[task.task.hop == kDoiHop ? reason.substr(0, reason.find(" 10.")) : reason];
  if (is_named_file(task.task.rule)) ++services_.tally.parts_missing;
  storage::Commit changes;
  changes.lease = share.lease.token;
  changes.outcomes.push_back(storage::Outcome{std::move(task.key), TaskState::kSkipped, std::move(reason), {}});
  VELLUM_CO_CHECK(co_await commit(services_, std::move(changes)));
  co_return Result<void>();
}

void Scheduler::start_visit(Share& share, LeasedTask task) {
  ++share.handled;
  ++share.in_flight;
  ++in_flight_;
  if (task.task.role == Role::kPage) ++pages_in_flight_;
  if (task.task.role == Role::kRequisite) ++requisites_in_flight_;
  services_.spent.visit_begins(task.task, services_.clock.now());
  boost::asio::co_spawn(services_.io, run_visit(share, std::move(task)), boost::asio::detached);
}

boost::asio::awaitable<void> Scheduler::run_visit(Share& share, LeasedTask task) {
  const storage::UrlTask about = task.task;
  Result<void> outcome;
  try {
    outcome = co_await visitor_.visit(std::move(task), share.gate, share.lease.token);
  } catch (const std::exception& error) {
    outcome = fail(ErrorKind::kBug, about.url + ": " + error.what());
  }
  if (!outcome) share.lost = true;  // stopping, fenced or broken: the task stays queued
  if (!outcome && outcome.error().kind != ErrorKind::kCancelled && outcome.error().kind != ErrorKind::kRefused &&
      !services_.broken) {
    services_.broken = outcome.error();
    services_.stopping = true;
  }
  if (about.role == Role::kPage) --pages_in_flight_;
  if (about.role == Role::kRequisite) --requisites_in_flight_;
  services_.spent.visit_ended(about);
  --in_flight_;
  --share.in_flight;
  share.ended.notify();
  services_.changed.notify();
}

}  // namespace vellum::engine
