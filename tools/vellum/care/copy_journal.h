// Where copies of an archive went: a line for each backup and export, in the file COPIES beside the database, so that a
// take-down can name those which hold what goes. Written by verbs that only read the archive, beside whoever writes to
// it: lines are appended in one write each. See docs/formats.md, "COPIES".
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "storage/archive/archive.h"

namespace vellum::cli {

struct CopyLine {
  std::string kind;  // "backup", or an export's format
  std::string path;  // absolute
  Timestamp at{};
  storage::CaptureId last = 0;  // the newest capture that was in the archive
  std::string prefix;           // of an export's selection
  std::optional<Timestamp> from, to;
};

// Warns where the line cannot be written, and goes on: the copy is whole all the same.
void note_copy(const std::filesystem::path& archive, CopyLine line);
Result<storage::CaptureId> last_capture(const storage::Archive& archive);

// Lines that do not read are left out. kNotFound is no error: there are none.
Result<std::vector<CopyLine>> read_copies(const std::filesystem::path& archive);
bool may_hold(const CopyLine& copy, const storage::Capture& capture);

}  // namespace vellum::cli
