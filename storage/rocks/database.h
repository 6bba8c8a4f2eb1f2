// RocksDB behind a small face: named column families, get, ordered scan, atomic batch. The only sub-folder that
// includes RocksDB; every option is set in options.cpp with its reason. Values and keys are bytes; meaning lives above.
//
// RocksDB 7.8.3 as Debian ships it loses a whole WAL without complaint and must not be trusted with blob files on
// secondaries: so no BlobDB, WAL always on with kTolerateCorruptedTailRecords, and an acknowledged-sequence mark of our
// own in the file ACKNOWLEDGED beside the database, synced after each batch and compared at open.
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

// Version of what docs/formats.md describes; stored under kMeta "format" by the first write. A program refuses newer
// ones.
inline constexpr std::uint64_t kFormat = 3;

// One column family each; names and keys are documented on one page, docs/formats.md.
enum class Family : std::uint8_t {
  kMeta,
  kCaptures,
  kFeed,
  kPayloads,
  kDigests,
  kHeaders,
  kArticles,
  kArticleIds,
  kLinks,
  kDoiLinks,
  kFragments,
  kKnown,
  kRuns,
  kEvents,
  kPending,
  kQueue,
  kSeen,
  kGroups,
  kPlaces,
  kLeans,
  kBases,
  kWorks,
  kTombstones,
  kSeals,
  kCount
};
std::string_view name_of(Family family);

class Batch {
 public:
  Batch();
  ~Batch();
  Batch(Batch&&) noexcept;
  Batch& operator=(Batch&&) noexcept;
  void reserve(std::size_t steps);
  void put(Family family, std::string key, std::string value);
  void erase(Family family, std::string key);
  void erase_range(Family family, std::string from, std::string to);  // [from, to)
  bool empty() const;
  std::size_t bytes() const;

  struct Impl;  // in batch.h

 private:
  friend class Database;
  std::unique_ptr<Impl> impl_;
};

// kCreate and kReadWrite hold the archive's lock; kSecondary takes none and leaves nothing in the folder.
enum class Mode : std::uint8_t { kCreate, kReadWrite, kSecondary };

enum class Compaction : std::uint8_t { kOverlapping, kWhole };

// A file of the database that is missing or is not as it was written.
struct FileFault {
  std::string file, what;
};

class Database {
 public:
  // `folder` is the archive's: the database is folder/db, the mark folder/ACKNOWLEDGED, the lock folder/LOCK.
  // kNotFound: no archive there. kInvalid: of a newer format, or kCreate where one is. kRefused: another process holds
  // it (names its pid). kCorrupt: damaged, or acknowledged writes are missing; the files are then as they were before.
  // A secondary opens all the same where it can and says what is wrong in warnings().
  //
  // `env` only for fault-injection tests; nullptr is the real one. Not owned.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& folder, Mode mode,
                                                rocksdb::Env* env = nullptr);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  Result<std::optional<std::string>> find(Family family, std::string_view key) const;
  // Which of these keys, in byte order, have a row: as find() for each, at a fraction of the cost where they lie
  // together.
  Result<std::vector<bool>> has(Family family, const std::vector<std::string_view>& keys) const;
  // Keys in [from, to) in byte order; to empty = to the end. Return false to stop.
  using Visit = std::function<bool(std::string_view key, std::string_view value)>;
  Result<void> scan(Family family, std::string_view from, std::string_view to, const Visit& visit) const;
  // Newest first: the last key < to, downwards to `from`.
  Result<void> scan_back(Family family, std::string_view from, std::string_view to, const Visit& visit) const;

  // Atomic and synced, together with `sequence` in kMeta "sequence"; afterwards the mark is raised to `sequence`,
  // synced too. `sequence` must grow by batch.
  Result<void> write(Batch batch, std::uint64_t sequence);
  // Of the last batch that the database holds, 0 for none.
  Result<std::uint64_t> sequence() const;
  // The mark as found at open and raised since.
  std::uint64_t acknowledged() const;

  // Writes what only the WAL holds into SST files, so that a closed archive is small and opens fast. Needs no sync for
  // its promise: nothing is lost without it.
  Result<void> flush();
  // Rewrites a family so that rows which were erased take no room on disk; heavy. kOverlapping leaves files alone that
  // no later write touches: no erased value is left, but keys of erased rows may be. kWhole leaves nothing of them.
  Result<void> compact(Family family, Compaction how = Compaction::kOverlapping);
  Result<void> catch_up() const;  // secondaries; others are always up to date
  // Reads every byte of every SST file; the bad ones by name. One that was missing when a reader opened is in its
  // warnings(). An error: the check could not go on.
  Result<std::vector<FileFault>> verify_files() const;
  std::uint64_t disk_bytes() const;  // of the whole folder, as du
  bool is_secondary() const;
  // What an opened secondary found wrong, one line each: acknowledged writes missing, mark or WAL damaged.
  const std::vector<std::string>& warnings() const;

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
