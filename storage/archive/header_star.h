// Header blocks as they come in: deltas against those of an earlier capture of the same host. Private to storage.
//
// The star lives in memory only: after a restart each host begins a new one. A block that is leaned on leans on
// nothing, and has at most 64 dependents.
//
// Threads: one.

#pragma once

#include <map>
#include <string>
#include <string_view>

#include "storage/archive/frames.h"
#include "storage/archive/records.h"

namespace vellum::storage {

class HeaderStar {
 public:
  // The value for `headers` of capture `id`.
  std::string encode(const Zstd& zstd, const std::string& host, CaptureId id, std::string_view block);
  // Forgets all bases: where captures that were given to encode() did not come to be stored.
  void clear() { bases_.clear(); }

 private:
  struct Key {
    CaptureId id = 0;
    std::string block;
    int dependents = 0;
  };
  std::map<std::string, Key> bases_;  // by host
};

}  // namespace vellum::storage
