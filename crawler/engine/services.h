// What the parts of one crawl share. Everything here is owned by Crawl and outlives every coroutine of it.
// Threads: the io thread, but for `pool`, on which pure functions run.

#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/clock.h"
#include "crawler/engine/group_gate.h"
#include "crawler/engine/observer.h"
#include "crawler/engine/spent.h"
#include "crawler/engine/wakeup.h"
#include "crawler/net/fetcher.h"
#include "crawler/policy/config.h"
#include "crawler/policy/cookies.h"
#include "crawler/policy/scope.h"
#include "crawler/policy/sites.h"
#include "plugins/host/registry.h"
#include "storage/commit/catalog.h"

namespace vellum::engine {

struct Services {
  boost::asio::io_context& io;
  boost::asio::thread_pool& pool;
  const Clock& clock;
  const policy::CrawlConfig& config;
  const policy::Scope& scope;
  const policy::Sites& sites;
  storage::Catalog& catalog;
  const plugins::Registry& registry;
  net::Fetcher& fetcher;
  CrawlObserver& observer;
  storage::RunId run = 0;
  Tally tally;
  Wakeup changed;  // tasks may have been queued, a worker may have ended
  bool stopping = false;
  std::optional<Error> broken;  // the store cannot write: why the crawl stops
  policy::CookieJar cookies;    // of sites whose rules ask for them
  Spent spent{config, sites, clock.now()};
};

// Further header fields of a request: names and values.
using RequestFields = std::vector<std::pair<std::string, std::string>>;

// One request through its group's gate: waits for its turn, sends the site's cookies, takes what it sets. The only way
// from the engine to the network. `max_body`: a smaller limit than the configuration's; 0: none.
Task<net::FetchAnswer> ask(Services& services, GroupGate& gate, Url url, RequestFields fields = {},
                           std::uint64_t max_body = 0);

// The capture that an answer becomes; payload and verdict are filled by the caller.
storage::NewCapture make_capture(const Services& services, const storage::UrlTask& task, net::FetchAnswer& answer);

// Commits, and tells `broken` and `stopping` if the store cannot write.
Task<storage::CommitAck> commit(Services& services, storage::Commit commit);

// Counts and reports what a commit acknowledged.
void announce(Services& services, const storage::CommitAck& ack);

// Counts and reports plugins that failed on a page.
void report(Services& services, const std::string& url, const std::vector<plugins::PluginFault>& faults);

}  // namespace vellum::engine
