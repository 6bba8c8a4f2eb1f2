// vellum serve: the daemon. It waits for the next run of each crawl and makes it, until it is told to stop, and shows
// the archive and its own state to browsers meanwhile.

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <thread>

#include "crawler/engine/control_socket.h"
#include "crawler/policy/agenda.h"
#include "plugins/host/registry.h"
#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/crawl/crawl_jobs.h"
#include "tools/vellum/crawl/crawl_printer.h"
#include "tools/vellum/crawl/service_notify.h"
#include "tools/vellum/report/crawl_report.h"
#include "tools/vellum/serve/listen_address.h"
#include "tools/vellum/serve/plugin_watch.h"
#include "tools/vellum/serve/served_pages.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

constexpr const char* kDefaultListen = "127.0.0.1:8080";

struct Options {
  std::vector<std::string> configs;
  std::string listen = kDefaultListen;  // "none": no pages
  bool listen_named = false;
};

// A crawl's events go where `vellum crawl` sends them; its progress also keeps the watchdog quiet.
class ServedPrinter final : public CrawlPrinter {
 public:
  ServedPrinter(bool json, const Clock& clock, const engine::Monitor& monitor, ServiceNotify& notify)
      : CrawlPrinter(json, &monitor), clock_(clock), notify_(notify) {}

  void progress(const engine::Progress& progress) override {
    notify_.alive(clock_.now());
    CrawlPrinter::progress(progress);
  }

 private:
  const Clock& clock_;
  ServiceNotify& notify_;
};

class Daemon {
 public:
  Daemon(const Context& context, std::vector<CrawlJob> jobs, storage::Catalog& catalog, plugins::Registry& registry)
      : context_(context), jobs_(std::move(jobs)), catalog_(catalog), registry_(registry), since_(clock_.now()) {
    signals_.async_wait([this](const boost::system::error_code& error, int) { told_ = !error; });
  }

