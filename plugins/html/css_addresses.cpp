#include <optional>

#include "base/text.h"
#include "plugins/html/addresses.h"

namespace vellum::html {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Only as much of CSS as finds addresses: comments, strings, url(), @import.
class CssScanner {
 public:
  explicit CssScanner(std::string_view css) : css_(css) {}

  // The next address; nullopt at the end.
  std::optional<std::string> next() {
    while (position_ < css_.size()) {
      const char c = css_[position_];
      if (css_.substr(position_).starts_with("/*")) {
        skip_comment();
      } else if (c == '"' || c == '\'') {
        const std::string text = string();
        if (import_) return leave_import(text);
      } else if (c == '@' && at_word("@import")) {
        position_ += 7;
        import_ = true;
      } else if ((c == 'u' || c == 'U') && at_word("url") && byte(3) == '(') {
        position_ += 4;
        return leave_import(url());
      } else if (is_name(c)) {
        while (position_ < css_.size() && is_name(css_[position_])) ++position_;
        import_ = false;
      } else {
        if (!is_space(c)) import_ = false;
        position_ += c == '\\' ? 2 : 1;
      }
    }
    return std::nullopt;
  }

 private:
  char byte(std::size_t ahead) const { return position_ + ahead < css_.size() ? css_[position_ + ahead] : '\0'; }

  bool at_word(std::string_view word) const {
    return starts_with_ignore_case(css_.substr(position_), word) && !is_name(byte(word.size()));
  }

  std::string leave_import(std::string text) {
    import_ = false;
    return text;
  }

  void skip_comment() {
    const std::size_t end = css_.find("*/", position_ + 2);
    position_ = end == std::string_view::npos ? css_.size() : end + 2;
  }

  void skip_space() {
    while (position_ < css_.size() && is_space(css_[position_])) ++position_;
  }

  // A string without its end is over at the end of its line.
  std::string string() {
    std::string text;
    const char quote = css_[position_++];
    while (position_ < css_.size() && css_[position_] != quote && css_[position_] != '\n') append_to(text);
    ++position_;
    return text;
  }

  std::string url() {
    std::string text;
    skip_space();
    if (byte(0) == '"' || byte(0) == '\'') {
      text = string();
    } else {
      while (position_ < css_.size() && css_[position_] != ')' && !is_space(css_[position_])) append_to(text);
    }
    skip_space();
    if (byte(0) == ')') ++position_;
    return text;
  }

  // https://www.w3.org/TR/css-syntax-3/#consume-escaped-code-point
  void append_to(std::string& text) {
    if (css_[position_] != '\\') {
      text += css_[position_++];
      return;
    }
    ++position_;
    if (position_ >= css_.size()) return;
    if (!is_hex(css_[position_])) {
      if (css_[position_] != '\n') text += css_[position_];
      ++position_;
      return;
    }
    char32_t code = 0;
    for (int digits = 0; digits < 6 && is_hex(byte(0)); ++digits, ++position_) {
      const char c = css_[position_];
      code = code * 16 + static_cast<char32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (is_space(byte(0))) ++position_;
    append_utf8(text, code == 0 || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) ? char32_t{0xFFFD} : code);
  }

  std::string_view css_;
  std::size_t position_ = 0;
  bool import_ = false;  // a string would be the address of an @import
};

}  // namespace

std::vector<std::string> css_addresses(std::string_view css) {
  std::vector<std::string> addresses;
  CssScanner scanner(css);
  while (std::optional<std::string> text = scanner.next()) {
    if (!trim(*text).empty()) addresses.emplace_back(trim(*text));
  }
  return addresses;
}

}  // namespace vellum::html
