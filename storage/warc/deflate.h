// Compressing with zlib: gzip members for records, and raw deflate with chosen settings for recipes. Here is all of
// storage/warc that writes zlib's formats.
//
// Threads: any; a Deflater belongs to one.

#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/error.h"

namespace vellum::warc {

struct DeflateSettings {
  int level = 6;         // 1 to 9
  int memory_level = 8;  // 8 or 9: zlib's default, and Apache's
  int window_bits = 15;  // -15: raw deflate; 31: gzip
};

class Deflater {
 public:
  using Sink = std::function<Result<void>(std::string_view)>;  // an error stops the compression
  explicit Deflater(const DeflateSettings& settings);
  ~Deflater();
  Deflater(Deflater&&) noexcept;
  Deflater& operator=(Deflater&&) noexcept;
  Result<void> write(std::string_view bytes, const Sink& sink);
  Result<void> finish(const Sink& sink);

 private:
  Result<void> run(std::string_view bytes, int flush, const Sink& sink);
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::warc
