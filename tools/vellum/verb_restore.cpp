// vellum restore BACKUP: an archive made of a backup.

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
    std::cout << fmt::format("restored {} captures in {}: {} payloads, {} read and hashed\n", copied->captures,
                             to.string(), copied->payloads, human_bytes(copied->payload_bytes));
  }
  return kDone;
}

}  // namespace

void add_restore(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::filesystem::path>();
  CLI::App* verb = add_verb(app, context, "restore", "Make an archive of a backup, verified",
                            [folder, &context] { return run(*folder, context.archive, context); });
  verb->add_option("BACKUP", *folder, "A folder that `vellum backup` made")->required();
  verb->footer(
      "\nThe archive that -C names must not exist yet, or be an empty folder. Every payload is rebuilt and hashed "
      "first.\n"
      "Example: vellum -C archive restore /mnt/copies/monday");
}

}  // namespace vellum::cli
