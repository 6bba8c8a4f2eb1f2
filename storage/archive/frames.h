// Frames: how payloads and header blocks are encoded in their rows. The code side of docs/formats.md, "Payloads".
//
// A frame is one byte of encoding and a body. Frames of kDelta and kPack may lean on the content of another row: it, or
// a slice of it, is the prefix of their zstd frame. What is leaned on leans on nothing, so that two reads are enough.
//
// Threads: pure functions.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/zstd.h"

namespace vellum::storage {

enum class Encoding : std::uint8_t {
  kRaw = 1,    // the content itself
  kZstd = 2,   // one zstd frame
  kDelta = 3,  // written as it came in: lean, zstd frame without its magic number; one payload
  kPack = 4,   // written by repack: the same, but several payloads one after another, and the lean may be 0
};

// Content that a frame refers to: `bytes` from `offset` of the content of `row`; 0 bytes: all from `offset` on.
struct Lean {
  std::uint64_t row = 0;  // 0: nothing
  std::uint64_t offset = 0, bytes = 0;
  bool operator==(const Lean&) const = default;
};

struct Frame {
  Encoding encoding = Encoding::kRaw;
  Lean lean;
  std::string_view body;
};

// What may be leaned on, and what a pack may hold: both bound the memory that reading takes.
inline constexpr std::size_t kMostBaseBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMostPackBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMostPayloadBytes = std::size_t{4} << 30;  // beyond what any fetch or import lets in

// kCorrupt: no known encoding, or cut short.
Result<Frame> parse_frame(std::string_view frame);
// Length of the content, as the frame declares it.
Result<std::size_t> content_size(const Frame& frame);
// `size` as content_size() said, after the caller has found it sensible; `prefix` is what the frame leans on. Of
// content longer than `wanted`, its first `wanted` bytes.
inline constexpr std::size_t kAllBytes = ~std::size_t{0};
Result<std::string> decode_frame(const Zstd& zstd, const Frame& frame, std::string_view prefix, std::size_t size,
                                 std::size_t wanted = kAllBytes);

// kRaw or kZstd, whichever is shorter.
std::string encode_alone(const Zstd& zstd, std::string_view bytes, int level);
// The body of a kDelta or kPack; as it does not depend on where its base lies, the frame can be made later.
std::string delta_body(const Zstd& zstd, std::string_view bytes, std::string_view prefix, int level);
std::string make_frame(Encoding encoding, const Lean& lean, std::string_view body);
// The slice of a base's content; kCorrupt if it is not within.
Result<std::string_view> slice_of(std::string_view content, const Lean& lean);

}  // namespace vellum::storage
