#include "storage/rocks/handle.h"

#include <algorithm>
#include <utility>

#include "storage/rocks/options.h"
#include "storage/rocks/status.h"

namespace vellum::rocks {
namespace {

// Families of the database that we know; a secondary cannot create what an older archive lacks.
Result<std::vector<rocksdb::ColumnFamilyDescriptor>> present(std::vector<rocksdb::ColumnFamilyDescriptor> wanted,
                                                             const rocksdb::DBOptions& options,
                                                             const std::string& path) {
  std::vector<std::string> names;
  VELLUM_CHECK(check(rocksdb::DB::ListColumnFamilies(options, path, &names), "cannot open the database"));
  std::erase_if(wanted, [&](const auto& d) { return std::find(names.begin(), names.end(), d.name) == names.end(); });
  return wanted;
}

}  // namespace

Result<Handle> Handle::open(const std::filesystem::path& folder, Mode mode, rocksdb::Env* env,
                            const std::filesystem::path& scratch, bool salvage) {
  auto options = database_options(mode, env);
  if (salvage) options.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  auto descriptors = family_descriptors();
  const std::string path = folder.string();
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  rocksdb::Status status;
  if (mode == Mode::kSecondary) {
    VELLUM_TRY(descriptors, present(std::move(descriptors), options, path));
    status = rocksdb::DB::OpenAsSecondary(options, path, scratch.string(), descriptors, &handles, &db);
  } else {
    status = rocksdb::DB::Open(options, path, descriptors, &handles, &db);
  }
  VELLUM_CHECK(check(status, "cannot open the database"));
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

Result<Handle> Handle::peek(const std::filesystem::path& folder, rocksdb::Env* env) {
  const auto options = database_options(Mode::kSecondary, env);
  auto descriptors = family_descriptors();
  descriptors.resize(2);  // default and meta
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  rocksdb::DB* db = nullptr;
  VELLUM_CHECK(check(rocksdb::DB::OpenForReadOnly(options, folder.string(), descriptors, &handles, &db),
                     "cannot open the database"));
  Handle handle;
  handle.db_.reset(db);
  handle.default_ = handles[0];
  handle.families_[static_cast<std::size_t>(Family::kMeta)] = handles[1];
  return handle;
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
