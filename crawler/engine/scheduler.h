// The lease loop: which politeness groups are worked on now, and when the crawl is over.
//
// One worker coroutine a leased group; a worker visits the group's tasks one after another (or `concurrency` at a time)
// through its gate, and gives the group back when it has nothing due, must wait long, or has had its share.
//
// Limits: a budget of the whole run (bytes, time) ends it; its queue stays. A host that has had its share keeps its
// tasks queued, too, while the others go on. Files and DOIs beyond their limits are skipped. Once max_pages pages are
// captured or under way, page tasks are left queued; what completes the captured pages (fragments, requisites) goes on.
// Workers that hold only such page tasks are parked; when all are, the run is limited.
//
// Threads: the io thread.

#pragma once

#include <map>
#include <set>
#include <string>

#include "crawler/engine/services.h"
#include "crawler/engine/visit.h"

namespace vellum::engine {

class Scheduler {
 public:
  Scheduler(Services& services, Visitor& visitor, ArticleDesk& desk, const storage::Run& run)
      : services_(services),
        visitor_(visitor),
        desk_(desk),
        pages_before_(run.pages),
        requisites_before_(run.requisites) {}

  // Until the queue is empty, a limit is reached or the crawl is stopped; every lease is given back.
  Task<void> run();
  // Wakes everything that waits; run() then ends soon.
  void stop();
  // An operator's order on `group` (storage::kEveryGroup: on all) is durable: whoever works on it lets go, its waiting
  // visits stay queued, and the next lease obeys.
  void let_go(const std::string& group);

  bool reached_limit() const { return reached_limit_; }
  std::size_t in_flight() const { return in_flight_; }
  std::uint64_t pages() const { return pages_before_ + services_.tally.pages; }  // of the run, as max_pages counts them

 private:
  struct Share;  // one worker's state
  enum class Admission { kVisit, kLeave, kPassOver, kSkip };
  struct Decision {
    Admission admission = Admission::kVisit;
    std::string limit;  // what it was refused for
  };

  Task<std::size_t> lease_more();
  Task<bool> wait_for_work();
  Task<void> work(storage::GroupLease lease);
  Task<bool> next_step(Share& share);
  Task<void> handle(Share& share, storage::LeasedTask task);
  Task<void> park(Share& share);
  void unpark(Share& share);
  Task<void> skip(Share& share, storage::LeasedTask task, std::string reason);
  Task<void> pass_over(Share& share, const storage::UrlTask& task, std::string limit);
  Task<void> wait_for_visits_of(Share& share, const storage::UrlTask& task);
  void start_visit(Share& share, storage::LeasedTask task);
  boost::asio::awaitable<void> run_visit(Share& share, storage::LeasedTask task);
  boost::asio::awaitable<void> run_worker(storage::GroupLease lease);
  Decision admit(const storage::UrlTask& task) const;
  // The capture of this run that holds the work of a DOI that is to be followed, "" if there is none.
  std::string held_work(const storage::UrlTask& task) const;
  bool spent();
  bool pages_left() const;
  bool all_parked() const { return parked_ == workers_ && in_flight_ == 0; }

  Services& services_;
  Visitor& visitor_;
  ArticleDesk& desk_;
  const std::uint64_t pages_before_, requisites_before_;
  std::size_t workers_ = 0, parked_ = 0, in_flight_ = 0;
  std::uint64_t pages_in_flight_ = 0, requisites_in_flight_ = 0;
  std::map<std::string, GroupGate*> gates_;  // by group
  bool reached_limit_ = false;
  bool ending_ = false;
};

}  // namespace vellum::engine
