#include "tests/storage/crash/fault_fs.h"

#include <algorithm>
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
    if (auto fault = fs_.strike(DiskCall::kAppend); !fault.ok()) return fault;
    fs_.grew(name_, data.size());
    return FSWritableFileOwnerWrapper::Append(data, options, debug);
  }
  IOStatus Append(const Slice& data, const IOOptions& options, const rocksdb::DataVerificationInfo& info,
                  IODebugContext* debug) override {
    if (auto fault = fs_.strike(DiskCall::kAppend); !fault.ok()) return fault;
    fs_.grew(name_, data.size());
    return FSWritableFileOwnerWrapper::Append(data, options, info, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(DiskCall::kSync); !fault.ok()) return fault;
    fs_.synced(name_);
    return FSWritableFileOwnerWrapper::Sync(options, debug);
  }
  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(DiskCall::kSync); !fault.ok()) return fault;
    fs_.synced(name_);
    return FSWritableFileOwnerWrapper::Fsync(options, debug);
  }
  IOStatus Truncate(std::uint64_t size, const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(DiskCall::kTruncate); !fault.ok()) return fault;
    fs_.truncated(name_, size);
    return FSWritableFileOwnerWrapper::Truncate(size, options, debug);
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
    if (auto fault = fs_.strike(DiskCall::kAppend); !fault.ok()) return fault;
    return FSRandomRWFileOwnerWrapper::Write(offset, data, options, debug);
  }
  IOStatus Sync(const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(DiskCall::kSync); !fault.ok()) return fault;
    auto status = FSRandomRWFileOwnerWrapper::Sync(options, debug);
    fs_.synced_in_place(name_);
    return status;
  }

 private:
  std::string name_;
  FaultFs& fs_;
};

class Directory final : public rocksdb::FSDirectoryWrapper {
 public:
  Directory(std::unique_ptr<rocksdb::FSDirectory> directory, std::string name, FaultFs& fs)
      : FSDirectoryWrapper(std::move(directory)), name_(std::move(name)), fs_(fs) {}

  IOStatus Fsync(const IOOptions& options, IODebugContext* debug) override {
    if (auto fault = fs_.strike(DiskCall::kDirectorySync); !fault.ok()) return fault;
    fs_.synced_directory(name_);
    return FSDirectoryWrapper::Fsync(options, debug);
  }
  IOStatus FsyncWithDirOptions(const IOOptions& options, IODebugContext* debug,
                               const rocksdb::DirFsyncOptions& what) override {
    if (auto fault = fs_.strike(DiskCall::kDirectorySync); !fault.ok()) return fault;
    fs_.synced_directory(name_);
    return FSDirectoryWrapper::FsyncWithDirOptions(options, debug, what);
  }

 private:
  std::string name_;
  FaultFs& fs_;
};

std::string normal(const std::string& name) {
  return std::filesystem::path(name).lexically_normal().string();
}

}  // namespace

void FaultFs::arm(DiskFault fault, int calls, DiskCall kind) {
  fault_ = fault;
  kind_ = kind;
  struck_ = dead_ = false;
  left_ = calls;
}

IOStatus FaultFs::strike(DiskCall kind) {
  if (dead_) return IOStatus::IOError("injected: no power");
  if (kind_ != DiskCall::kAny && kind_ != kind) return IOStatus::OK();
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

void FaultFs::truncated(const std::string& name, std::uint64_t size) {
  const std::lock_guard lock(mutex_);
  Kept& kept = appended_[name];
  kept.size = size;
  kept.synced = std::min(kept.synced, size);
}

void FaultFs::made(const std::string& name) {
  const bool is_there = std::filesystem::exists(name);
  const std::lock_guard lock(mutex_);
  if (!is_there) unsynced_names_.try_emplace(normal(name), std::nullopt);
}

void FaultFs::synced_directory(const std::string& name) {
  const std::filesystem::path directory = normal(name + "/");
  const std::lock_guard lock(mutex_);
  std::erase_if(unsynced_names_, [&](const auto& entry) {
    return std::filesystem::path(entry.first).parent_path() == directory.parent_path();
  });
}

void FaultFs::cut_power() {
  const std::lock_guard lock(mutex_);
  for (const auto& [name, kept] : appended_) {
    if (std::filesystem::exists(name)) std::filesystem::resize_file(name, kept.synced);
  }
  for (const auto& [name, bytes] : in_place_) write_bytes(name, bytes);
  for (const auto& [name, before] : unsynced_names_) {
    std::filesystem::remove(name);
    if (before) write_bytes(name, *before);
  }
  unsynced_names_.clear();
  appended_.clear();
  dead_ = false;
  left_ = kNever;
}

IOStatus FaultFs::NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSWritableFile>* file, IODebugContext* debug) {
  if (auto fault = strike(DiskCall::kCreate); !fault.ok()) return fault;
  made(name);
  auto status = FileSystemWrapper::NewWritableFile(name, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<File>(std::move(*file), name, *this);
  const std::lock_guard lock(mutex_);
  appended_[name] = {};
  return status;
}

IOStatus FaultFs::NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                  std::unique_ptr<rocksdb::FSRandomRWFile>* file, IODebugContext* debug) {
  made(name);
  auto status = FileSystemWrapper::NewRandomRWFile(name, options, file, debug);
  if (!status.ok()) return status;
  *file = std::make_unique<InPlaceFile>(std::move(*file), name, *this);
  synced_in_place(name);
  return status;
}

IOStatus FaultFs::RenameFile(const std::string& from, const std::string& to, const IOOptions& options,
                             IODebugContext* debug) {
  if (auto fault = strike(DiskCall::kRename); !fault.ok()) return fault;
  const std::lock_guard lock(mutex_);
  auto before = std::filesystem::exists(to) ? std::optional(read_bytes(to)) : std::nullopt;
  unsynced_names_.try_emplace(normal(to), std::move(before));
  unsynced_names_.erase(normal(from));
  if (auto kept = appended_.extract(from)) {
    appended_.erase(to);
    kept.key() = to;
    appended_.insert(std::move(kept));
  }
  return FileSystemWrapper::RenameFile(from, to, options, debug);
}

IOStatus FaultFs::NewDirectory(const std::string& name, const IOOptions& options,
                               std::unique_ptr<rocksdb::FSDirectory>* directory, IODebugContext* debug) {
  auto status = FileSystemWrapper::NewDirectory(name, options, directory, debug);
  if (status.ok()) *directory = std::make_unique<Directory>(std::move(*directory), name, *this);
  return status;
}

IOStatus FaultFs::DeleteFile(const std::string& name, const IOOptions& options, IODebugContext* debug) {
  if (dead_) return IOStatus::IOError("injected: no power");
  const std::lock_guard lock(mutex_);
  appended_.erase(name);
  unsynced_names_.erase(normal(name));
  return FileSystemWrapper::DeleteFile(name, options, debug);
}

}  // namespace vellum::storage::test
