// Fixity: every reference of the archive resolves, every payload rebuilds to its SHA-256. Private to storage.

#pragma once

#include <functional>

#include "storage/archive/archive.h"
#include "storage/archive/payload_reader.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

// Counts anew what is kept with every batch, and hands the rows of kMeta that say it to `put`: where they cannot be
// trusted. For an archive that nobody writes to.
using PutMeta = std::function<Result<void>(std::string_view key, std::string_view value)>;
Result<void> recount(const rocks::Database& database, const PutMeta& put);
// The last number of a family whose keys are numbers, 0 if it has no rows.
Result<std::uint64_t> last_id(const rocks::Database& database, rocks::Family family);

Result<CheckReport> check_archive(const rocks::Database& database, const PayloadReader& reader, bool read_data);

}  // namespace vellum::storage
