// Commands on an archive's queue while a crawl runs, or while none does: hold and resume groups, change their pace, add
// and drop URLs, pause, tell the state. The socket (control_socket.h) and the verbs of the program are its callers.
//
// A command is one JSON object. All but `status` change the archive, durably, before the answer:
//   {"verb":"status"}
//   {"verb":"add", "urls":[...], "depth":0}
//   {"verb":"hold", "group":"nih.gov", "until":"2026-12-01T00:00:00Z"?, "reason":"..."}     group: also a host or URL
//   {"verb":"release", "group":"nih.gov"}
//   {"verb":"rate", "group":"nih.gov", "delay":"5s"}        "delay":"" takes it back
//   {"verb":"drop", "url"|"prefix"|"host":"...", "reason":"..."}
//   {"verb":"pause", "reason":"..."?}   {"verb":"resume"}
// Its answer is a list of rows. kInvalid: the command, and what would be right; kRefused: it would break manners.
// A running crawl obeys at once: requests in flight end, those that waited for their turn stay queued.
//
// Threads: execute() from any coroutine, also several at once; the others from any thread.

#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/json.h"
#include "crawler/engine/crawl.h"
#include "crawler/engine/monitor.h"
#include "crawler/policy/sites.h"
#include "storage/commit/catalog.h"

namespace vellum::engine {

class Control {
 public:
  // `monitor`: of the program that this is part of; nullptr if it only executes one command.
  Control(storage::Catalog& catalog, const Clock& clock, const Monitor* monitor)
      : catalog_(catalog), clock_(clock), monitor_(monitor) {}

  // The crawl that is to be told of changes; nullptr when it is over.
  void watch(Crawl* crawl);
  // Long commands end with kCancelled, new ones are refused.
  void stop() { stopping_ = true; }

  Task<std::vector<Json>> execute(Json command);
  // The same for callers without a coroutine; blocks.
  Result<std::vector<Json>> run(const Json& command);

 private:
  using Rows = std::vector<Json>;
  struct Scene {  // what a command is about
    std::optional<storage::Run> run;
    policy::CrawlConfig config;
    policy::Sites sites;
  };
  struct Chosen;  // tasks to drop

  Task<Rows> status();
  Task<Rows> add(Json command);
  Task<Rows> hold(Json command);
  Task<Rows> release(Json command);
  Task<Rows> rate(Json command);
  Task<Rows> drop(Json command);
  Task<Rows> pause(Json command);
  Task<Rows> resume();

  Result<Scene> look() const;
  Task<std::string> group_named(Scene scene, std::string name);
  Task<storage::GroupOrder> order_of(std::string group);
  Task<Rows> give(storage::GroupOrder order);
  // The longest Crawl-delay that stored robots.txt of the group's hosts ask for, and by which.
  Task<std::pair<Duration, std::string>> floor_of(Scene scene, std::string group, std::string name);
  Task<std::size_t> drop_page(const Scene& scene, const Chosen& chosen, std::string& after);
  void tell(const std::string& group);

  storage::Catalog& catalog_;
  const Clock& clock_;
  const Monitor* monitor_;
  std::atomic<bool> stopping_ = false;
  std::mutex mutex_;
  Crawl* crawl_ = nullptr;
};

}  // namespace vellum::engine
