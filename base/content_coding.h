// Undoing Content-Encoding: gzip (and x-gzip), deflate (zlib or raw), br, zstd, identity, and lists of them.
//
// Streaming and bounded: a bomb is cut by the caller's limit, never by memory.
//
//   VELLUM_TRY(auto decoder, ContentDecoder::open("gzip, br"));
//   VELLUM_CHECK(decoder.write(chunk, [&](std::string_view out) { return sink(out); }));
//   VELLUM_CHECK(decoder.finish(sink));        // kProtocol if the coded stream stopped early
//
// Threads: one. Spec: RFC 9110 section 8.4; RFC 1952, 1950, 7932, 8878.

#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

class ContentDecoder {
 public:
  // Takes decoded bytes; an error (say kTooLarge) stops the decoding and is passed on.
  using Sink = std::function<Result<void>(std::string_view)>;

  // `codings` is the header's value; "" and "identity" pass bytes through. kProtocol for a coding we do not know:
  // the caller then keeps the body as it came.
  static Result<ContentDecoder> open(std::string_view codings);
  ~ContentDecoder();
  ContentDecoder(ContentDecoder&&) noexcept;
  ContentDecoder& operator=(ContentDecoder&&) noexcept;

  Result<void> write(std::string_view coded, const Sink& sink);
  Result<void> finish(const Sink& sink);

  struct Stage;  // one coding; in content_coding.cpp

 private:
  ContentDecoder();
  std::unique_ptr<Stage> first_;
};

// Whole-buffer form with a limit on the output (kTooLarge).
Result<std::string> decode_content(std::string_view codings, std::string_view coded, std::size_t max_bytes);

}  // namespace vellum
