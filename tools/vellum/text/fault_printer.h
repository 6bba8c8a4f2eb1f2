// The faults of an archive, a row each, as `check` and `repair` list them.
#pragma once

#include <vector>

#include "tools/vellum/verb.h"

namespace vellum::cli {

void print_faults(const std::vector<storage::Fault>& faults, const Context& context);

}  // namespace vellum::cli
