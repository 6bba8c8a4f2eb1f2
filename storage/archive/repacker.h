// Planning and encoding one step of `repack`: delta groups. Private to storage.
//
// Pages are met in the order of their replay keys, so that those of a site come together. The newest capture of each is
// its keyframe; keyframes of neighbouring pages share one row of at most 2 MiB, the *key row*, in which each leans on
// those before it: it is dictionary and keyframe in one. All other captures of these pages lie in rows of at most 3 MiB
// that lean on the key row. So a payload takes two reads, and a decode of at most 5 MiB: less where the key row is
// cached, and what follows a payload in its row is not decoded. Header blocks go into rows of 64 KiB. Only text is
// repacked: what is compressed already stays as it is.
//
// Captures that came after a page was packed lean on its key row too; those that found it of no use are keyframes of a
// new one.
//
// Threads: any, beside commits; see RepackUnit::apply.

#pragma once

#include "storage/archive/payload_reader.h"
#include "storage/archive/repack_unit.h"

namespace vellum::storage {

class Repacker {
 public:
  Repacker(const rocks::Database& database, const PayloadReader& reader) : database_(database), reader_(reader) {}

  // From where the last step ended. Reads at most some 64 MiB of payloads, and
  // holds some 10 MiB of them at a time.
  Result<RepackUnit> plan() const;

 private:
  const rocks::Database& database_;
  const PayloadReader& reader_;
  Zstd zstd_;  // its own: level 19 takes more memory than a crawl should keep
};

}  // namespace vellum::storage
