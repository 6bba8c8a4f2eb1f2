// vellum resume: takes `vellum pause` back.

#include "tools/vellum/crawl/control_client.h"

namespace vellum::cli {

void add_resume(CLI::App& app, Context& context) {
  CLI::App* verb = add_verb(app, context, "resume", "Go on after `vellum pause`", [&context] {
    const Json command = {{"verb", "resume"}};
    return run_command(context, command,
                       [](const Json& row) { return flag_of(row, "was_paused") ? "goes on" : "was not paused"; });
  });
  verb->footer(
      "\nHolds on single groups stay: `vellum frontier resume GROUP` lifts those.\n"
      "Example: vellum -C archive resume");
}

}  // namespace vellum::cli
