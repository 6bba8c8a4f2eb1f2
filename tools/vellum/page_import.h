// A saved page becomes a capture: what `vellum import --page` does, without its options.
//
// The payload is committed with a header block made up here, which says so in a field of its own; then the article
// record and its links, as a crawl would store them. Importing the same page twice stores it once.
//
// Threads: one.

#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "base/url.h"
#include "plugins/host/registry.h"
#include "storage/commit/catalog.h"

namespace vellum::cli {

struct SavedPage {
  std::filesystem::path file;
  Url url;
  Timestamp captured{};
};

struct ImportedPage {
  storage::Capture capture;
  std::optional<plugins::Extraction> extraction;  // of markup
  bool was_there = false;                         // nothing was stored
};

// kInvalid: the file cannot be read; kTooLarge: over kMostPageBytes. Else as Catalog::commit.
Result<ImportedPage> import_page(storage::Catalog& catalog, const plugins::Registry& registry, const SavedPage& page);

inline constexpr std::uint64_t kMostPageBytes = 256u << 20;

// Opens the archive for writing; where somebody else holds it, waits up to `patience` and calls `notice` once with who
// it is. kRefused if it is still held then.
Result<std::unique_ptr<storage::Catalog>> open_catalog_patiently(const std::filesystem::path& folder, Duration patience,
                                                                 const std::function<void(const std::string&)>& notice);

}  // namespace vellum::cli
