// Forgetting captures. What a take-down does, in this order, each step safe to repeat:
//
//   1. The request is written down, and the addresses are closed to crawls: from now on it will be carried out, by the
//      next program that opens the archive for writing if this one dies.
//   2. In batches: rows of payloads and header blocks that hold something of the captures are written anew without it,
//      with all that leans on them; captures, header blocks, article records, links, index entries and the payloads
//      that no other capture has are erased; a tombstone is put for each.
//   3. All families are compacted, so that no file of the database holds what was erased, and the request is marked.
//   4. The next opening begins a new MANIFEST, which forgets the old files' first and last keys, and erases the
//   request.
//
// Plain values; see Catalog::take_down.

#pragma once

#include "storage/archive/tombstone.h"

namespace vellum::storage {

struct TakedownRequest {
  std::vector<CaptureId> captures;
  std::vector<ClosedAddress> closed;
  std::string reason;
  bool is_legal = false;
  Timestamp at{};
};

struct TakedownReport {
  std::uint64_t captures = 0, payloads = 0, articles = 0;  // forgotten
  std::uint64_t rewritten = 0;                             // payloads and header blocks of others, stored anew
  std::uint64_t queued = 0;                                // tasks taken out of the queue
};

struct EmbargoRequest {
  std::vector<CaptureId> captures;
  std::vector<AddressRange> addresses;  // whatever is captured there, also later
  std::optional<Timestamp> until;       // empty: the embargo ends now
  std::string reason;
  Timestamp at{};
};

}  // namespace vellum::storage
