// One run of a crawl, from its seeds to the end or a limit: the composition root of the engine.
//
//   Crawl crawl({config, catalog, registry, clock, observer});
//   auto summary = crawl.run();            // blocks; SIGINT and SIGTERM end it cleanly
//
// An unfinished run of the same configuration (CrawlConfig::identity) goes on where it stopped: always after a stop or
// a crash, and after a limit if the limits now leave it something to do (a time always does). Otherwise a new run
// starts, with a fresh seen-set and the same politeness state.
//
// Threads: run() uses the calling thread for all coroutines and curl, a pool of `cpu_threads` for pure functions, and
// the Catalog's store thread. stop() may be called from any thread.

#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "base/async.h"
#include "crawler/engine/observer.h"
#include "crawler/net/fetcher.h"
#include "crawler/policy/config.h"
#include "crawler/policy/scope.h"
#include "plugins/host/registry.h"
#include "storage/commit/catalog.h"

namespace boost::asio {
class io_context;
}

namespace vellum::engine {

struct CrawlSummary {
  storage::RunId run = 0;
  bool resumed = false;
  std::string state;  // "finished" | "limited" | "stopped"
  Tally tally;        // of this invocation
  Duration took{};
};

struct CrawlSetup {
  const policy::CrawlConfig& config;
  storage::Catalog& catalog;
  const plugins::Registry& registry;
  const Clock& clock;
  CrawlObserver& observer;
  std::size_t cpu_threads = 2;
  // Tests and offline crawls bring their own; empty is the network.
  std::function<Result<std::unique_ptr<net::Fetcher>>(boost::asio::io_context&)> make_fetcher;
};

class Crawl {
 public:
  explicit Crawl(CrawlSetup setup);
  ~Crawl();

  // kStorage: the store could not write; what was acknowledged is safe. kInvalid: the configuration. A failed page is
  // no error: it is in the summary.
  Result<CrawlSummary> run();
  void stop();
  // After Frontier::order() on `group`, or after tasks were added or dropped from outside: it takes effect at once. Any
  // thread, while run() runs or not.
  void orders_changed(const std::string& group);

 private:
  struct Session;
  Session& begin_session(policy::Scope scope);
  Task<void> drive();
  Task<void> work_on_run();
  Task<bool> is_there_more();
  boost::asio::awaitable<void> report_progress();
  Result<CrawlSummary> conclude(Timestamp started);

  CrawlSetup setup_;
  std::mutex mutex_;  // of the pointer: stop() and orders_changed() come from other threads
  std::unique_ptr<Session> session_;
};

}  // namespace vellum::engine
