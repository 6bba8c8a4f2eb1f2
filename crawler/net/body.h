// A payload of any size in bounded memory: in memory up to 1 MiB, above that in an unlinked temporary file.
//
// Memory: owns bytes or file; view() maps the file on first use and stays valid as long as the Body lives where it is
// (moving keeps it valid). Threads: one writer, then any readers.

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

  Body() = default;
  explicit Body(std::string bytes);
  ~Body();
  Body(Body&&) noexcept;
  Body& operator=(Body&&) noexcept;

  // kStorage if the temporary file cannot be written (disk full).
  Result<void> append(std::string_view bytes);
  std::uint64_t size() const { return size_; }
  Result<std::string_view> view() const;

 private:
  struct Spill;
  std::string memory_;
  std::uint64_t size_ = 0;
  std::unique_ptr<Spill> spill_;
};

}  // namespace vellum::net
