// A RocksDB with its families, closed in the right order. Private to storage/rocks.

#pragma once

#include <rocksdb/db.h>

#include <array>
#include <filesystem>
#include <memory>
#include <vector>

#include "storage/rocks/database.h"

namespace vellum::rocks {

class Handle {
 public:
  // `scratch` is the secondary's own folder.
  static Result<Handle> open(const std::filesystem::path& folder, Mode mode, rocksdb::Env* env,
                             const std::filesystem::path& scratch);
  // Read-only, as it stands now, leaving out what of the WAL is damaged: where a secondary cannot be opened.
  static Result<Handle> salvage(const std::filesystem::path& folder, rocksdb::Env* env);
  // Read-only with all families, whole or not at all: kCorrupt where a file is missing or has another size.
  static Result<Handle> inspect(const std::filesystem::path& folder, rocksdb::Env* env);
  // Families default and meta, read-only, leaving the folder as it is: what may be looked at before anything is
  // touched.
  static Result<Handle> peek(const std::filesystem::path& folder, rocksdb::Env* env);

  Handle() = default;
  Handle(Handle&&) noexcept = default;
  Handle& operator=(Handle&& other) noexcept;
  ~Handle();

  rocksdb::DB& db() const { return *db_; }
  explicit operator bool() const { return db_ != nullptr; }
  // nullptr for a family that an older archive lacks.
  rocksdb::ColumnFamilyHandle* family(Family family) const { return families_[static_cast<std::size_t>(family)]; }

 private:
  using Descriptors = std::vector<rocksdb::ColumnFamilyDescriptor>;
  static Result<Descriptors> present(const rocksdb::DBOptions& options, const std::string& path);
  static Result<Handle> open_read_only(const rocksdb::DBOptions& options, const std::string& path,
                                       const Descriptors& families);
  static Handle made_of(rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles);
  void close();
  std::unique_ptr<rocksdb::DB> db_;
  rocksdb::ColumnFamilyHandle* default_ = nullptr;
  std::array<rocksdb::ColumnFamilyHandle*, static_cast<std::size_t>(Family::kCount)> families_{};
};

}  // namespace vellum::rocks
