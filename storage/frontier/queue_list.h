// Reading the queue's rows in order, from the transaction of the store thread or from a reader beside it; and the rows
// of operators' orders. Private to storage.
//
// Threads: those of `store`.

#pragma once

#include "storage/frontier/queue_records.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

// groups: 'o' + group, a CBOR map.
std::string order_key(std::string_view group);
std::string encode_order(const GroupOrder& order);
Result<GroupOrder> decode_order(std::string_view group, std::string_view value);

// Store: rocks::Database or rocks::Transaction.
template <class Store>
Result<std::vector<GroupOrder>> read_orders(const Store& store) {
  std::vector<GroupOrder> orders;
  Result<void> read;
  VELLUM_CHECK(store.scan(rocks::Family::kGroups, "o", "p", [&](std::string_view key, std::string_view value) {
    auto order = decode_order(key.substr(1), value);
    if (!order) read = fail(order.error());
    if (order) orders.push_back(*std::move(order));
    return bool(read);
  }));
  VELLUM_CHECK(std::move(read));
  return orders;
}

// As Frontier::list().
template <class Store>
Result<std::vector<LeasedTask>> list_tasks(const Store& store, RunId run, const std::string& group,
                                           const std::string& after, std::size_t max) {
  const std::string prefix = group.empty() ? run_prefix(run) : queue_prefix(run, group);
  std::vector<LeasedTask> tasks;
  Result<void> read;
  // The first key behind `after` is `after` and a zero byte.
  const std::string from = after.empty() ? prefix : after + std::string(1, '\0');
  if (max == 0) return tasks;
  VELLUM_CHECK(store.scan(rocks::Family::kQueue, from, rocks::prefix_end(prefix),
                          [&](std::string_view key, std::string_view value) {
                            const auto parts = parse_queue_key(key);
                            auto task = parts ? decode_task(value, parts->place, parts->group)
                                              : Result<UrlTask>(fail(ErrorKind::kCorrupt, "damaged queue key"));
                            if (!task) read = fail(task.error());
                            if (task) tasks.push_back({std::string(key), *std::move(task)});
                            return bool(read) && tasks.size() < max;
                          }));
  VELLUM_CHECK(std::move(read));
  return tasks;
}

}  // namespace vellum::storage
