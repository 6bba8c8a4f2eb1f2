// A repair brings back rows of a backup that is older than a take-down: what has a tombstone is to go again. Private to
// storage.
//
// Where the capture itself came back, the request of its take-down is written anew, and the next opening for writing
// carries it out; where only a part of it did, that part is erased here.

#pragma once

#include <functional>
#include <set>

#include "base/digest.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

struct RowChanges {
  std::function<Result<void>(rocks::Family, std::string_view key, std::string_view value)> put;
  std::function<void(rocks::Family, std::string_view key)> erase;
};

// Payloads of captures that were taken down.
Result<std::set<Digest>> digests_taken_down(const rocks::Database& made);

// Threads: one. Errors: those of reading and of `put`.
Result<void> forget_again(const rocks::Database& made, const RowChanges& rows);

}  // namespace vellum::storage
