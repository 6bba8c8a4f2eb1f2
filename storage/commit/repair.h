// Healing a damaged archive from a copy that `vellum backup` made.
//
// The archive is built anew beside its folder: every row that still reads, in gaps what the backup has there, and for
// payloads and header blocks that do not rebuild those of the backup with the same digest. Then old and new change
// places in one step, and the damaged one stays for whoever wants to look: nothing is lost by trying. Where batches
// that came after the backup may be gone with what did not read, that is a fault of the report, for no check could see
// it.
//
// Threads: any; blocks.

#pragma once

#include <filesystem>

#include "storage/archive/archive.h"

namespace vellum::storage {

struct RepairReport {
  std::uint64_t gaps = 0;         // places where rows did not read
  std::uint64_t rows = 0;         // that the backup had for them
  std::uint64_t payloads = 0;     // that were taken from the backup by their digest
  std::uint64_t headers = 0;      // header blocks that were
  std::uint64_t list_gaps = 0;    // of the gaps those in lists: of captures, events, the queue
  CheckReport check;              // of the new archive; its faults are what the backup could not heal
  std::filesystem::path damaged;  // where the archive lies as it was
};

// kRefused: somebody writes to the archive. kCorrupt: the backup is damaged itself. kNotFound: one of them is not
// there. kStorage: the disk fails, or is too full for both; the archive is then as it was.
Result<RepairReport> repair_archive(const std::filesystem::path& archive, const std::filesystem::path& backup);
// From any archive that has the same payloads, such as one that WARC files were imported into: payloads by their
// digest, header blocks by address, time and digest. Rows that do not read are not healed by it.
Result<RepairReport> repair_payloads(const std::filesystem::path& archive, const Archive& source);

}  // namespace vellum::storage
