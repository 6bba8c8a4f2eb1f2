// Fixity: every reference of the archive resolves, every payload rebuilds to its SHA-256. Private to storage.

#pragma once

#include "storage/archive/archive.h"
#include "storage/archive/records.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

// The bytes of the payload that `locator_row` places, verified. kCorrupt: not there, damaged, or of another digest.
Result<std::string> read_payload(const rocks::Database& database, const Digest& digest, std::string_view locator_row);

Result<CheckReport> check_archive(const rocks::Database& database, bool read_data);

}  // namespace vellum::storage
