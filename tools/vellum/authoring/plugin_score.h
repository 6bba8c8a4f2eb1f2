// vellum plugin score: how right the plugins are, beside the generic reader, on pages whose records are known.
#pragma once

#include "tools/vellum/verb.h"

namespace vellum::cli {

void add_plugin_score(CLI::App& plugin, Context& context);

}  // namespace vellum::cli
