// Zstandard for stored records (RFC 8878): whole buffers, with a bound on what comes out. Streams of Content-Encoding:
// zstd are content_coding's.
//
// A *prefix* is content that both sides know: the frame may refer to it as if it stood right before the bytes. It is no
// dictionary in zstd's format and leaves no id in the frame; without the very same prefix the frame does not decode, or
// decodes to something else, so callers keep a digest.

#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

inline constexpr int kZstdOnlineLevel = 3;    // 150 MB/s a core on real pages; higher levels are for the background
inline constexpr int kZstdArchiveLevel = 19;  // 2-4 MB/s a core

// One frame that declares its content's size.
std::string zstd_compress(std::string_view bytes, int level = kZstdOnlineLevel);

// kCorrupt: not one whole frame, damaged, or its content is not exactly `size` bytes. Allocates `size` and no more, and
// only after the frame has declared the same.
Result<std::string> zstd_decompress(std::string_view frame, std::size_t size);

// The size that a frame declares; kCorrupt if it does not declare one.
Result<std::size_t> zstd_content_size(std::string_view frame);

// The same with prefixes and with zstd's working memory kept from call to call, which takes longer to set up than a
// page takes to compress. Any number of threads may call at once; each then uses working memory of its own.
class Zstd {
 public:
  Zstd();
  ~Zstd();
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  // The window reaches over prefix and bytes, 128 MiB at most.
  std::string compress(std::string_view bytes, std::string_view prefix, int level) const;
  // As zstd_decompress.
  Result<std::string> decompress(std::string_view frame, std::string_view prefix, std::size_t size) const;
  // The first `wanted` bytes of a frame of `size`, and no more work than these take; what follows in the frame is not
  // looked at. `wanted` is at most `size`.
  Result<std::string> decompress_start(std::string_view frame, std::string_view prefix, std::size_t size,
                                       std::size_t wanted) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum
