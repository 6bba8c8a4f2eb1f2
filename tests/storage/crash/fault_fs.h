// A file system under RocksDB that fails on demand, and that can lose power: then everything not synced is gone, bytes
// of files, and names of files that were made or renamed since their directory was synced last.
//
// Only calls that change the disk are counted: append, write, sync, truncate, rename, the making of files, and the
// syncing of directories; all of them, or those of one kind.

#pragma once

#include <rocksdb/env.h>
#include <rocksdb/file_system.h>

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace vellum::storage::test {

enum class DiskFault : std::uint8_t {
  kOneError,  // the n-th call fails, later ones work again
  kDiskFull,  // from the n-th call on nothing can be written
  kPowerCut,  // from the n-th call on nothing happens; cut_power() then takes away what was not synced
};

enum class DiskCall : std::uint8_t { kAny, kAppend, kSync, kTruncate, kRename, kCreate, kDirectorySync };

class FaultFs final : public rocksdb::FileSystemWrapper {
 public:
  FaultFs() : FileSystemWrapper(rocksdb::FileSystem::Default()) {}
  const char* Name() const override { return "FaultFs"; }

  // Lets `calls` calls of that kind pass, then the fault strikes.
  void arm(DiskFault fault, int calls, DiskCall kind = DiskCall::kAny);
  void disarm() { left_ = kNever; }
  bool has_struck() const { return struck_; }
  // Files as a power cut at this moment would leave them. All of them must be closed.
  void cut_power();

  rocksdb::IOStatus NewWritableFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewRandomRWFile(const std::string& name, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSRandomRWFile>* file,
                                    rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus NewDirectory(const std::string& name, const rocksdb::IOOptions& options,
                                 std::unique_ptr<rocksdb::FSDirectory>* directory,
                                 rocksdb::IODebugContext* debug) override;
  rocksdb::IOStatus DeleteFile(const std::string& name, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* debug) override;

  // For the files it hands out.
  rocksdb::IOStatus strike(DiskCall kind);
  void grew(const std::string& name, std::size_t bytes);
  void synced(const std::string& name);
  void synced_in_place(const std::string& name);
  void truncated(const std::string& name, std::uint64_t size);
  void synced_directory(const std::string& name);

 private:
  void made(const std::string& name);
  static constexpr int kNever = -1;
  struct Kept {
    std::uint64_t size = 0, synced = 0;
  };

  std::atomic<int> left_{kNever};
  std::atomic<bool> struck_{false}, dead_{false};
  std::atomic<DiskFault> fault_{DiskFault::kOneError};
  std::atomic<DiskCall> kind_{DiskCall::kAny};
  std::mutex mutex_;
  std::map<std::string, Kept> appended_;
  std::map<std::string, std::string> in_place_;  // content at the last sync
  // Names that a power cut undoes, with the content that was under them before; none: no such file.
  std::map<std::string, std::optional<std::string>> unsynced_names_;
};

}  // namespace vellum::storage::test
