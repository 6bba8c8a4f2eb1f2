// Where exports go: a file that appears under its name only when it is whole, or nowhere (to learn offsets).
// Threads: one a sink.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum::warc {

class ByteSink {
 public:
  virtual ~ByteSink() = default;
  virtual Result<void> write(std::string_view bytes) = 0;
  // Everything is written and on disk; once. Without it nothing is left behind.
  virtual Result<void> finish() = 0;
};

// "-" is standard output. kInvalid: the file cannot be made; kStorage: the disk is full or fails.
Result<std::unique_ptr<ByteSink>> create_file(const std::filesystem::path& file);
std::unique_ptr<ByteSink> into_nothing();
std::unique_ptr<ByteSink> into_text(std::string& text);  // `text` must outlive it

}  // namespace vellum::warc
