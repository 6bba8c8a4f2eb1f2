#include "crawler/engine/status_row.h"

#include <algorithm>
#include <cmath>

namespace vellum::engine {

using storage::GroupOrder;
using storage::QueueStats;

namespace {

double rounded(double rate) {
  return std::round(rate * 100) / 100;
}

const GroupOrder* pause_of(const StatusFacts& facts) {
  for (const GroupOrder& order : facts.orders) {
    if (order.group == storage::kEveryGroup && order.held_until > facts.now) return &order;
  }
  return nullptr;
}

std::string state_word(const StatusFacts& facts) {
  if (pause_of(facts) != nullptr) return "paused";
  if (facts.snapshot == nullptr) return "stopped";
  return facts.snapshot->is_crawling ? "crawling" : "waiting";
}

void add_run(Json& row, const StatusFacts& facts) {
  if (!facts.run) return;
  row["run"] = facts.run->id;
  row["run_state"] = facts.run->state;
  row["started"] = to_rfc3339(facts.run->started);
  if (facts.run->ended) row["ended"] = to_rfc3339(*facts.run->ended);
  row["pages"] = facts.run->pages;
  row["failures"] = facts.run->failures;
}

void add_tally(Json& row, const Snapshot& snapshot) {
  const Tally& tally = snapshot.tally;
  row["crawl"] = snapshot.crawl;
  row["since"] = to_rfc3339(snapshot.started);
  row["pages_per_second"] = rounded(snapshot.pages_per_second);
  row["captures_per_second"] = rounded(snapshot.captures_per_second);
  row["in_flight"] = snapshot.in_flight;
  row["captures"] = tally.captures;
  row["bytes"] = tally.bytes;
  row["stored_bytes"] = tally.stored_bytes;
  row["articles"] = tally.articles;
  row["dois"] = tally.dois;
  row["failed"] = tally.failed;
  row["skipped"] = tally.skipped;
  row["quarantined"] = tally.quarantined;
  if (snapshot.time_left)
    row["seconds_left"] = std::chrono::duration_cast<std::chrono::seconds>(*snapshot.time_left).count();
}

void add_budget(Json& row, const StatusFacts& facts) {
  const bool live = facts.snapshot != nullptr && facts.snapshot->is_crawling;
  const std::uint64_t limit = live ? facts.snapshot->max_pages : facts.max_pages;
  const std::uint64_t pages = live ? facts.snapshot->pages : facts.run ? facts.run->pages : 0;
  Json budget;
  budget["pages"] = pages;
  budget["max_pages"] = limit == 0 ? Json() : Json(limit);
  if (limit > 0) budget["left"] = limit - std::min(limit, pages);
  row["budget"] = std::move(budget);
}

void add_orders(Json& row, const StatusFacts& facts) {
  Json holds = Json::array(), rates = Json::array();
  for (const GroupOrder& order : facts.orders) {
    if (order.group == storage::kEveryGroup) continue;
    if (order.held_until > facts.now) holds.push_back(order_row(order));
    if (order.delay) rates.push_back({{"group", order.group}, {"delay", to_text(*order.delay)}});
  }
  row["holds"] = std::move(holds);
  row["rates"] = std::move(rates);
}

void add_program(Json& row, const Snapshot& snapshot) {
  Json errors = Json::array(), next = Json::array();
  for (const Trouble& trouble : snapshot.troubles)
    errors.push_back({{"at", to_rfc3339(trouble.at)}, {"url", trouble.url}, {"reason", trouble.reason}});
  for (const NextRun& run : snapshot.next_runs) next.push_back({{"crawl", run.crawl}, {"at", to_rfc3339(run.at)}});
  row["errors"] = std::move(errors);
  row["next_runs"] = std::move(next);
  if (!snapshot.plugin_fault.empty()) row["plugin_fault"] = snapshot.plugin_fault;
}

}  // namespace

Json order_row(const GroupOrder& order) {
  Json row;
  row["group"] = order.group;
  if (order.held_until != Timestamp{})
    row["held_until"] = order.held_until >= storage::kForGood ? Json() : Json(to_rfc3339(order.held_until));
  if (!order.reason.empty()) row["reason"] = order.reason;
  if (order.delay) row["delay"] = to_text(*order.delay);
  return row;
}

Json queue_row(const QueueStats& queue) {
  Json row;
  const std::uint64_t others = queue.ready + queue.leased;
  row["queued"] = queue.queued;
  row["groups"] = queue.groups;
  row["ready"] = queue.ready;
  row["waiting"] = queue.groups > others ? queue.groups - others : 0;
  row["leased"] = queue.leased;
  if (queue.next_due && *queue.next_due < storage::kForGood) row["next_due"] = to_rfc3339(*queue.next_due);
  return row;
}

Json status_row(const StatusFacts& facts) {
  Json row;
  row["state"] = state_word(facts);
  if (const GroupOrder* pause = pause_of(facts)) row["pause"] = order_row(*pause);
  add_run(row, facts);
  const bool live = facts.snapshot != nullptr && facts.snapshot->is_crawling;
  if (live) add_tally(row, *facts.snapshot);
  row["queue"] = queue_row(live ? facts.snapshot->queue : facts.queue);
  add_budget(row, facts);
  add_orders(row, facts);
  if (facts.snapshot != nullptr) add_program(row, *facts.snapshot);
  return row;
}

std::optional<storage::Run> current_run(const std::vector<storage::Run>& runs) {
  if (runs.empty()) return std::nullopt;
  const auto found = std::find_if(runs.rbegin(), runs.rend(), [](const auto& run) { return run.state == "running"; });
  return found == runs.rend() ? runs.back() : *found;
}

}  // namespace vellum::engine
