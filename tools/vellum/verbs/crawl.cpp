// vellum crawl [--config F] [URL...]: one run, to the end or a limit.

#include <thread>

#include "crawler/engine/control_socket.h"
#include "crawler/policy/config.h"
#include "plugins/host/registry.h"
#include "tools/vellum/authoring/plugin_set.h"
#include "tools/vellum/crawl/crawl_printer.h"
#include "tools/vellum/report/crawl_report.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string config;
  policy::CrawlOverrides overrides;
};

int exit_code_of(const engine::CrawlSummary& summary) {
  if (summary.state != "finished") return kStoppedEarly;
  return summary.tally.failed > 0 ? kFailures : kDone;
}

// What `vellum status` calls this crawl.
std::string name_of(const Options& options, const policy::CrawlConfig& config) {
  if (!options.config.empty() || config.beginnings().empty()) return options.config;
  return config.beginnings().front();
}

Result<int> crawl(const Options& options, const Context& context) {
  VELLUM_TRY(const policy::CrawlConfig config,
             policy::load_config(policy::find_config(options.config, context.archive), options.overrides));
  for (const std::string& warning : config.warnings) warn(warning);
  VELLUM_TRY(const plugins::Registry registry, load_all_plugins(context));
  const SystemClock clock;
  const storage::OpenOptions open{clock.now(), config.politeness.after_crash, false};
  auto catalog = storage::Catalog::open(context.archive, open);
  if (!catalog && catalog.error().kind == ErrorKind::kNotFound) {
    return fail(ErrorKind::kInvalid, "no archive in " + context.archive.string() +
                                         "; name one with -C DIR or make one with `vellum init DIR`");
  }
  if (!catalog) return fail(catalog.error());
  engine::Monitor monitor(clock);
  engine::Control control(**catalog, clock, &monitor);
  VELLUM_TRY(auto socket, engine::ControlSocket::open(context.archive, control));
  CrawlPrinter printer(context.json, &monitor);
  engine::CrawlSetup setup{
      config, **catalog, registry, clock, monitor, std::max(2u, std::thread::hardware_concurrency()), {}};
  engine::Crawl crawl(std::move(setup));
  monitor.begin(printer, name_of(options, config));
  control.watch(&crawl);
  const auto summary = crawl.run();
  control.watch(nullptr);
  socket.reset();
  if (!summary) return fail(summary.error());
  leave_reports((*catalog)->archive(), *summary, context.archive);
  (*catalog)->close();
  printer.summary(*summary);
  return exit_code_of(*summary);
}

}  // namespace

void add_crawl(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, context, "crawl", "One run of a crawl: to the end, a limit or Ctrl-C; the next call goes on",
               [options, &context] {
                 const auto code = crawl(*options, context);
                 return code ? *code : report(code.error());
               });
  verb->add_option("URL", options->overrides.urls, "Seeds, instead of the file's");
  verb->add_option("--config", options->config, "Crawl file (TOML); default: vellum.toml of the archive");
  verb->add_option("--max-pages", options->overrides.max_pages, "Stop after so many pages (exit code 4)");
  verb->add_option("--max-depth", options->overrides.max_depth, "Links away from a seed");
  verb->add_option("--scope", options->overrides.scope,
                   "`+PATTERN`, `-PATTERN` (RE2) or a host glob, before the file's rules; may be repeated")
      ->allow_extra_args(false);
  verb->footer(
      "Events with --json: captured (only once it would survive a power cut), extracted, failed, skipped, "
      "quarantined,\n"
      "summary. Exit codes: 0 done, 1 done with failures, 4 stopped by a limit or a signal.\n"
      "Example: vellum -C archive crawl --config configs/pubmed.toml --max-pages 100");
}

}  // namespace vellum::cli
