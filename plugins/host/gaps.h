// What a plugin left open in a record, filled with what the generic reader found on the same page.
// Threads: any.

#pragma once

#include "base/json.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

// Keys that `body` calls generic_first are taken from `generic`, others only where `record` lacks them and `body` does
// not forbid it; objects are filled key by key. Authors and editors keep the affiliations and ORCIDs that either side
// knows: a person is the same where the family names agree.
void fill_gaps(Json& record, const Json& generic, const Body& body);

}  // namespace vellum::plugins
