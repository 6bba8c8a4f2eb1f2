// Answers under /web/: an archived page, its raw bytes, the list of its captures.
//
// Threads: any.

#pragma once

#include "storage/archive/archive.h"
#include "tools/replay/http.h"
#include "tools/replay/target.h"

namespace vellum::replay {

// Errors are the archive's; an address without captures is an answer (404 with what lies near), not an error.
Result<Reply> snapshot_reply(const storage::Archive& archive, const ArchivedTarget& target, const Request& request);

}  // namespace vellum::replay
