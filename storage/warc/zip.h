// ZIP files, written and read as streams. Here, in zip.cpp, is all that knows minizip.
//
// Threads: one. Memory: constant. Spec: APPNOTE 6.3 with ZIP64.

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/digest.h"
#include "storage/warc/byte_source.h"

namespace vellum::warc {

class ZipWriter {
 public:
  // The file appears under its name when finish() has written all of it. kInvalid: it cannot be made.
  static Result<ZipWriter> create(const std::filesystem::path& file);
  ~ZipWriter();
  ZipWriter(ZipWriter&&) noexcept;
  ZipWriter& operator=(ZipWriter&&) noexcept;

  // Entries follow each other: begin, write..., end.
  Result<void> begin(const std::string& name, bool compressed);
  Result<void> write(std::string_view bytes);
  struct Entry {
    std::string name;
    std::uint64_t bytes = 0;
    Digest digest;
  };
  Result<Entry> end();
  Result<void> finish();

 private:
  struct Impl;
  explicit ZipWriter(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

class ZipReader {
 public:
  struct Entry {
    std::string name;
    std::uint64_t bytes = 0;  // as the directory says; the content may be shorter or longer
  };
  // kInvalid: it cannot be read, or is no ZIP file.
  static Result<ZipReader> open(const std::filesystem::path& file);
  ~ZipReader();
  ZipReader(ZipReader&&) noexcept;
  ZipReader& operator=(ZipReader&&) noexcept;

  const std::vector<Entry>& entries() const;
  // A stream over one entry; at most one at a time, and not beyond the reader's life. Never gives more bytes than the
  // directory says. kNotFound; kInvalid: it is encrypted, or of a method that we do not have.
  Result<std::unique_ptr<ByteSource>> read(const std::string& name) const;
  static constexpr std::size_t kMostEntries = 100'000, kMostNameBytes = 4096;

 private:
  struct Impl;
  explicit ZipReader(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::warc
