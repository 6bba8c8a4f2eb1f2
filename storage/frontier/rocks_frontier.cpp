#include "storage/frontier/rocks_frontier.h"

#include "storage/frontier/queue_list.h"

namespace vellum::storage {

using rocks::Family;
using rocks::Transaction;

namespace {

struct Page {
  std::vector<UrlTask> tasks;
  std::string next;  // key to go on from; "" at the end
};

// The scan goes in pages, so that commits are not held up by a long queue.
Result<Page> read_page(const Transaction& group, RunId run, const std::string& from) {
  constexpr std::size_t kPageTasks = 1000;
  Page page;
  Result<void> read;
  const std::string first = from.empty() ? run_prefix(run) : from;
  VELLUM_CHECK(group.scan(Family::kQueue, first, rocks::prefix_end(run_prefix(run)),
                          [&](std::string_view key, std::string_view value) {
                            if (page.tasks.size() == kPageTasks) {
                              page.next = key;
                              return false;
                            }
                            const auto parts = parse_queue_key(key);
                            auto task = parts ? decode_task(value, parts->place, parts->group)
                                              : Result<UrlTask>(fail(ErrorKind::kCorrupt, "damaged queue key"));
                            if (!task) read = fail(task.error());
                            if (task) page.tasks.push_back(*std::move(task));
                            return bool(read);
                          }));
  VELLUM_CHECK(std::move(read));
  return page;
}

}  // namespace

// Plain functions, not coroutines: submit() takes the job before the first suspension, so no lambda lives across one.

Task<std::size_t> RocksFrontier::add(RunId run, std::vector<UrlTask> tasks) {
  return writer_.submit<std::size_t>([this, run, tasks = std::move(tasks)](Transaction& group) -> Result<std::size_t> {
    VELLUM_CHECK(FrontierState::check(tasks));
    if (run == 0) return fail(ErrorKind::kInvalid, "tasks need a run");
    return state_.add(group, run, tasks);
  });
}

Task<std::vector<GroupLease>> RocksFrontier::lease(RunId run, std::size_t max_groups, Duration ttl, Timestamp now) {
  return writer_.submit<std::vector<GroupLease>>([=, this](Transaction& group) -> Result<std::vector<GroupLease>> {
    if (run == 0 || ttl <= Duration::zero()) return fail(ErrorKind::kInvalid, "a lease needs a run and a time to live");
    return state_.lease(group, run, max_groups, ttl, now);
  });
}

Task<std::vector<LeasedTask>> RocksFrontier::take(LeaseToken token, std::size_t max_tasks, Timestamp now) {
  return writer_.submit<std::vector<LeasedTask>>([this, token = std::move(token), max_tasks, now](Transaction& group) {
    return state_.take(group, token, max_tasks, now);
  });
}

Task<void> RocksFrontier::renew(LeaseToken token, Duration ttl, Timestamp now) {
  return writer_.submit<void>(
      [this, token = std::move(token), ttl, now](Transaction& group) { return state_.renew(group, token, ttl, now); });
}

Task<void> RocksFrontier::release(LeaseToken token, Timestamp next_at) {
  return writer_.submit<void>(
      [this, token = std::move(token), next_at](Transaction& group) { return state_.release(group, token, next_at); });
}

Task<void> RocksFrontier::hold(GroupUpdate update) {
  return writer_.submit<void>([this, update = std::move(update)](Transaction& group) -> Result<void> {
    VELLUM_CHECK(FrontierState::check(std::vector<GroupUpdate>{update}));
    state_.update(group, update);
    return {};
  });
}

Task<void> RocksFrontier::order(GroupOrder order) {
  return writer_.submit<void>([this, order = std::move(order)](Transaction& group) -> Result<void> {
    VELLUM_CHECK(FrontierState::check(std::vector<GroupUpdate>{{order.group}}));
    state_.order(group, order);
    return {};
  });
}

Task<std::vector<GroupOrder>> RocksFrontier::orders() {
  return writer_.submit<std::vector<GroupOrder>>(
      [](Transaction& group) -> Result<std::vector<GroupOrder>> { return read_orders(group); });
}

Task<std::vector<LeasedTask>> RocksFrontier::list(RunId run, std::string name, std::string after, std::size_t max) {
  return writer_.submit<std::vector<LeasedTask>>(
      [run, name = std::move(name), after = std::move(after), max](Transaction& group) {
        return list_tasks(group, run, name, after, max);
      });
}

Task<QueueStats> RocksFrontier::stats(RunId run, Timestamp now) {
  return writer_.submit<QueueStats>([=, this](Transaction& group) { return state_.stats(group, run, now); });
}

Task<TaskStatus> RocksFrontier::status(RunId run, std::string seen, std::string name) {
  return writer_.submit<TaskStatus>([this, run, seen = std::move(seen), name = std::move(name)](Transaction& group) {
    return state_.status(group, run, seen, name);
  });
}

Task<void> RocksFrontier::scan(RunId run, std::function<bool(const UrlTask&)> visit) {
  std::string from;
  do {
    rocks::Writer::Build<Page> job = [&](Transaction& group) { return read_page(group, run, from); };
    VELLUM_CO_TRY(const Page page, co_await writer_.submit<Page>(std::move(job)));
    for (const UrlTask& task : page.tasks) {
      if (!visit(task)) co_return Result<void>();
    }
    from = page.next;
  } while (!from.empty());
  co_return Result<void>();
}

Task<void> RocksFrontier::drop(RunId run) {
  return writer_.submit<void>([=, this](Transaction& group) { return state_.drop(group, run); });
}

}  // namespace vellum::storage
