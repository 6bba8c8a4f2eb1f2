// Where bytes come from: a file, or memory in tests.
// Threads: one a source.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/error.h"

namespace vellum::warc {

class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // At most `room` bytes into `into`; 0 at the end. kInvalid: the file cannot be read.
  virtual Result<std::size_t> read(char* into, std::size_t room) = 0;
};

// kInvalid: there is no such file, or it is a folder. Reads from `offset`, at most `length` bytes.
Result<std::unique_ptr<ByteSource>> open_file(const std::filesystem::path& file, std::uint64_t offset = 0,
                                              std::uint64_t length = UINT64_MAX);
// `bytes` must outlive the source.
std::unique_ptr<ByteSource> over_bytes(std::string_view bytes);

}  // namespace vellum::warc
