// vellum repair --from COPY: a damaged archive is healed from a copy of it.

#include <fmt/format.h>

#include <iostream>

#include "base/clock.h"
#include "storage/commit/repair.h"
#include "tools/vellum/care/copy_journal.h"
#include "tools/vellum/care/warc_repair.h"
#include "tools/vellum/text/fault_printer.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

void print_json(const storage::RepairReport& done) {
  Json row;
  row["event"] = "summary";
  row["gaps"] = done.gaps;
  row["rows"] = done.rows;
  row["payloads"] = done.payloads;
  row["headers"] = done.headers;
  row["captures"] = done.check.captures;
  row["faults"] = done.check.faults.size();
  row["damaged"] = done.damaged.string();
  std::cout << to_line(row) << '\n';
}

void print(const storage::RepairReport& done) {
  std::cout << fmt::format(
      "{} gaps; from the copy: {} rows, {} payloads, {} header blocks; {} captures now, {} faults left\n", done.gaps,
      done.rows, done.payloads, done.headers, done.check.captures, done.check.faults.size());
  std::cout << "the archive as it was: " << done.damaged.string() << '\n';
}

// It holds all that the archive held: a take-down must name it.
void note_damaged(const storage::RepairReport& done, const Context& context) {
  storage::CaptureId last = ~storage::CaptureId{0};
  if (const auto archive = storage::Archive::open(context.archive)) last = last_capture(**archive).value_or(last);
  note_copy(context.archive, {"damaged", done.damaged.string(), SystemClock().now(), last, {}, {}, {}});
}

int run(const std::filesystem::path& source, const Context& context) {
  std::error_code error;
  const auto done = std::filesystem::is_regular_file(source, error) ? repair_from_warc(context.archive, source)
                                                                    : storage::repair_archive(context.archive, source);
  if (!done) return report(done.error());
  note_damaged(*done, context);
  print_faults(done->check.faults, context);
  context.json ? print_json(*done) : print(*done);
  return done->check.faults.empty() ? kDone : kDamaged;
}

}  // namespace

void add_repair(CLI::App& app, Context& context) {
  auto backup = std::make_shared<std::filesystem::path>();
  CLI::App* verb = add_verb(app, context, "repair", "Heal a damaged archive from a backup, a WARC or a WACZ",
                            [backup, &context] { return run(*backup, context); });
  verb->add_option("--from", *backup, "A folder that `vellum backup` made, or a WARC or WACZ file")
      ->required()
      ->type_name("COPY");
  verb->footer(
      "\nThe archive is built anew beside its folder and checked; then the two change places. What still reads is "
      "kept,\n"
      "also what came after the backup. From a WARC or WACZ, payloads are healed by their digest, header blocks by "
      "address,\n"
      "time and digest. Exit code 3: faults are left that the copy cannot heal; they are named.\n"
      "Example: vellum -C archive repair --from /mnt/copies/monday");
}

}  // namespace vellum::cli