  // What listens; to be called before live().
  Result<void> open(const Options& options) {
    VELLUM_TRY(socket_, engine::ControlSocket::open(context_.archive, control_));
    const auto on_fault = [this](const std::string& fault) {
      monitor_.set_plugin_fault(fault);
      warn(fault.empty() ? "plugins changed: loaded anew"
                         : "plugins changed and do not load; the old ones stay: " + fault);
    };
    plugins_ = std::make_unique<PluginWatch>(registry_, plugins::site_folders_of(context_.archive), on_fault);
    return open_pages(options);
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
  Result<void> open_pages(const Options& options) {
    if (options.listen == "none") return {};
    VELLUM_TRY(const replay::ServerOptions listen, parse_listen("serve", options.listen));
    auto pages = ServedPages::open(listen, catalog_, control_, monitor_);
    if (!pages && pages.error().kind == ErrorKind::kNetwork && !options.listen_named) {
      warn(pages.error().message + "; no pages are served: name another address with --listen");
      return {};
    }
    if (!pages) return fail(pages.error());
    pages_ = *std::move(pages);
    if (!is_loopback(listen.host)) warn("answers beyond this machine, on " + listen.host + ": mind the rights");
    warn("replay, /status and /metrics at " + address_of(listen, pages_->port()));
    return {};
  }

  Result<std::pair<const CrawlJob*, Timestamp>> next_job() {
    VELLUM_TRY(const std::vector<storage::Run> runs, catalog_.archive().runs());
    std::vector<policy::AgendaEntry> agenda;
    std::vector<engine::NextRun> all;
    for (const CrawlJob& job : jobs_) {
      agenda.push_back({job.config.identity(), job.schedule});
      all.push_back({job.name, policy::next_run(agenda.back(), runs, since_).at});
    }
    monitor_.set_next_runs(std::move(all));
    const policy::NextRun next = policy::next_run(agenda, runs, since_);
    return std::pair<const CrawlJob*, Timestamp>(&jobs_[next.entry], next.at);
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

  Result<engine::CrawlSummary> make_run(const CrawlJob& job) {
    notify_.status("crawling " + job.name);
    ServedPrinter printer(context_.json, clock_, monitor_, notify_);
    engine::Crawl crawl({job.config,
                         catalog_,
                         registry_,
                         clock_,
                         monitor_,
                         std::max<std::size_t>(2, std::thread::hardware_concurrency()),
                         {}});
    monitor_.begin(printer, job.name);
    control_.watch(&crawl);
    auto summary = crawl.run();
    control_.watch(nullptr);
    monitor_.end(summary ? &*summary : nullptr);
    if (summary) printer.summary(*summary);
    if (summary) leave_reports(catalog_.archive(), *summary, context_.archive);
    return summary;
  }

  boost::asio::io_context io_{1};  // for signals alone, so that none is lost between two runs
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM};
  bool told_ = false;
  const Context& context_;
  std::vector<CrawlJob> jobs_;
  storage::Catalog& catalog_;
  plugins::Registry& registry_;
  const SystemClock clock_;
  const Timestamp since_;
  ServiceNotify notify_;
  engine::Monitor monitor_{clock_};
  engine::Control control_{catalog_, clock_, &monitor_};
  std::unique_ptr<engine::ControlSocket> socket_;
  std::unique_ptr<PluginWatch> plugins_;
  std::unique_ptr<ServedPages> pages_;
};

Result<int> serve(const Options& options, const Context& context) {
  VELLUM_TRY(std::vector<CrawlJob> jobs, load_crawl_jobs(options.configs, context));
  VELLUM_TRY(plugins::Registry registry, load_all_plugins(context));
  Duration after_crash{};
  for (const CrawlJob& job : jobs) after_crash = std::max(after_crash, job.config.politeness.after_crash);
  auto catalog = storage::Catalog::open(context.archive, {SystemClock().now(), after_crash, false});
  if (!catalog && catalog.error().kind == ErrorKind::kNotFound)
    return fail(ErrorKind::kInvalid, "no archive in " + context.archive.string() + "; make one with `vellum init DIR`");
  if (!catalog) return fail(catalog.error());
  Result<int> exit_code = kDone;
  {
    Daemon daemon(context, std::move(jobs), **catalog, registry);
    VELLUM_CHECK(daemon.open(options));
    exit_code = daemon.live();
  }
  if (exit_code) (*catalog)->close();
  return exit_code;
}

}  // namespace

void add_serve(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(app, context, "serve",
                            "The daemon: runs crawls by their schedules, serves replay, status page and metrics",
                            [options, &context] {
                              const auto code = serve(*options, context);
                              return code ? *code : report(code.error());
                            });
  verb->add_option("--config", options->configs, "Crawl file with a [schedule]; may be repeated; default: vellum.toml")
      ->allow_extra_args(false);
  verb->add_option_function<std::string>(
          "--listen",
          [options](const std::string& text) {
            options->listen = text;
            options->listen_named = true;
          },
          "Where to answer browsers; default 127.0.0.1:8080, port 0 for any free one, `none` for nowhere")
      ->type_name("HOST:PORT");
  verb->footer(
      "\nOne run at a time. A run that was broken off goes on at once; runs that were missed are made up for by one.\n"
      "At the address: replay as of `vellum replay`, /status for people, /metrics for Prometheus (text format 0.0.4).\n"
      "`vellum status`, `pause`, `resume` and `frontier` work on it while it runs. Plugin files that change, also in\n"
      "DIR/plugins of the archive, are loaded anew before the next page; files that do not load change nothing.\n"
      "SIGTERM and Ctrl-C stop it cleanly. Under systemd (configs/systemd/vellum.service) it says when it is ready "
      "and\n"
      "what it does, and feeds the watchdog. Events with --json are those of `vellum crawl`.\n"
      "Exit codes: 0 stopped, 1 stopped after failures, 2 wrong use.\n"
      "Example: vellum -C archive serve --config configs/pubmed.toml --listen 127.0.0.1:9090");
}

}  // namespace vellum::cli
