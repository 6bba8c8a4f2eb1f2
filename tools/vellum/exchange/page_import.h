// A saved page becomes a capture: what `vellum import --page` does, without its options.
//
// The payload is committed with a header block made up here, which says so in a field of its own; then the article
// record and its links, as a crawl would store them. Importing the same page twice stores it once.
//
// Threads: one.

#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
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

// Looks at an imported answer as a crawl would have done: sets the capture's mime, verdict, evidence, quarantine and
// rights, and gives what a plugin reads in it. Captures of other roles than page and fragment get their rights only.
Result<std::optional<plugins::Extraction>> examine_import(const plugins::Registry& registry, storage::Capture& capture,
                                                          const std::string& headers, std::string body);

// Runs one awaitable of the store to its end.
template <class T>
Result<T> wait_for(Task<T> task) {
  boost::asio::io_context io;
  std::optional<Result<T>> outcome;
  boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr fault, Result<T> result) {
    if (fault) std::rethrow_exception(fault);
    outcome = std::move(result);
  });
  io.run();
  return *std::move(outcome);
}

inline constexpr std::uint64_t kMostPageBytes = 256u << 20;

// Opens the archive for writing; where somebody else holds it, waits up to `patience` and calls `notice` once with who
// it is. kRefused if it is still held then.
Result<std::unique_ptr<storage::Catalog>> open_catalog_patiently(const std::filesystem::path& folder, Duration patience,
                                                                 const std::function<void(const std::string&)>& notice);

}  // namespace vellum::cli
