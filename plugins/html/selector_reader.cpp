#include "plugins/html/selector_reader.h"

#include <algorithm>

#include "base/text.h"

namespace vellum::html {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_name(char c) {
  return is_name_start(c) || is_digit(c) || c == '-';
}

unsigned hex_value(char c) {
  if (is_digit(c)) return static_cast<unsigned>(c - '0');
  return static_cast<unsigned>((c | 0x20) - 'a') + 10;
}

}  // namespace

bool SelectorReader::take(char c) {
  if (peek() != c || ended()) return false;
  ++position_;
  return true;
}

bool SelectorReader::take(std::string_view word) {
  if (!text_.substr(position_).starts_with(word)) return false;
  position_ += word.size();
  return true;
}

bool SelectorReader::skip_space() {
  const std::size_t start = position_;
  while (!ended() && is_space(peek())) ++position_;
  return position_ > start;
}

std::string_view SelectorReader::take_until(char end) {
  const std::size_t stop = std::min(text_.find(end, position_), text_.size());
  const std::string_view taken = text_.substr(position_, stop - position_);
  position_ = stop;
  return taken;
}

// https://www.w3.org/TR/css-syntax-3/#would-start-an-identifier
bool SelectorReader::at_identifier() const {
  const std::size_t first = peek() == '-' ? 1 : 0;
  if (first == 1 && peek(1) == '-') return true;
  return is_name_start(peek(first)) || (peek(first) == '\\' && peek(first + 1) != '\n' && peek(first + 1) != '\0');
}

Result<std::string> SelectorReader::identifier() {
  if (!at_identifier()) return fault("expected a name");
  std::string name;
  while (!ended()) {
    if (is_name(peek())) {
      name += text_[position_++];
    } else if (peek() == '\\') {
      VELLUM_CHECK(escape(name));
    } else {
      break;
    }
  }
  return name;
}

Result<std::string> SelectorReader::string() {
  const std::size_t start = position_;
  const char quote = text_[position_++];
  std::string value;
  while (!ended() && peek() != quote) {
    if (peek() == '\\') {
      VELLUM_CHECK(escape(value));
    } else {
      value += text_[position_++];
    }
  }
  if (!take(quote)) return fault_at(start, "the quote is never closed");
  return value;
}

// https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point
Result<void> SelectorReader::escape(std::string& out) {
  ++position_;
  if (ended()) return fault("nothing follows the backslash");
  if (!is_hex(peek())) {
    out += text_[position_++];
    return {};
  }
  unsigned code = 0;
  for (int digits = 0; digits < 6 && is_hex(peek()); ++digits) code = code * 16 + hex_value(text_[position_++]);
  if (is_space(peek())) ++position_;
  const bool is_character = code != 0 && code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
  append_utf8(out, is_character ? code : 0xFFFD);
  return {};
}

Result<void> SelectorReader::expect(char c) {
  if (take(c)) return {};
  return fault(std::string("expected '") + c + "'");
}

Failure SelectorReader::fault_at(std::size_t position, std::string_view what) const {
  return fail(ErrorKind::kInvalid, "bad selector at column " + std::to_string(position + 1) + ": " + std::string(what) +
                                       ": " + std::string(text_));
}

}  // namespace vellum::html
