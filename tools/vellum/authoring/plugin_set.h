// The plugins that a verb reads pages with: those of the archive's folder `plugins`, then those of VELLUM_PLUGINS or,
// where it names none, the built-in ones. Of an id in two of these, the first holds.
//
// Threads: one.

#pragma once

#include <string_view>

#include "plugins/host/registry.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {

// For verbs that read: a plugin.toml that does not load is named on stderr and left out, and the exit code is at
// least 1. It is the error where it is the plugin that the user named.
Result<plugins::Registry> load_plugins(const Context& context, std::string_view named = "");

// For verbs that store records: the first plugin.toml that does not load is the error.
Result<plugins::Registry> load_all_plugins(const Context& context);

}  // namespace vellum::cli
