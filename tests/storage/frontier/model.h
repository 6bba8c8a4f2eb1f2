// The frontier as one would write it without a disk: a slow, obvious reference that the engines are compared with.

#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "storage/frontier/frontier.h"

namespace vellum::storage::test {

class FrontierModel {
 public:
  struct Queued {
    UrlTask task;
    std::uint64_t number = 0;
    bool given = false;
    // Best first: priority; what waited and is due before what is new; then in time.
    auto order() const { return std::tuple(task.priority, task.not_before <= Timestamp{}, task.not_before, number); }
  };
  struct Group {
    Timestamp next_at{}, hold_until{}, expires{};
    std::uint64_t epoch = 0;
    RunId leased_by = 0;
    Timestamp ready_at() const {
      const Timestamp at = std::max(next_at, hold_until);
      return leased_by != 0 ? std::max(at, expires) : at;
    }
  };

  std::size_t add(RunId run, const std::vector<UrlTask>& tasks) {
    std::size_t fresh = 0;
    for (const UrlTask& task : tasks) {
      if (!seen_[run].try_emplace(task.seen, "queued").second) continue;
      insert(run, task);
      ++fresh;
    }
    return fresh;
  }

  // Groups that may be leased, by the time from which on they could.
  std::multimap<Timestamp, std::string> ready(RunId run, Timestamp now) {
    std::multimap<Timestamp, std::string> found;
    for (const auto& [wake, name] : waking(run, now)) {
      if (wake <= now) found.emplace(wake, name);
    }
    return found;
  }
  GroupLease lease(RunId run, const std::string& name, Duration ttl, Timestamp now) {
    Group& group = groups[name];
    const Timestamp not_before = std::max(group.next_at, group.hold_until);
    group.leased_by = run;
    group.expires = now + ttl;
    return {{run, name, ++group.epoch}, not_before, group.expires};
  }
  bool holds(const LeaseToken& token) const {
    const auto found = groups.find(token.group);
    return found != groups.end() && found->second.leased_by == token.run && found->second.epoch == token.epoch;
  }
  std::vector<std::string> take(const LeaseToken& token, std::size_t max, Timestamp now) {
    std::vector<Queued*> due;
    for (Queued& row : queue_[{token.run, token.group}]) {
      if (!row.given && row.task.not_before <= now) due.push_back(&row);
    }
    std::sort(due.begin(), due.end(), [](const Queued* a, const Queued* b) { return a->order() < b->order(); });
    std::vector<std::string> urls;
    for (std::size_t i = 0; i < std::min(max, due.size()); ++i) {
      due[i]->given = true;
      urls.push_back(due[i]->task.url);
    }
    return urls;
  }
  void settle(const LeaseToken& token, const std::string& url, TaskState state, const UrlTask& retry) {
    auto& rows = queue_[{token.run, token.group}];
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Queued& q) { return q.task.url == url; });
    if (row == rows.end()) return;
    rows.erase(row);
    if (state == TaskState::kRetry) return insert(token.run, retry);
    seen_[token.run][url] = state == TaskState::kDone ? "done" : state == TaskState::kFailed ? "failed" : "skipped";
  }
  void release(const LeaseToken& token, Timestamp next_at) {
    Group& group = groups[token.group];
    group.next_at = std::max(group.next_at, next_at);
    end_lease(token.group);
  }
  void update(const GroupUpdate& update) {
    Group& group = groups[update.group];
    if (update.hold) {
      group.hold_until = std::max(group.hold_until, update.next_at);
    } else if (update.next_at == Timestamp::min()) {
      group.hold_until = group.next_at = Timestamp{};
    } else {
      group.next_at = update.next_at;
    }
  }
  void crash(Timestamp earliest) {
    for (auto& [name, group] : groups) {
      if (group.leased_by == 0) continue;
      group.next_at = std::max(group.next_at, earliest);
      end_lease(name);
    }
  }
  void drop(RunId run) {
    for (auto& [name, group] : groups) {
      if (group.leased_by == run) end_lease(name);
      queue_.erase({run, name});
    }
    seen_.erase(run);
  }

  QueueStats stats(RunId run, Timestamp now) {
    QueueStats stats;
    for (const auto& [wake, name] : waking(run, now)) {
      ++stats.groups;
      stats.queued += queue_[{run, name}].size();
      stats.ready += wake <= now ? 1u : 0u;
      const bool leased = groups[name].leased_by != 0 && groups[name].expires > now;
      if (!leased && (!stats.next_due || wake < *stats.next_due)) stats.next_due = wake;
    }
    for (const auto& [name, group] : groups) stats.leased += group.leased_by == run && group.expires > now ? 1u : 0u;
    return stats;
  }
  std::string state(RunId run, const std::string& seen) {
    const auto found = seen_[run].find(seen);
    return found == seen_[run].end() ? "unknown" : found->second;
  }
  std::multiset<std::string> queued(RunId run) const {
    std::multiset<std::string> urls;
    for (const auto& [key, rows] : queue_) {
      for (const Queued& row : rows) {
        if (key.first == run) urls.insert(row.task.url);
      }
    }
    return urls;
  }

  std::map<std::string, Group> groups;

 private:
  void insert(RunId run, UrlTask task) {
    groups[task.group];
    queue_[{run, task.group}].push_back({task, ++numbers_, false});
  }
  void end_lease(const std::string& name) {
    groups[name].leased_by = 0;
    for (auto& [key, rows] : queue_) {
      for (Queued& row : rows) row.given = row.given && key.second != name;
    }
  }
  // When each group with tasks could next be leased. Leases that ran out end here.
  std::vector<std::pair<Timestamp, std::string>> waking(RunId run, Timestamp now) {
    std::vector<std::pair<Timestamp, std::string>> found;
    for (auto& [name, group] : groups) {
      const auto& rows = queue_[{run, name}];
      if (rows.empty()) continue;
      if (group.leased_by != 0 && group.ready_at() <= now) end_lease(name);
      Timestamp due = rows.front().task.not_before;
      for (const Queued& row : rows) due = std::min(due, row.task.not_before);
      found.emplace_back(group.leased_by != 0 ? group.ready_at() : std::max(group.ready_at(), due), name);
    }
    return found;
  }

  std::map<std::pair<RunId, std::string>, std::vector<Queued>> queue_;
  std::map<RunId, std::map<std::string, std::string>> seen_;
  std::uint64_t numbers_ = 0;
};

}  // namespace vellum::storage::test
