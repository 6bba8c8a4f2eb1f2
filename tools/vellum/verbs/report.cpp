// vellum report [RUN]: what a run did, as a page, as JSON or in a few lines.

#include <fmt/format.h>

#include <fstream>
#include <iostream>

#include "tools/vellum/report/crawl_report.h"
#include "tools/vellum/report/report_page.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  storage::RunId run = 0;
  std::string format, output;
};

void print_counts(const char* title, const Counts& counts) {
  constexpr std::size_t kShown = 5;
  const auto rows = counts.sorted();
  for (std::size_t i = 0; i < std::min(rows.size(), kShown); ++i)
    std::cout << fmt::format("{:<12}{:>10}  {}\n", i == 0 ? title : "", rows[i].second.count, printable(rows[i].first));
}

void print(const CrawlReport& report) {
  std::cout << fmt::format("run {} ({}), started {}\n", report.run.id, report.run.state,
                           to_rfc3339(report.run.started));
  const auto row = [](const char* name, std::uint64_t count) {
    std::cout << fmt::format("{:<12}{:>10}\n", name, count);
  };
  row("captures", report.captures);
  row("pages", report.pages);
  row("articles", report.articles);
  row("DOI links", report.dois);
  row("failed", report.failed);
  row("skipped", report.skipped);
  row("quarantined", report.quarantined);
  std::cout << fmt::format("{:<12}{:>10}\n{:<12}{:>10}\n", "received", human_bytes(report.bytes), "stored",
                           human_bytes(report.stored_bytes));
  print_counts("status", report.statuses);
  print_counts("failures", report.failures);
  print_counts("skips", report.skips);
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const auto archive, open_archive(context));
  VELLUM_TRY(const CrawlReport report, make_report(*archive, options.run));
  const std::string format = !options.format.empty() ? options.format : context.json ? "json" : "";
  if (format.empty() && options.output.empty()) {
    print(report);
    return kDone;
  }
  const std::string text = format == "json" ? to_line(report_json(report)) + "\n" : report_page(report);
  if (options.output.empty()) {
    std::cout << text;
    return kDone;
  }
  std::ofstream out(options.output, std::ios::binary);
  out << text;
  out.close();
  if (!out) return fail(ErrorKind::kStorage, "cannot write " + options.output);
  return kDone;
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, context, "report", "What a run did: hosts, types, failures, sizes, time line", [options, &context] {
        const auto code = run(*options, context);
        return code ? *code : report(code.error());
      });
  verb->add_option("RUN", options->run, "Number of the run; default: the newest");
  verb->add_option("--format", options->format, "html, one file that needs nothing else, or json; default: a few lines")
      ->check(CLI::IsMember({"html", "json"}));
  verb->add_option("-o,--output", options->output, "Into this file (html unless --format says otherwise)");
  verb->footer(
      "\nMade from what the archive holds, also while a crawl runs. Each run that ends leaves its report in\n"
      "DIR/reports/RUN.html and .json.\n"
      "Example: vellum -C archive report -o report.html");
}

}  // namespace vellum::cli
