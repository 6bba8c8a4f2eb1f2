// Giving a command to an archive, whoever holds it: through the socket of a running crawl, else by opening it.
//
// Threads: any; blocks.

#pragma once

#include <vector>

#include "tools/vellum/verb.h"

namespace vellum::cli {

// As engine::Control::execute. While a program without a socket (import, repack) writes, it is waited for, up to half a
// minute, and said so; then kTimeout.
Result<std::vector<Json>> command_archive(const Context& context, const Json& command);

// Runs it, prints rows with --json, else one line for each as `line` makes it, and returns the exit code.
int run_command(const Context& context, const Json& command, const std::function<std::string(const Json&)>& line);

}  // namespace vellum::cli
