// vellum plugin drift: do the plugins still read their sites?
#pragma once

#include "tools/vellum/verb.h"

namespace vellum::cli {

void add_plugin_drift(CLI::App& plugin, Context& context);

}  // namespace vellum::cli
