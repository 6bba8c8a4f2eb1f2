// The archive's lock: who holds it may write. The file LOCK carries the holder's pid, so that a refusal can name it.
//
// An OFD record lock, for three reasons: it dies with the process, two opens in one process exclude each other too, and
// a reader can ask whether a writer lives without taking anything (Linux: fcntl_locking(2), F_OFD_GETLK).

#pragma once

#include <filesystem>

#include "base/error.h"

namespace vellum::rocks {

class FolderLock {
 public:
  // kRefused: held; the message names the pid. kStorage: the file cannot be made.
  static Result<FolderLock> take(const std::filesystem::path& file);
  // True while some process holds it. Takes and changes nothing.
  static bool is_held(const std::filesystem::path& file);

  FolderLock() = default;
  ~FolderLock();
  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&& other) noexcept;

 private:
  int fd_ = -1;
};

}  // namespace vellum::rocks
