// vellum plugin check: what a plugin wins and loses over every stored capture, against what ran before.
#pragma once

#include "tools/vellum/verb.h"

namespace vellum::cli {

void add_plugin_check(CLI::App& plugin, Context& context);

}  // namespace vellum::cli
