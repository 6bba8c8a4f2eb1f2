// The WARC files of a WACZ package, into an archive: what `vellum import FILE.wacz` does.
// Threads: one.

#pragma once

#include "tools/vellum/exchange/warc_import.h"

namespace vellum::cli {

// What is wrong with the package (digests, missing and unlisted files) goes to the import's failures; its WARC files
// are imported all the same. Gives who signed it, "" for nobody. kInvalid: it cannot be read, or is no ZIP file.
Result<std::string> import_wacz(WarcImport& import, const std::filesystem::path& file);
// A WACZ package, by its name, or else a WARC or ARC file.
Result<std::string> import_file(WarcImport& import, const std::filesystem::path& file);

}  // namespace vellum::cli
