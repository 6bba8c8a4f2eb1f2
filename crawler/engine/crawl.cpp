#include "crawler/engine/crawl.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <csignal>
#include <exception>
#include <utility>

#include "base/url_key.h"
#include "crawler/engine/drift_report.h"
#include "crawler/engine/scheduler.h"
#include "crawler/net/curl_fetcher.h"

namespace vellum::engine {

namespace asio = boost::asio;
using storage::Run;
using storage::UrlTask;

namespace {

constexpr Duration kProgressEvery = std::chrono::milliseconds(200);

Result<std::unique_ptr<net::Fetcher>> open_network(asio::io_context& io, const CrawlSetup& setup) {
  net::NetworkOptions options;
  options.proxy = setup.config.network.proxy;
  options.connect_to = setup.config.network.connect_to;
  options.ca_file = setup.config.network.ca_file;
  options.allow = setup.config.network.allow;
  VELLUM_TRY(std::unique_ptr<net::Fetcher> fetcher, net::CurlFetcher::open(io, setup.clock, std::move(options)));
  return fetcher;
}

// Goes on with `run`? After a limit only if the limit now lies higher: else the run would stop at once, for ever.
bool goes_on(const Run& run, const policy::CrawlConfig& config) {
  if (run.crawl != config.identity() || run.state == "finished") return false;
  const std::uint64_t limit = config.scope.max_pages;
  return run.state == "running" || limit == 0 || limit > run.pages;
}

UrlTask seed_task(const policy::Sites& sites, const Url& url) {
  const Url exact = url.without_fragment();
  UrlTask task;
  task.url = exact.href();
  task.seen = seen_key(sites.canonical(exact));
  task.group = sites.group_of(exact);
  task.hop = "seed";
  task.rule = "seed";
  return task;
}

// Their URLs have been checked by load_config.
std::vector<UrlTask> seed_tasks(const policy::CrawlConfig& config, const policy::Sites& sites) {
  std::vector<UrlTask> tasks;
  for (const std::string& seed : config.seeds) {
    if (const auto url = Url::parse(seed)) tasks.push_back(seed_task(sites, *url));
  }
  for (const std::string& sitemap : config.sitemaps) {
    const auto url = Url::parse(sitemap);
    if (url) tasks.push_back(sitemap_task(sites, *url, nullptr));
  }
  return tasks;
}

}  // namespace

// Everything that lives as long as run(). `io` is destroyed last: the fetcher's and the timers' objects need it.
struct Crawl::Session {
  Session(const CrawlSetup& setup, policy::Scope scope_rules)
      : pool(setup.cpu_threads), scope(std::move(scope_rules)), sites(setup.config) {}

