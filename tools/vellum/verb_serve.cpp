// vellum serve: the daemon. It waits for the next run of each crawl and makes it, until it is told to stop.

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <thread>

#include "crawler/policy/agenda.h"
#include "crawler/policy/schedule.h"
#include "plugins/host/registry.h"
#include "tools/vellum/crawl_printer.h"
#include "tools/vellum/service_notify.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::vector<std::string> configs;
};

struct Job {
  std::string name;
  policy::CrawlConfig config;
  policy::Schedule schedule;
};

// A crawl's events go where `vellum crawl` sends them; its progress also keeps the watchdog quiet.
class ServedPrinter final : public CrawlPrinter {
 public:
  ServedPrinter(bool json, const Clock& clock, ServiceNotify& notify)
      : CrawlPrinter(json, clock), clock_(clock), notify_(notify) {}

  void progress(const engine::Progress& progress) override {
    notify_.alive(clock_.now());
    CrawlPrinter::progress(progress);
  }

 private:
  const Clock& clock_;
  ServiceNotify& notify_;
};

Result<std::vector<Job>> load_jobs(const Options& options, const Context& context) {
  std::vector<std::string> names = options.configs;
  if (names.empty()) names.push_back(policy::find_config("", context.archive).string());
  std::vector<Job> jobs;
  for (const std::string& name : names) {
    VELLUM_TRY(policy::CrawlConfig config, policy::load_config(name, {}));
    for (const std::string& warning : config.warnings) warn(warning);
    VELLUM_TRY(policy::Schedule schedule, policy::Schedule::parse(config.schedule_every, config.schedule_cron));
    if (!schedule.is_set())
      return fail(ErrorKind::kInvalid, name + ": has no [schedule]; write every = \"7d\" or cron = \"15 3 * * 6\"");
    jobs.push_back({name, std::move(config), std::move(schedule)});
  }
  return jobs;
}

class Daemon {
 public:
  Daemon(const Context& context, std::vector<Job> jobs, storage::Catalog& catalog, const plugins::Registry& registry)
      : context_(context), jobs_(std::move(jobs)), catalog_(catalog), registry_(registry), since_(clock_.now()) {
    signals_.async_wait([this](const boost::system::error_code& error, int) { told_ = !error; });
  }

  Result<int> live() {
    notify_.ready();
    int exit_code = kDone;
    for (;;) {
      VELLUM_TRY(const auto next, next_job());
      notify_.status(fmt::format("next run of {} at {}", next.first->name, to_rfc3339(next.second)));
      if (!wait_until(next.second)) break;
      VELLUM_TRY(const engine::CrawlSummary summary, make_run(*next.first));
      if (summary.tally.failed > 0) exit_code = kFailures;
      if (summary.state == "stopped") break;
    }
    notify_.stopping();
    return exit_code;
  }

 private:
  Result<std::pair<const Job*, Timestamp>> next_job() const {
    VELLUM_TRY(const std::vector<storage::Run> runs, catalog_.archive().runs());
    std::vector<policy::AgendaEntry> agenda;
    for (const Job& job : jobs_) agenda.push_back({job.config.identity(), job.schedule});
    const policy::NextRun next = policy::next_run(agenda, runs, since_);
    return std::pair<const Job*, Timestamp>(&jobs_[next.entry], next.at);
  }

  // False if told to stop. In short steps by the wall clock: a machine that slept is late, and finds out on waking.
  bool wait_until(Timestamp at) {
    io_.poll();  // it may have come while a crawl ran
    while (!told_ && clock_.now() < at) {
      notify_.alive(clock_.now());
      Duration step = std::min<Duration>(at - clock_.now(), std::chrono::seconds(30));
      if (const auto watchdog = notify_.watchdog_period()) step = std::min(step, *watchdog / 3);
      io_.restart();
      io_.run_one_for(std::max<Duration>(step, std::chrono::milliseconds(1)));
    }
    return !told_;
  }

  Result<engine::CrawlSummary> make_run(const Job& job) {
    notify_.status("crawling " + job.name);
    ServedPrinter printer(context_.json, clock_, notify_);
    engine::Crawl crawl({job.config,
                         catalog_,
                         registry_,
                         clock_,
                         printer,
                         std::max<std::size_t>(2, std::thread::hardware_concurrency()),
                         {}});
    VELLUM_TRY(engine::CrawlSummary summary, crawl.run());
    printer.summary(summary);
    return summary;
  }

  boost::asio::io_context io_{1};  // for signals alone, so that none is lost between two runs
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  bool told_ = false;
  const Context& context_;
  std::vector<Job> jobs_;
  storage::Catalog& catalog_;
  const plugins::Registry& registry_;
  const SystemClock clock_;
  const Timestamp since_;
  ServiceNotify notify_;
};

Result<int> serve(const Options& options, const Context& context) {
  VELLUM_TRY(std::vector<Job> jobs, load_jobs(options, context));
  VELLUM_TRY(const plugins::Registry registry, plugins::Registry::load(plugins::default_site_folders()));
  Duration after_crash{};
  for (const Job& job : jobs) after_crash = std::max(after_crash, job.config.politeness.after_crash);
  auto catalog = storage::Catalog::open(context.archive, {SystemClock().now(), after_crash, false});
  if (!catalog && catalog.error().kind == ErrorKind::kNotFound)
    return fail(ErrorKind::kInvalid, "no archive in " + context.archive.string() + "; make one with `vellum init DIR`");
  if (!catalog) return fail(catalog.error());
  Daemon daemon(context, std::move(jobs), **catalog, registry);
  VELLUM_TRY(const int exit_code, daemon.live());
  (*catalog)->close();
  return exit_code;
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "serve", "Runs crawls when their schedules say so, until it is told to stop",
                            [options, &context] {
                              const auto code = serve(*options, context);
                              return code ? *code : report(code.error());
                            });
  verb->add_option("--config", options->configs, "Crawl file with a [schedule]; may be repeated; default: vellum.toml")
      ->allow_extra_args(false);
  verb->footer(
      "\nOne run at a time. A run that was broken off goes on at once; runs that were missed are made up for by one.\n"
      "SIGTERM and Ctrl-C stop it cleanly. Under systemd (configs/systemd/vellum.service) it says when it is ready "
      "and\n"
      "what it does, and feeds the watchdog. Events with --json are those of `vellum crawl`.\n"
      "Exit codes: 0 stopped, 1 stopped after failures, 2 wrong use.\n"
      "Example: vellum -C archive serve --config configs/pubmed.toml");
}

}  // namespace vellum::cli
