// vellum pause: no crawl of the archive asks anything until `vellum resume`.

#include "tools/vellum/crawl/control_client.h"
#include "tools/vellum/text/table.h"

namespace vellum::cli {

void add_pause(CLI::App& app, Context& context) {
  auto reason = std::make_shared<std::string>();
  CLI::App* verb =
      add_verb(app, context, "pause", "Stop asking anybody anything, until `vellum resume`", [reason, &context] {
        Json command = {{"verb", "pause"}};
        if (!reason->empty()) command["reason"] = *reason;
        return run_command(context, command, [](const Json&) { return "paused; go on with `vellum resume`"; });
      });
  verb->add_option("--reason", *reason, "Why; shown by `vellum status`");
  verb->footer(
      "\nRequests that are under way end; all others stay queued. The pause is the archive's: it outlasts the "
      "program,\n"
      "and a crawl or a daemon that starts meanwhile waits. Works whether a crawl runs or not.\n"
      "Example: vellum -C archive pause --reason \"disk is being moved\"");
}

}  // namespace vellum::cli