  asio::io_context io{1};
  asio::thread_pool pool;
  policy::Scope scope;
  policy::Sites sites;
  std::unique_ptr<net::Fetcher> fetcher;
  std::unique_ptr<Services> services;
  std::unique_ptr<RobotsKeeper> robots;
  std::unique_ptr<ArticleDesk> desk;
  std::unique_ptr<Visitor> visitor;
  std::unique_ptr<Scheduler> scheduler;
  Run run;
  bool resumed = false;
  bool over = false;
  Result<void> outcome;
};

Crawl::Crawl(CrawlSetup setup) : setup_(std::move(setup)) {}
Crawl::~Crawl() = default;

namespace {

Task<Run> find_or_start_run(CrawlSetup& setup, bool& resumed) {
  VELLUM_CO_TRY(const std::vector<Run> runs, setup.catalog.archive().runs());
  for (auto it = runs.rbegin(); it != runs.rend(); ++it) {
    if (!goes_on(*it, setup.config)) continue;
    resumed = true;
    co_return *it;
  }
  VELLUM_CO_TRY(Run run,
                co_await setup.catalog.start_run(setup.config.identity(), setup.config.text, setup.clock.now()));
  co_return run;
}

}  // namespace

Result<CrawlSummary> Crawl::run() {
  VELLUM_TRY(policy::Scope scope, policy::Scope::make(setup_.config.scope, setup_.config.beginnings(),
                                                      setup_.clock.now(), policy::Sites(setup_.config)));
  Session& session = begin_session(std::move(scope));
  VELLUM_TRY(session.fetcher, setup_.make_fetcher ? setup_.make_fetcher(session.io) : open_network(session.io, setup_));
  session.services.reset(new Services{session.io,
                                      session.pool,
                                      setup_.clock,
                                      setup_.config,
                                      session.scope,
                                      session.sites,
                                      setup_.catalog,
                                      setup_.registry,
                                      *session.fetcher,
                                      setup_.observer,
                                      0,
                                      {},
                                      Wakeup(session.io),
                                      false,
                                      std::nullopt,
                                      {}});
  session.robots = std::make_unique<RobotsKeeper>(*session.services);
  session.desk = std::make_unique<ArticleDesk>(*session.services);
  session.visitor = std::make_unique<Visitor>(*session.services, *session.robots, *session.desk);
  const Timestamp started = setup_.clock.now();

  asio::signal_set signals(session.io, SIGINT, SIGTERM);
  signals.async_wait([this](const boost::system::error_code& error, int) {
    if (!error) stop();
  });
  auto body = [&]() -> asio::awaitable<void> {
    session.outcome = co_await drive();
    session.over = true;
    signals.cancel();
  };
  auto watch = [&]() -> asio::awaitable<void> { co_await report_progress(); };
  std::exception_ptr thrown;
  const auto on_end = [&](std::exception_ptr error) {
    if (error) thrown = error;
  };
  asio::co_spawn(session.io, body, on_end);
  asio::co_spawn(session.io, watch, on_end);
  session.io.run();
  session.pool.join();
  if (thrown) std::rethrow_exception(thrown);
  return conclude(started);
}

Task<void> Crawl::drive() {
  Session& session = *session_;
  VELLUM_CO_TRY(session.run, co_await find_or_start_run(setup_, session.resumed));
  if (session.resumed) VELLUM_CO_CHECK(session.services->spent.take_up(setup_.catalog.archive(), session.run.id));
  Services& services = *session.services;
  bool again = true;
  while (again) {
    VELLUM_CO_CHECK(co_await work_on_run());
    if (services.stopping) break;
    VELLUM_CO_TRY(again, co_await is_there_more());
  }
  if (session.desk->first_read() > 0) VELLUM_CO_CHECK(co_await report_drift(services, session.desk->first_read() - 1));
  if (services.stopping) co_return Result<void>();
  const std::string state = session.scheduler->reached_limit() ? "limited" : "finished";
  co_return co_await setup_.catalog.end_run(session.run.id, state, setup_.clock.now());
}

Task<void> Crawl::work_on_run() {
  Session& session = *session_;
  session.services->run = session.run.id;
  session.scheduler = std::make_unique<Scheduler>(*session.services, *session.visitor, *session.desk, session.run);
  // A crash may have come between the start of the run and its seeds; those it has are not added twice.
  VELLUM_CO_TRY(const std::size_t added,
                co_await setup_.catalog.frontier().add(session.run.id, seed_tasks(setup_.config, session.sites)));
  static_cast<void>(added);
  co_return co_await session.scheduler->run();
}

// Pages that were read last may have led to files and DOIs. And a run of which its limits leave nothing to do gives way
// to a new one, as a finished one does: else it would stop at once, for ever.
Task<bool> Crawl::is_there_more() {
  Session& session = *session_;
  Services& services = *session.services;
  if (!session.scheduler->reached_limit()) {
    VELLUM_CO_TRY(const storage::QueueStats stats,
                  co_await setup_.catalog.frontier().stats(session.run.id, setup_.clock.now()));
    co_return stats.queued > 0;
  }
  if (!session.resumed || services.tally.captures > 0) co_return false;
  VELLUM_CO_TRY(session.run,
                co_await setup_.catalog.start_run(setup_.config.identity(), setup_.config.text, setup_.clock.now()));
  session.resumed = false;
  services.spent.forget();
  services.tally.limits.clear();
  co_return true;
}

asio::awaitable<void> Crawl::report_progress() {
  Session& session = *session_;
  asio::steady_timer timer(session.io);
  while (!session.over) {
    timer.expires_after(kProgressEvery);
    boost::system::error_code ignored;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (session.over || !session.scheduler) continue;
    const auto stats = co_await setup_.catalog.frontier().stats(session.run.id, setup_.clock.now());
    if (!stats || session.over) continue;
    const Progress progress{session.services->tally,        *stats,
                            session.scheduler->in_flight(), session.run.id,
                            session.scheduler->pages(),     setup_.config.scope.max_pages};
    setup_.observer.progress(progress);
  }
}

Result<CrawlSummary> Crawl::conclude(Timestamp started) {
  Session& session = *session_;
  if (session.services->broken) return fail(*session.services->broken);
  if (!session.outcome) return fail(session.outcome.error());
  CrawlSummary summary;
  summary.run = session.run.id;
  summary.resumed = session.resumed;
  summary.tally = session.services->tally;
  if (!session.scheduler->reached_limit()) summary.tally.limits.clear();  // one that a failed page freed again
  summary.took = setup_.clock.now() - started;
  summary.state = session.services->stopping ? "stopped" : session.scheduler->reached_limit() ? "limited" : "finished";
  return summary;
}

Crawl::Session& Crawl::begin_session(policy::Scope scope) {
  const std::lock_guard lock(mutex_);
  session_ = std::make_unique<Session>(setup_, std::move(scope));
  return *session_;
}

void Crawl::stop() {
  const std::lock_guard lock(mutex_);
  Session* session = session_.get();
  if (session == nullptr) return;
  asio::post(session->io, [session] {
    session->services->stopping = true;
    if (session->scheduler) session->scheduler->stop();
    session->fetcher->cancel_all();
  });
}

void Crawl::orders_changed(const std::string& group) {
  const std::lock_guard lock(mutex_);
  Session* session = session_.get();
  if (session == nullptr) return;
  asio::post(session->io, [session, group] {
    if (session->scheduler) session->scheduler->let_go(group);
  });
}

}  // namespace vellum::engine
