// A payload of any size in bounded memory: in memory up to 1 MiB, above that in an unlinked temporary file (in TMPDIR,
// else /tmp), which the kernel frees when the Body goes, also after kill -9.
//
// Memory: owns bytes or file; view() maps the file on first use and stays valid as long as the Body lives where it is
// (moving keeps it valid), until the next append(). A moved-from Body is empty.
// Threads: one writer, then any readers.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum::net {

class Body {
 public:
  static constexpr std::size_t kMemoryBytes = 1u << 20;

  Body();
  explicit Body(std::string bytes);  // stays in memory whatever its size
  ~Body();
  Body(Body&&) noexcept;
  Body& operator=(Body&&) noexcept;

  // kStorage if the temporary file cannot be made or written (disk full); the Body then holds what it held before.
  Result<void> append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  // kStorage if the file cannot be mapped.
  Result<std::string_view> view() const;

 private:
  struct Spill;
  std::unique_ptr<std::string>
      memory_;  // behind a pointer: a moved std::string may move its bytes, and views with them
  std::uint64_t size_ = 0;
  std::unique_ptr<Spill> spill_;
};

}  // namespace vellum::net
