// Rebuilding payloads and header blocks from their frames. Private to storage.
//
// A payload takes at most two reads of rows: its own, and the one that leans on. What others lean on is kept, decoded,
// in a cache of 16 MiB; row ids are never used twice, so what is kept never becomes wrong.
//
// Errors: kCorrupt: not there, damaged, or of another digest. Beside a writer that repacks, a row may have moved
// between two reads: read the locator again then (RocksArchive does).
//
// Threads: any.

#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "storage/archive/frames.h"
#include "storage/archive/records.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

class PayloadReader {
 public:
  using Content = std::shared_ptr<const std::string>;

  explicit PayloadReader(const rocks::Database& database) : database_(database) {}

  // Verified.
  Result<std::string> payload(const Digest& digest, const Locator& locator) const;
  // The content of a row, given its frame; not verified. kCorrupt if it is longer than `most`; of content longer than
  // `wanted`, its first `wanted` bytes, for no more work than these take.
  Result<std::string> content(std::string_view frame, std::size_t most, std::size_t wanted = kAllBytes) const;
  // Content that others lean on, all of it.
  Result<Content> base(std::uint64_t row) const;
  // A value of `headers`: length of the request (4 bytes), request, response.
  Result<std::string> header_block(std::string_view value) const;

  const Zstd& zstd() const { return zstd_; }

 private:
  Result<std::string> read_base(std::uint64_t row) const;
  Result<std::string> header_base(CaptureId id) const;
  Result<std::string> header_slice(const Lean& lean) const;
  Content cached(std::uint64_t row) const;
  void keep(std::uint64_t row, Content content) const;

  struct Kept {
    std::uint64_t row;
    Content content;
  };

  const rocks::Database& database_;
  Zstd zstd_;
  mutable std::mutex mutex_;
  mutable std::list<Kept> kept_;  // the one used last in front
  mutable std::size_t kept_bytes_ = 0;
};

}  // namespace vellum::storage
