#include "tests/storage/crash/fault_fs.h"

#include <filesystem>

#include "tests/storage/folder_bytes.h"

namespace vellum::storage::test {
namespace {

using rocksdb::IODebugContext;
using rocksdb::IOOptions;
using rocksdb::IOStatus;
using rocksdb::Slice;

class File final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(std::unique_ptr<rocksdb::FSWritableFile> file, std::string name, FaultFs& fs)
      : FSWritableFileOwnerWrapper(std::move(file)), name_(std::move(name)), fs_(fs) {}

  IOStatus Append(const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(); !fault.ok()) return fault;
    fs_.grew(name_, data.size());
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                  IODebugContext* debug) override {
    if (auto fault = fs_.strike(); !fault.ok()) return fault;
    fs_.grew(name_, data.size());
    return FSWritableFileOwnerWrapper::Append(data, options, info, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(); !fault.ok()) return fault;
    fs_.synced(name_);
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(); !fault.ok()) return fault;
    fs_.synced(name_);
    return FSWritableFileOwnerWrapper::Fsync(options, debug);
  }

 private:
  std::string name_;
  FaultFs& fs_;
};

class InPlaceFile final : public rocksdb::FSRandomRWFileOwnerWrapper {
 public:
  InPlaceFile(std::unique_ptr<rocksdb::FSRandomRWFile> file, std::string name, FaultFs& fs)
      : FSRandomRWFileOwnerWrapper(std::move(file)), name_(std::move(name)), fs_(fs) {}

  IOStatus Write(std::uint64_t offset, const Slice& data, const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(); !fault.ok()) return fault;
    return FSRandomRWFileOwnerWrapper::Write(offset, data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(); !fault.ok()) return fault;
    auto status = FSRandomRWFileOwnerWrapper::Sync(options, debug);
    fs_.synced_in_place(name_);
    return status;
  }

 private:
  std::string name_;
  FaultFs& fs_;
};

}  // namespace

void FaultFs::arm(DiskFault fault, int calls) {
  fault_ = fault;
  struck_ = dead_ = false;
  left_ = calls;
}

IOStatus FaultFs::strike() {
  if (dead_) return IOStatus::IOError("injected: no power");
  const int left = left_;
  if (left == kNever) return IOStatus::OK();
  if (left > 0) {
    --left_;
    return IOStatus::OK();
  }
  struck_ = true;
  if (fault_ == DiskFault::kOneError) left_ = kNever;
  if (fault_ == DiskFault::kPowerCut) dead_ = true;
  return fault_ == DiskFault::kDiskFull ? IOStatus::NoSpace("injected: disk full")
                                        : IOStatus::IOError("injected: i/o error");
}

void FaultFs::grew(const std::string& name, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  appended_[name].size += bytes;
}

void FaultFs::synced(const std::string& name) {
  const std::lock_guard lock(mutex_);
  appended_[name].synced = appended_[name].size;
}

void FaultFs::synced_in_place(const std::string& name) {
  const std::lock_guard lock(mutex_);
  in_place_[name] = read_bytes(name);
}

void FaultFs::cut_power() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, kept] : appended_) {
    if (std::filesystem::exists(name)) std::filesystem::resize_file(name, kept.synced);
  }
  for (const auto& [name, bytes] : in_place_) write_bytes(name, bytes);
  appended_.clear();
  dead_ = false;
  left_ = kNever;
}

IOStatus FaultFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  if (auto fault = strike(); !fault.ok()) return fault;
  auto status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<File>(std::move(*file), name, *this);
  const std::lock_guard lock(mutex_);
  appended_[name] = {};
  return status;
}

IOStatus FaultFs::NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSRandomRWFile>* file, IODebugContext* debug) {
  auto status = FileSystemWrapper::NewRandomRWFile(name, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<InPlaceFile>(std::move(*file), name, *this);
  synced_in_place(name);
  return status;
}

IOStatus FaultFs::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                             IODebugContext* debug) {
  if (auto fault = strike(); !fault.ok()) return fault;
  const std::lock_guard lock(mutex_);
  if (auto kept = appended_.extract(from)) {
    appended_.erase(to);
    kept.key() = to;
    appended_.insert(std::move(kept));
  }
  return FileSystemWrapper::RenameFile(from, to, options, debug);
}

IOStatus FaultFs::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* debug) {
  if (dead_) return IOStatus::IOError("injected: no power");
  const std::lock_guard lock(mutex_);
  appended_.erase(name);
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

}  // namespace vellum::storage::test
