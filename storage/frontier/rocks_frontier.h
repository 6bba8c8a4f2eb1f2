// Frontier over RocksDB: each call is a job of the store thread. Private to storage.

#pragma once

#include "storage/frontier/frontier_state.h"
#include "storage/rocks/writer.h"

namespace vellum::storage {

class RocksFrontier final : public Frontier {
 public:
  RocksFrontier(FrontierState& state, rocks::Writer& writer) : state_(state), writer_(writer) {}

  Task<std::size_t> add(RunId run, std::vector<UrlTask> tasks) override;
  Task<std::vector<GroupLease>> lease(RunId run, std::size_t max_groups, Duration ttl, Timestamp now) override;
  Task<std::vector<LeasedTask>> take(LeaseToken token, std::size_t max_tasks, Timestamp now) override;
  Task<void> renew(LeaseToken token, Duration ttl, Timestamp now) override;
  Task<void> release(LeaseToken token, Timestamp next_at) override;
  Task<void> hold(GroupUpdate update) override;
  Task<void> order(GroupOrder order) override;
  Task<std::vector<GroupOrder>> orders() override;
  Task<std::vector<LeasedTask>> list(RunId run, std::string group, std::string after, std::size_t max) override;
  Task<QueueStats> stats(RunId run, Timestamp now) override;
  Task<TaskStatus> status(RunId run, std::string seen, std::string group) override;
  Task<void> scan(RunId run, std::function<bool(const UrlTask&)> visit) override;
  Task<void> drop(RunId run) override;

 private:
  FrontierState& state_;
  rocks::Writer& writer_;
};

}  // namespace vellum::storage
