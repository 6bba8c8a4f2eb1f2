// Zstandard for stored records (RFC 8878): whole buffers, with a bound on what comes out. Streams of Content-Encoding:
// zstd are content_coding's.
//
// Threads: any.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

inline constexpr int kZstdOnlineLevel = 3;  // 150 MB/s a core on real pages; higher levels are for the background

// One frame that declares its content's size.
std::string zstd_compress(std::string_view bytes, int level = kZstdOnlineLevel);

// kCorrupt: not one whole frame, damaged, or its content is not exactly `size` bytes. Allocates `size` and no more, and
// only after the frame has declared the same.
Result<std::string> zstd_decompress(std::string_view frame, std::size_t size);

// The size that a frame declares; kCorrupt if it does not declare one.
Result<std::size_t> zstd_content_size(std::string_view frame);

}  // namespace vellum
