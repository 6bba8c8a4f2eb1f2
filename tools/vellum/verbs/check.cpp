// vellum check [--read-data [--budget 30s]]: fixity. Every reference resolves, every payload rebuilds to its SHA-256.

#include <fmt/format.h>

#include <iostream>

#include "tools/vellum/care/scrub.h"
#include "tools/vellum/text/fault_printer.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  bool read_data = false;
  std::string budget;
};

void print_json(const storage::CheckReport& report) {
  Json row;
  row["event"] = "summary";
  row["captures"] = report.captures;
  row["payloads"] = report.payloads;
  row["payload_bytes"] = report.payload_bytes;
  row["articles"] = report.articles;
  row["links"] = report.links;
  row["seals"] = report.seals;
  row["faults"] = report.faults.size();
  std::cout << to_line(row) << '\n';
}

void print(const storage::CheckReport& report, bool read_data) {
  const std::string read = read_data ? fmt::format(", {} read and hashed", human_bytes(report.payload_bytes)) : "";
  const std::size_t faults = report.faults.size();
  std::cout << fmt::format("{} captures, {} payloads{}, {} article records, {} links, {} seals: {}\n", report.captures,
                           report.payloads, read, report.articles, report.links, report.seals,
                           faults == 0 ? "no fault" : fmt::format("{} fault{}", faults, faults == 1 ? "" : "s"));
}

Result<int> run(const Options& options, const Context& context) {
  VELLUM_TRY(const Duration budget, options.budget.empty() ? Duration() : parse_duration(options.budget));
  VELLUM_TRY(const auto archive, open_archive(context));
  if (!options.budget.empty()) return scrub_for(*archive, budget, context);
  VELLUM_TRY(const storage::CheckReport report, archive->check(options.read_data));
  print_faults(report.faults, context);
  if (context.json) {
    print_json(report);
  } else {
    print(report, options.read_data);
  }
  return report.faults.empty() ? kDone : kDamaged;
}

}  // namespace

void add_check(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      add_verb(app, context, "check", "Fixity: every reference resolves, every payload rebuilds to its digest",
               [options, &context] {
                 const auto code = run(*options, context);
                 return code ? *code : report(code.error());
               });
  verb->add_flag("--read-data", options->read_data, "Also rebuild and hash every payload and read every block on disk");
  verb->add_option("--budget", options->budget,
                   "With --read-data: rebuild and hash for about so long, such as 30s; the next call goes on there")
      ->type_name("TIME")
      ->needs("--read-data");
  verb->footer(
      "\nOne line a fault, on standard output; exit code 3 if there is one. Without a budget every reference, counter "
      "and seal is\nchecked too. With one, how far the calls came is kept in the file SCRUB of the archive.\n"
      "Example: vellum -C archive check --read-data");
}

}  // namespace vellum::cli
