// The JSON Schema of plugin.toml, for editors that complete and check TOML by one (Taplo, Even Better TOML). Made from
// the same tables as the reader of rule files, so that it cannot fall behind.
//
// Threads: any.     Spec: https://json-schema.org/draft-07

#pragma once

#include "base/json.h"

namespace vellum::plugins {

Json rule_file_schema();

}  // namespace vellum::plugins
