// RocksDB behind a small face: named column families, get, ordered scan, atomic batch. The only sub-folder that includes
// RocksDB; every option is set in options.cpp with its reason. Values and keys are bytes; meaning lives above.
//
// RocksDB 7.8.3 as Debian ships it loses a whole WAL without complaint and must not be trusted with blob files on
// secondaries: so no BlobDB, WAL always on with kTolerateCorruptedTailRecords, and an acknowledged-sequence mark of our own
// in the file ACKNOWLEDGED beside the database, synced after each batch and compared at open.
//
// Errors: kStorage (write failed: every later write fails too until reopened), kCorrupt, kRefused (locked), kNotFound.
// Threads: find/scan any; write one at a time.

#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace rocksdb {
class Env;
}

namespace vellum::rocks {

// One column family each; names and keys are documented on one page, docs/formats.md.
enum class Family : std::uint8_t {
  kMeta, kCaptures, kFeed, kPayloads, kDigests, kHeaders, kArticles, kArticleIds, kLinks, kDoiLinks,
  kRuns, kEvents, kPending, kQueue, kSeen, kGroups, kCount
};
std::string_view name_of(Family family);

class Batch {
 public:
  Batch();
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;
  void put(Family family, std::string_view key, std::string_view value);
  void erase(Family family, std::string_view key);
  void erase_range(Family family, std::string_view from, std::string_view to);  // [from, to)
  bool empty() const;
  std::size_t bytes() const;

 private:
  friend class Database;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

enum class Mode : std::uint8_t { kCreate, kReadWrite, kSecondary };

class Database {
 public:
  // `env` only for fault-injection tests; nullptr is the real one. Not owned.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder, Mode mode, rocksdb::Env* env = nullptr);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Result<std::optional<std::string>> find(Family family, std::string_view key) const;
  // Keys in [from, to) in byte order; to empty = to the end. Return false to stop.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  Result<void> scan(Family family, std::string_view from, std::string_view to, const Visit& visit) const;
  // Newest first: the last key < to, downwards to `from`.
  Result<void> scan_back(Family family, std::string_view from, std::string_view to, const Visit& visit) const;

  // Atomic and synced; afterwards the mark is raised to `sequence`, synced too. `sequence` must grow by batch.
  Result<void> write(Batch batch, std::uint64_t sequence);
  // The mark as found at open and raised since.
  std::uint64_t acknowledged() const;

  Result<void> catch_up();                          // secondaries
  Result<void> verify_checksums() const;            // every block of every SST
  std::uint64_t disk_bytes() const;                 // of the whole folder, as du
  bool is_secondary() const;

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The smallest key greater than every key that starts with `prefix`; "" if there is none.
std::string prefix_end(std::string_view prefix);
// Big-endian, so that byte order is number order.
std::string big_endian(std::uint64_t value);
std::uint64_t from_big_endian(std::string_view bytes);

}  // namespace vellum::rocks
