// vellum warc check FILE...: names each fault of WARC and ARC files with offset and rule.

#include <iostream>

#include "storage/warc/checker.h"
#include "tools/vellum/text/table.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

struct Options {
  std::vector<std::string> files;
  bool advice = false;
};

Json row_of(const std::string& file, const warc::Fault& fault) {
  Json row;
  row["file"] = file;
  row["offset"] = fault.offset;
  row["record"] = fault.record;
  row["rule"] = fault.rule->name;
  row["section"] = fault.rule->section;
  row["severity"] = fault.rule->severity == warc::Severity::kFault ? "fault" : "advice";
  row["text"] = fault.rule->text;
  row["detail"] = fault.detail;
  return row;
}

Json summary_of(const std::string& file, const warc::CheckResult& result) {
  Json row;
  row["file"] = file;
  row["valid"] = result.is_clean();
  row["records"] = result.records;
  row["faults"] = result.fault_count;
  row["advice"] = result.advice_count;
  row["digests"] = result.digests_checked;
  return row;
}

void print(const std::string& file, const warc::Fault& fault) {
  std::cout << printable(file) << ":" << fault.offset << ": ";
  if (fault.rule->severity == warc::Severity::kAdvice) std::cout << "advice: ";
  std::cout << fault.rule->name << " (" << fault.rule->section << "): " << printable(fault.detail) << '\n';
}

void print_summary(const std::string& file, const warc::CheckResult& result) {
  std::cout << printable(file) << ": " << (result.is_clean() ? "valid" : "damaged or invalid") << ", " << result.records
            << " records, " << result.digests_checked << " digests checked, " << result.fault_count << " faults, "
            << result.advice_count << " pieces of advice\n";
}

void show(const std::string& file, const warc::CheckResult& result, const Options& options, bool json) {
  const auto each = [&](const std::vector<warc::Fault>& faults) {
    for (const warc::Fault& fault : faults) {
      json ? void(std::cout << to_line(row_of(file, fault)) << '\n') : print(file, fault);
    }
  };
  each(result.faults);
  if (options.advice || json) each(result.advice);
  json ? void(std::cout << to_line(summary_of(file, result)) << '\n') : print_summary(file, result);
}

int run(const Options& options, const Context& context) {
  int code = kDone;
  for (const std::string& file : options.files) {
    const auto result = warc::check_file(file);
    if (!result) {
      code = report(result.error());
      continue;
    }
    show(file, *result, options, context.json);
    if (!result->is_clean() && code == kDone) code = kDamaged;
  }
  return code;
}

}  // namespace

void add_warc(CLI::App& app, Context& context) {
  CLI::App* family = app.add_subcommand("warc", "WARC files by themselves, without an archive");
  family->require_subcommand(1);
  auto options = std::make_shared<Options>();
  CLI::App* verb = add_verb(*family, context, "check", "Name each fault of WARC and ARC files with offset and rule",
                            [options, &context] { return run(*options, context); });
  add_words(*verb, "FILE", options->files, "WARC or ARC, plain, gzip or zstd")->required();
  verb->add_flag("--advice", options->advice, "Also show what is only recommended");
  verb->footer(
      "\nRules are those of WARC 1.1 (ISO 28500:2017), with their section; offsets are those of the fault in plain "
      "files, of\n"
      "its member in coded ones. Exit code 3 where a fault is found.\n"
      "Example: vellum warc check crawl.warc.gz --advice");
}

}  // namespace vellum::cli
