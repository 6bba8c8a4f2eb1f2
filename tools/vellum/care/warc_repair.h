// `repair --from FILE`: a WARC or WACZ heals an archive through an archive of its own, which it is imported into.
// Threads: one.
#pragma once

#include <filesystem>

#include "storage/commit/repair.h"
#include "tools/vellum/verb.h"

namespace vellum::cli {

// As storage::repair_payloads; kInvalid also where the file cannot be read as WARC or WACZ. Needs room beside the
// archive for the repaired one and for what the file holds.
Result<storage::RepairReport> repair_from_warc(const std::filesystem::path& archive, const std::filesystem::path& file);

}  // namespace vellum::cli
