// Planning one batch of a take-down. Private to storage.
//
// A payload that goes may lie in one row with others, and others may lean on that row. Each such row is written anew
// from what stays in it; what leaned on it leans on the new row, or, where nothing stays of it, on the first of those
// that leaned: so that the star, or the delta group, keeps its shape and no byte of what goes is in it.
//
// Threads: any, beside commits; see ForgetUnit::apply.

#pragma once

#include "storage/archive/forget_unit.h"
#include "storage/archive/payload_reader.h"

namespace vellum::storage {

class Forgetter {
 public:
  Forgetter(const rocks::Database& database, const PayloadReader& reader) : database_(database), reader_(reader) {}

  // `stones` say which captures; those that are gone already are left out. kCorrupt: what stays beside them does not
  // rebuild, so that it cannot be moved; names the row.
  Result<ForgetUnit> plan(const std::vector<Tombstone>& stones) const;

 private:
  const rocks::Database& database_;
  const PayloadReader& reader_;
};

}  // namespace vellum::storage
