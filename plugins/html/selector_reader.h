// The tokens of CSS that selectors are made of. One character at a time, with the column for messages.
//
// Threads: plain values. Spec: https://www.w3.org/TR/css-syntax-3/

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum::html {

class SelectorReader {
 public:
  explicit SelectorReader(std::string_view text) : text_(text) {}

  bool ended() const { return position_ >= text_.size(); }
  char peek(std::size_t ahead = 0) const { return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0'; }
  bool take(char c);
  bool take(std::string_view word);
  // True if there was any.
  bool skip_space();
  // Everything up to `end`, which is not taken.
  std::string_view take_until(char end);

  bool at_identifier() const;
  Result<std::string> identifier();  // escapes undone
  Result<std::string> string();      // at a quote
  Result<void> expect(char c);

  // "bad selector at column 5: <what>: <text>"
  Failure fault(std::string_view what) const { return fault_at(position_, what); }
  Failure fault_at(std::size_t position, std::string_view what) const;
  std::size_t position() const { return position_; }

 private:
  Result<void> escape(std::string& out);

  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace vellum::html
