// Fixity: every reference of the archive resolves, every payload rebuilds to its SHA-256. Private to storage.

#pragma once

#include "storage/archive/archive.h"
#include "storage/archive/payload_reader.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

Result<CheckReport> check_archive(const rocks::Database& database, const PayloadReader& reader, bool read_data);

}  // namespace vellum::storage
