// Seals recomputed: roots from leaves, leaves from captures, the chain, signatures. Part of archive_check; private to
// storage.
//
// Threads: one.

#pragma once

#include <functional>
#include <string>

#include "storage/rocks/database.h"

namespace vellum::storage {

// Returns the number of seals.
std::uint64_t check_seals(const rocks::Database& database,
                          const std::function<void(std::string where, std::string what)>& report);

}  // namespace vellum::storage
