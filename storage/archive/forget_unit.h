// One batch of a take-down: what is written anew without the captures that go, and their removal. Private to storage.
//
// Threads: a value; apply() the store thread only.

#pragma once

#include "storage/archive/archive_writer.h"
#include "storage/archive/repack_unit.h"

namespace vellum::storage {

struct ForgetUnit {
  struct HeaderValue {
    CaptureId capture = 0;
    std::string before, value;
  };

  RepackUnit moves;                   // of all that shares rows with what goes, or leans on them
  std::vector<HeaderValue> headers;   // that leaned on header blocks which go, and lean on nothing now
  std::vector<std::string> bases;     // keys of `bases` that name rows which go
  std::vector<std::string> events;    // keys of those that tell what was in a page, such as why it was quarantined
  std::vector<Tombstone> tombstones;  // of the captures that go

  // False, and nothing is written: something moved since the unit was planned.
  Result<bool> apply(rocks::Transaction& group, ArchiveWriter& writer, ArchiveWriter::Dropped& dropped) const;
};

}  // namespace vellum::storage
