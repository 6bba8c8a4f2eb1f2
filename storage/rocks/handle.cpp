#include "storage/rocks/handle.h"

#include <algorithm>
#include <utility>

#include "storage/rocks/options.h"
#include "storage/rocks/status.h"

namespace vellum::rocks {
// Families of the database that we know; a reader cannot create what an older archive lacks.
Result<Handle::Descriptors> Handle::present(const rocksdb::DBOptions& options, const std::string& path) {
  std::vector<std::string> names;
  VELLUM_CHECK(check(rocksdb::DB::ListColumnFamilies(options, path, &names), "cannot open the database"));
  Descriptors wanted = family_descriptors();
  std::erase_if(wanted, [&](const auto& d) { return std::find(names.begin(), names.end(), d.name) == names.end(); });
  return wanted;
}

Handle Handle::made_of(rocksdb::DB* db, const std::vector<rocksdb::ColumnFamilyHandle*>& handles) {
  Handle handle;
  handle.db_.reset(db);
  handle.default_ = handles.front();
  for (std::size_t i = 1; i < handles.size(); ++i) {
    for (std::size_t f = 0; f < handle.families_.size(); ++f) {
      if (handles[i]->GetName() == name_of(static_cast<Family>(f))) handle.families_[f] = handles[i];
    }
  }
  return handle;
}

Result<Handle> Handle::open(const std::filesystem::path& folder, Mode mode, rocksdb::Env* env,
                            const std::filesystem::path& scratch) {
  const auto options = database_options(mode, env);
  const std::string path = folder.string();
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  if (mode == Mode::kSecondary) {
    VELLUM_TRY(const Descriptors families, present(options, path));
    const auto status = rocksdb::DB::OpenAsSecondary(options, path, scratch.string(), families, &handles, &db);
    VELLUM_CHECK(check(status, "cannot open the database"));
  } else {
    const auto status = rocksdb::DB::Open(options, path, family_descriptors(), &handles, &db);
    VELLUM_CHECK(check(status, "cannot open the database"));
  }
  return made_of(db, handles);
}

Result<Handle> Handle::open_read_only(const rocksdb::DBOptions& options, const std::string& path,
                                      const Descriptors& families) {
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly(options, path, families, &handles, &db);
  VELLUM_CHECK(check(status, "cannot open the database"));
  return made_of(db, handles);
}

Result<Handle> Handle::salvage(const std::filesystem::path& folder, rocksdb::Env* env) {
  auto options = database_options(Mode::kSecondary, env);
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords;
  VELLUM_TRY(const Descriptors families, present(options, folder.string()));
  return open_read_only(options, folder.string(), families);
}

Result<Handle> Handle::inspect(const std::filesystem::path& folder, rocksdb::Env* env) {
  const auto options = database_options(Mode::kSecondary, env);  // which has every file opened
  VELLUM_TRY(const Descriptors families, present(options, folder.string()));
  return open_read_only(options, folder.string(), families);
}

Result<Handle> Handle::peek(const std::filesystem::path& folder, rocksdb::Env* env) {
  const auto options = database_options(Mode::kSecondary, env);
  VELLUM_TRY(Descriptors families, present(options, folder.string()));
  std::erase_if(families, [](const auto& d) {
    return d.name != rocksdb::kDefaultColumnFamilyName && d.name != name_of(Family::kMeta);
  });
  return open_read_only(options, folder.string(), families);
}

Handle& Handle::operator=(Handle&& other) noexcept {
  std::swap(db_, other.db_);
  std::swap(default_, other.default_);
  std::swap(families_, other.families_);
  return *this;
}

Handle::~Handle() {
  close();
}

void Handle::close() {
  if (db_ == nullptr) return;
  for (auto* family : families_) {
    if (family != nullptr) db_->DestroyColumnFamilyHandle(family).PermitUncheckedError();
  }
  db_->DestroyColumnFamilyHandle(default_).PermitUncheckedError();
  db_->Close().PermitUncheckedError();
}

}  // namespace vellum::rocks
