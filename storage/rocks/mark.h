// The acknowledged-sequence mark: what the archive has promised, kept outside the database, because RocksDB 7.8.3 opens
// without complaint after losing a whole WAL.
//
// The file ACKNOWLEDGED is one line of fixed length that a person can read:
//   "vellum acknowledged 00000000000000001234 9f86d081884c7d65\n"
// that is the sequence in 20 digits and the first 16 hex digits of the SHA-256 of all before it. It is overwritten in
// place (one sector) and synced after each batch.
//
// Threads: one. Goes through rocksdb::Env, so that fault tests reach it.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace rocksdb {
class Env;
class RandomRWFile;
}  // namespace rocksdb

namespace vellum::rocks {

class Mark {
 public:
  static std::string encode(std::uint64_t sequence);
  // kCorrupt: not such a line.
  static Result<std::uint64_t> decode(std::string_view text);

  // kCorrupt if the file is missing, short or garbled.
  static Result<std::uint64_t> read(rocksdb::Env& env, const std::filesystem::path& file);
  static Result<std::uint64_t> read(const std::filesystem::path& file);  // through the real one
  // Writes a first mark of 0, durable together with its name.
  static Result<void> create(rocksdb::Env& env, const std::filesystem::path& file);
  static Result<Mark> open(rocksdb::Env& env, const std::filesystem::path& file);

  Mark();
  ~Mark();
  Mark(Mark&&) noexcept;
  Mark& operator=(Mark&&) noexcept;
  Result<void> raise(std::uint64_t sequence);

 private:
  std::unique_ptr<rocksdb::RandomRWFile> file_;
};

}  // namespace vellum::rocks
