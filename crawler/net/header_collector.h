// Picks the final response's header block, byte for byte, out of all the header lines that curl hands over.
//
// Interim responses (1xx) come before it and are dropped; trailers come after it and are not appended. Both count
// against the limit, so that neither can be endless.
//
// Threads: one. Spec: RFC 9110 sections 15.2 and 6.5; RFC 9112 section 2.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "base/http_message.h"

namespace vellum::net {

class HeaderCollector {
 public:
  explicit HeaderCollector(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  // One line with its end, as received. kTooLarge once all lines together pass the limit.
  Result<void> add(std::string_view line);

  // The final block once its empty line was seen, nullptr before that.
  const HeaderBlock* block() const { return block_ ? &*block_ : nullptr; }
  bool is_empty() const { return seen_bytes_ == 0; }
  HeaderBlock take_block() { return std::move(*block_); }

 private:
  std::size_t max_bytes_;
  std::size_t seen_bytes_ = 0;
  std::string open_;  // the block that is being read
  std::optional<HeaderBlock> block_;
};

}  // namespace vellum::net
