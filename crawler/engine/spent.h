// What a run has taken so far, against what it may: [budget], per host too, and the limits of what it follows.
//
// Counts are of captures, so a run that goes on later finds them again in the archive. Times are of this invocation.
//
// Threads: the io thread.

#pragma once

#include <map>
#include <string>

#include "base/clock.h"
#include "crawler/policy/config.h"
#include "crawler/policy/sites.h"
#include "storage/archive/archive.h"
#include "storage/frontier/frontier.h"

namespace vellum::engine {

class Spent {
 public:
  Spent(const policy::CrawlConfig& config, const policy::Sites& sites, Timestamp started);

  // What earlier invocations took. Reads the archive's feed, only where a limit needs it.
  Result<void> take_up(const storage::Archive& archive, storage::RunId run);
  // Another run begins in this invocation.
  void forget();
  void add(const storage::Capture& capture);
  // Between these two a task counts as if it had been captured.
  void visit_begins(const storage::UrlTask& task, Timestamp now);
  void visit_ended(const storage::UrlTask& task);

  // The limit that ends the run now, "" if none: "budget.bytes 10485760", "budget.time 2h".
  std::string run_limit(Timestamp now) const;
  // The limit of its host that keeps `task` in the queue: "budget.per_host_pages 50 of a.test".
  std::string host_limit(const storage::UrlTask& task, Timestamp now) const;
  // True if that limit holds only because of visits that are under way and may yet fail.
  bool may_change(const storage::UrlTask& task, Timestamp now) const;
  // The limit that ends `task` as skipped: "files.max_files 10000", "follow.max_followed 1000".
  std::string task_limit(const storage::UrlTask& task) const;

 private:
  struct Host {
    policy::HostBudget budget;
    std::uint64_t pages = 0, pages_under_way = 0, bytes = 0;
    Timestamp began{};  // its first visit of this invocation
  };
  Host* host_of(const std::string& url);           // nullptr where no host has a budget
  const Host* find(const std::string& url) const;  // nullptr, too, where nothing of it was taken
  std::string limit_of(const Host& host, bool is_page, std::uint64_t pages, Timestamp now) const;

  const policy::CrawlConfig& config_;
  const policy::Sites& sites_;
  const Timestamp started_;
  bool minds_hosts_ = false;
  std::uint64_t bytes_ = 0, files_ = 0, followed_ = 0;
  std::map<std::string, Host> hosts_;
};

}  // namespace vellum::engine
