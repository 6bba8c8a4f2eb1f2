#include "tools/vellum/authoring/plugin_drift.h"
#include "tools/vellum/authoring/plugin_set.h"

#include <fmt/format.h>

#include <iostream>

#include "base/text.h"
#include "crawler/engine/drift_report.h"
#include "plugins/host/registry.h"
#include "tools/vellum/text/table.h"

namespace vellum::cli {
namespace {

struct Options {
  std::string id, prefix;
  storage::RunId run = 0;
  bool rates = false, reread = false;
};

using engine::DriftFinding;

void print_finding(const std::string& window, const DriftFinding& finding, const Context& context) {
  if (context.json) {
    Json row = {{"crawl", window}};
    const Json details = engine::to_json(finding);
    for (const auto& [key, value] : details.items()) row[key] = value;
    std::cout << to_line(row) << '\n';
    return;
  }
  std::cout << window << ": " << printable(engine::line_of(finding)) << '\n';
  for (const plugins::DeadSource& dead : finding.why.dead) {
    std::cout << fmt::format("    dead   {} (source {} of {}, {} hit{} before)\n", printable(dead.source), dead.rank,
                             dead.field, dead.hits, dead.hits == 1 ? "" : "s");
  }
  for (const plugins::Repair& repair : finding.why.repairs) {
    std::string value = printable(repair.value);
    if (value.size() > 60) value = repair_utf8(value.substr(0, 60)) + "...";
    std::cout << fmt::format("    {} {} = {}   # {}\n", repair.is_checked ? "repair" : "maybe ", repair.field,
                             printable(repair.source), value);
  }
}

void add_rates(const std::string& window, const plugins::DriftRates& rates, const Options& options,
               const Context& context, Table& table) {
  for (const auto& [key, rate] : rates.rows()) {
    const auto& [plugin, layout, field] = key;
    if (field.empty() || (!options.id.empty() && plugin != options.id)) continue;
    if (context.json) {
      std::cout << to_line({{"crawl", window},
                            {"plugin", plugin},
                            {"layout", layout},
                            {"field", field},
                            {"pages", rate.pages},
                            {"hits", rate.hits},
                            {"rate", rate.share()}})
                << '\n';
      continue;
    }
    table.add({window, plugin, layout.empty() ? "-" : layout, field, std::to_string(rate.pages),
               std::to_string(rate.hits), fmt::format("{:.3f}", rate.share())});
  }
}

Result<engine::DriftWindows> watched(const storage::Archive& archive, const plugins::Registry& registry,
                                     const Options& options) {
  if (options.run == 0) return engine::watch_archive(archive, options.reread ? &registry : nullptr, options.prefix);
  engine::DriftWindows windows;
  plugins::DriftWatch& watch = windows["run " + std::to_string(options.run)];
  VELLUM_CHECK(engine::watch_run(archive, options.run, 0, watch));
  return windows;
}

Result<int> run(const Options& options, const Context& context) {
  if (options.run > 0 && (options.reread || !options.prefix.empty())) {
    return fail(ErrorKind::kInvalid, "plugin drift: --run takes what the run stored; leave out --reread and --prefix");
  }
  VELLUM_TRY(const auto registry, load_plugins(context, options.id));
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const engine::DriftWindows windows, watched(*archive, registry, options));
  Table table({"CRAWL", "PLUGIN", "LAYOUT", "FIELD", ">PAGES", ">HITS", ">RATE"});
  std::size_t alarms = 0, pages = 0;
  for (const auto& [window, watch] : windows) {
    for (const auto& [key, rate] : watch.rates().rows()) pages += std::get<2>(key).empty() ? rate.pages : 0;
    if (options.rates) {
      add_rates(window, watch.rates(), options, context, table);
      continue;
    }
    auto found = watch.alarms(nullptr);
    std::erase_if(found, [&](const auto& alarm) { return !options.id.empty() && alarm.plugin != options.id; });
    alarms += found.size();
    for (const DriftFinding& finding : engine::explain_drift(*archive, registry, std::move(found), options.reread)) {
      print_finding(window, finding, context);
    }
  }
  if (pages == 0) warn("no records are stored for that");
  if (!context.json && !options.rates && pages > 0) {
    std::cout << fmt::format("{} alarm{} in {} record{}\n", alarms, alarms == 1 ? "" : "s", pages,
                             pages == 1 ? "" : "s");
  }
  return alarms > 0 || pages == 0 ? kFailures : kDone;
}

}  // namespace

void add_plugin_drift(CLI::App& plugin, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(plugin, context, "drift", "Fields that plugins found once and find no more, crawl by crawl",
                            [options, &context] {
                              const auto code = run(*options, context);
                              return code ? *code : report(code.error());
                            });
  verb->add_option("ID", options->id, "Only this plugin");
  verb->add_option("--prefix", options->prefix, "Only pages whose address starts with this")->type_name("URL");
  verb->add_option("--run", options->run, "Only what this run read")->type_name("N");
  verb->add_flag("--rates", options->rates, "The hit rates by plugin, layout and field instead of the alarms");
  verb->add_flag("--reread", options->reread,
                 "Read the stored pages with the plugins of today, not their stored records");
  verb->footer(
      "\nEach record is held against that of the page's capture before: the alarm names the first bad capture, the "
      "source that\nis dead and, where the value stands on the new page, a source that finds it (`repair`: tried; "
      "`maybe`: near it).\nImported captures are taken month by month. Exit code 1: there are alarms.\n"
      "Example: vellum -C archive plugin drift org.example --json");
}

}  // namespace vellum::cli
