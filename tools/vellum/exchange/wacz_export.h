// The pages of an archive as a WACZ file, with their text: what `vellum export --format wacz` does.
// Threads: one.

#pragma once

#include "storage/warc/exporter.h"

namespace vellum::cli {

struct WaczExport {
  std::filesystem::path file;
  std::string title;         // "" for none
  std::string warc_version;  // "1.1" or "1.0"
  std::string key_file;      // what the package is signed with; made if it is not there; "" for no signature
};

// kInvalid: the key file holds something else.
Result<warc::ExportCounts> export_wacz(const storage::Archive& archive, const warc::ExportOptions& selection,
                                       const WaczExport& wanted);

}  // namespace vellum::cli
