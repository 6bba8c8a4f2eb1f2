// vellum backup DIR: a verified copy of the whole archive, made while a crawl may go on.

#include <fmt/format.h>

#include <iostream>

#include "storage/commit/backup.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {
namespace {

int run(const std::filesystem::path& from, const std::filesystem::path& to, const Context& context) {
  const auto copied = storage::copy_archive(from, to);
  if (!copied) return report(copied.error());
  if (context.json) {
    Json row;
    row["event"] = "summary";
    row["archive"] = to.string();
    row["captures"] = copied->captures;
    row["payloads"] = copied->payloads;
    row["payload_bytes"] = copied->payload_bytes;
    std::cout << to_line(row) << '\n';
  } else {
    std::cout << fmt::format("backup of {} captures in {}: {} payloads, {} read and hashed\n", copied->captures,
                             to.string(), copied->payloads, human_bytes(copied->payload_bytes));
  }
  return kDone;
}

}  // namespace

void add_backup(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::filesystem::path>();
  CLI::App* verb = add_verb(app, context, "backup", "Copy the whole archive, verified, while a crawl may go on",
                            [folder, &context] { return run(context.archive, *folder, context); });
  verb->add_option("DIR", *folder, "A folder that does not exist yet or is empty")->required();
  verb->footer(
      "\nThe copy is an archive like any other: every verb reads it. It has its name only when every payload of it was "
      "rebuilt\n"
      "and hashed.\nExample: vellum -C archive backup /mnt/copies/monday");
}

}  // namespace vellum::cli
