// Reading beside the writer. Private to storage/rocks.
//
// RocksDB 7.8.3's secondaries have three habits that TryCatchUpWithPrimary() does not tell of:
// - it takes new SST files from the MANIFEST, but what is in them stays invisible until a WAL record moves its sequence
//   number on: after a flush that nothing followed (a writer that closed) it stands still for good;
// - a WAL that the writer deletes between its two looks (MANIFEST, then WAL) is passed over in silence: until the next
//   look some families lack rows that others have;
// - an SST file that is gone or does not open is passed over, with all others of its family. warnings() says so where
//   nobody writes; beside a writer, which moves files away all the time, it is not looked for.
// So catch_up() looks again while WALs vanish, compares with the mark of acknowledged writes, and opens anew where that
// shows it to stand still.
//
// Threads: any. A reader keeps the handle that it has taken for as long as it reads.

#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "storage/rocks/handle.h"

namespace vellum::rocks {

class Secondary {
 public:
  static Result<std::unique_ptr<Secondary>> open(const std::filesystem::path& folder, rocksdb::Env& env);
  ~Secondary();
  Secondary(const Secondary&) = delete;
  Secondary& operator=(const Secondary&) = delete;

  std::shared_ptr<const Handle> handle() const;
  Result<void> catch_up();
  // What was wrong at open although reading goes on.
  const std::vector<std::string>& warnings() const { return warnings_; }
  std::uint64_t mark() const { return mark_; }

 private:
  enum class Standing { kWhole, kBehind };

  Secondary(std::filesystem::path folder, rocksdb::Env& env) : folder_(std::move(folder)), env_(env) {}
  Result<void> begin();
  void warn_of_missing_files();
  Result<Handle> open_handle();
  Result<Standing> look(const Handle& handle) const;
  bool writer_lives() const;

  const std::filesystem::path folder_;
  rocksdb::Env& env_;
  std::filesystem::path scratch_;
  int opened_ = 0;
  bool damaged_ = false;   // known since open: acknowledged writes are missing, or the mark is; nothing to wait for
  bool salvaged_ = false;  // not a real secondary: it cannot catch up
  std::uint64_t mark_ = 0;
  std::vector<std::string> warnings_;
  mutable std::mutex mutex_;  // of handle_
  std::mutex catching_up_;    // one at a time
  std::shared_ptr<const Handle> handle_;
};

}  // namespace vellum::rocks
