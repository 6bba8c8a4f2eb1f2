// Two values as people compare them: not from their beginnings, but around the place where they part.
//
// Threads: any; pure.

#pragma once

#include <string>
#include <utility>

#include "base/json.h"

namespace vellum::plugins {

// Texts as they are, other values as JSON, "" for null; of long ones 160 bytes around the first difference, in whole
// characters, with dots where something is left out.
std::pair<std::string, std::string> parted(const Json& one, const Json& other);

}  // namespace vellum::plugins
