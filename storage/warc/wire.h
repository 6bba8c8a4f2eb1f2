// What an imported capture keeps beside its payload, so that its WARC's digests can be kept: how the body as it lay in
// the record (chunked, gzipped) is rebuilt from the payload, proven at import; else that body's coded bytes themselves.
//
// Stored in Capture::wire as CBOR: `digest` (WARC-Payload-Digest as it stood, where it was right), `deflate` [level,
// memory level, window bits], `prefix` and `suffix` (the gzip or zlib header and trailer), `coded` (the coded bytes
// where no settings rebuild them), `frames` [literal, length, ..., literal] (chunked coding: what lies between the
// bytes), `not_modified` (the header of a 304), `truncated` (its WARC-Truncated).
//
// Threads: pure functions.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "storage/warc/deflate.h"

namespace vellum::warc {

struct Wire {
  struct Frame {
    std::string literal;      // what stands before the bytes
    std::uint64_t bytes = 0;  // of the coded body
  };

  std::string digest;
  std::optional<DeflateSettings> deflate;
  std::string prefix, suffix;
  std::optional<std::string> coded;
  std::vector<Frame> frames;  // empty: no transfer coding
  std::string not_modified;
  std::string truncated;

  std::string encode() const;  // never empty
  static Result<Wire> decode(std::string_view stored);
};

// The body as it lay in the record. kCorrupt: the recipe does not fit the payload, or makes another coded body than
// that of `coded_digest` (say with another zlib).
Result<std::string> rebuild_body(const Wire& wire, std::string payload, const Digest& coded_digest);
// The same before transfer coding: what coded_digest is of.
Result<std::string> rebuild_coded(const Wire& wire, std::string payload, const Digest& coded_digest);

// Fills in how `coded` is made from `payload`: nothing where they are equal, settings where some rebuild it exactly,
// else the bytes.
void keep_coded(Wire& wire, std::string_view coded, std::string_view payload);

// Undoes chunked coding and fills in its frames; `body` itself, and no frames, where it is not chunked to its end.
std::string take_chunks(Wire& wire, std::string_view body);

}  // namespace vellum::warc
