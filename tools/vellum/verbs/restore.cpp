// vellum restore BACKUP: an archive made of a backup.

#include "tools/vellum/exchange/archive_copy.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {

void add_restore(CLI::App& app, Context& context) {
  auto folder = std::make_shared<std::filesystem::path>();
  CLI::App* verb = add_verb(app, context, "restore", "Make an archive of a backup, verified",
                            [folder, &context] { return copy_archive(*folder, context.archive, "restored", context); });
  verb->add_option("BACKUP", *folder, "A folder that `vellum backup` made")->required();
  verb->footer(
      "\nThe archive that -C names must not exist yet, or be an empty folder. Every payload is rebuilt and hashed "
      "first.\n"
      "Example: vellum -C archive restore /mnt/copies/monday");
}

}  // namespace vellum::cli
