// Putting captures under seals. Private to storage; see seal.h.
//
// Threads: the store thread only.

#pragma once

#include "base/signature.h"
#include "storage/archive/seal.h"
#include "storage/rocks/transaction.h"

namespace vellum::storage {

// One seal over the captures of one run that has ended, or over imported ones, which are under none yet: 65,536 at
// most. Returns how many; 0: there are none. `key` may be null: the seal is then not signed.
Result<std::uint64_t> seal_some(rocks::Transaction& group, const SigningKey* key, Timestamp now);

// kMeta: every capture up to this one is sealed, or gone.
inline constexpr std::string_view kSealedKey = "sealed";

}  // namespace vellum::storage
