// vellum backup DIR: a verified copy of the whole archive, made while a crawl may go on.

#include "tools/vellum/exchange/archive_copy.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {

void add_backup(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::filesystem::path>();
  CLI::App* verb =
      add_verb(app, context, "backup", "Copy the whole archive, verified, while a crawl may go on",
               [folder, &context] { return copy_archive(context.archive, *folder, "backup of", context); });
  verb->add_option("DIR", *folder, "A folder that does not exist yet or is empty")->required();
  verb->footer(
      "\nThe copy is an archive like any other: every verb reads it. It has its name only when every payload of it was "
      "rebuilt\n"
      "and hashed.\nExample: vellum -C archive backup /mnt/copies/monday");
}

}  // namespace vellum::cli
