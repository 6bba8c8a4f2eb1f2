// Style sheets: url(...) tokens and the string of an @import. Everything else is copied byte for byte.

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/text.h"
#include "tools/replay/rewrite.h"

namespace vellum::replay {
namespace {

constexpr std::size_t kLongestImport = 16;  // bytes between "@import" and its string: white space and little else

bool is_css_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_name_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool is_hex(char c) {
  return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

// Of one to six hex digits; what is no character becomes U+FFFD (CSS Syntax 3, 4.3.7).
char32_t escaped_code_point(std::string_view digits) {
  std::uint32_t value = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  const bool is_character = value != 0 && value <= 0x10FFFF && (value < 0xD800 || value > 0xDFFF);
  return is_character ? static_cast<char32_t>(value) : U'\uFFFD';
}

// CSS escapes undone: "\26 " and "\(".
std::string unescape_css(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    std::size_t end = ++at;
    while (end < text.size() && end - at < 6 && is_hex(text[end])) ++end;
    if (end == at) {
      if (text[at] != '\n') out += text[at];
      continue;
    }
    append_utf8(out, escaped_code_point(text.substr(at, end - at)));
    at = end < text.size() && is_css_space(text[end]) ? end : end - 1;
  }
  return out;
}

std::string quoted_css(std::string_view url) {
  std::string out = "\"";
  for (const char c : url) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

class CssRewriter {
 public:
  CssRewriter(std::string_view css, const RewriteContext& context) : css_(css), context_(context) {}

  std::string run() {
    while (at_ < css_.size()) step();
    return std::move(out_);
  }

 private:
  void step() {
    const char c = css_[at_];
    if (css_.substr(at_, 2) == "/*") {
      copy_to(after(css_.find("*/", at_ + 2), 2));
    } else if (c == '"' || c == '\'') {
      string();
    } else if (c == '@' && starts_with_ignore_case(css_.substr(at_), "@import")) {
      import_until_ = at_ + 7 + kLongestImport;
      copy_to(at_ + 7);
    } else if ((c == 'u' || c == 'U') && starts_with_ignore_case(css_.substr(at_), "url(") && !inside_name()) {
      url_function();
    } else if (c == '\\') {
      copy_to(std::min(at_ + 2, css_.size()));
    } else {
      copy_to(at_ + 1);
    }
  }

  bool inside_name() const { return at_ > 0 && is_name_character(css_[at_ - 1]); }
  std::size_t after(std::size_t found, std::size_t length) const {
    return found == std::string_view::npos ? css_.size() : found + length;
  }
  void copy_to(std::size_t end) {
    out_ += css_.substr(at_, end - at_);
    at_ = end;
  }

  // The offset behind the closing quote of the string that starts at `from`; a line break ends a broken string.
  std::size_t string_end(std::size_t from) const {
    for (std::size_t i = from + 1; i < css_.size(); ++i) {
      if (css_[i] == '\\') {
        ++i;
      } else if (css_[i] == css_[from]) {
        return i + 1;
      } else if (css_[i] == '\n') {
        return i;
      }
    }
    return css_.size();
  }

  void string() {
    const std::size_t end = string_end(at_);
    const bool is_import = at_ < import_until_ && end - at_ >= 2 && css_[end - 1] == css_[at_];
    import_until_ = 0;
    if (is_import) {
      if (const auto path = replay_path(unescape_css(css_.substr(at_ + 1, end - at_ - 2)), context_)) {
        out_ += quoted_css(*path);
        at_ = end;
        return;
      }
    }
    copy_to(end);
  }

  void url_function() {
    import_until_ = 0;
    std::size_t from = at_ + 4;
    while (from < css_.size() && is_css_space(css_[from])) ++from;
    const bool is_quoted = from < css_.size() && (css_[from] == '"' || css_[from] == '\'');
    const std::size_t value_end = is_quoted ? string_end(from) : bare_url_end(from);
    std::size_t close = value_end;
    while (close < css_.size() && is_css_space(css_[close])) ++close;
    if (close == css_.size() || css_[close] != ')') {
      copy_to(close);
      return;
    }
    std::string_view value = css_.substr(from, value_end - from);
    if (is_quoted) value = value.size() < 2 ? std::string_view() : value.substr(1, value.size() - 2);
    if (const auto path = replay_path(unescape_css(value), context_)) {
      out_ += "url(" + quoted_css(*path) + ")";
      at_ = close + 1;
    } else {
      copy_to(close + 1);
    }
  }

  std::size_t bare_url_end(std::size_t from) const {
    std::size_t end = from;
    while (end < css_.size() && css_[end] != ')' && !is_css_space(css_[end])) end = next_in_bare_url(end);
    return std::min(end, css_.size());
  }

  // An escape of hex digits takes the white space behind it along.
  std::size_t next_in_bare_url(std::size_t at) const {
    if (css_[at] != '\\') return at + 1;
    std::size_t end = at + 1;
    while (end < css_.size() && end - at <= 6 && is_hex(css_[end])) ++end;
    if (end == at + 1) return end + 1;
    return end < css_.size() && is_css_space(css_[end]) ? end + 1 : end;
  }

  std::string_view css_;
  const RewriteContext& context_;
  std::size_t at_ = 0;
  std::size_t import_until_ = 0;
  std::string out_;
};

}  // namespace

std::string rewrite_css(std::string_view css, const RewriteContext& context) {
  return CssRewriter(css, context).run();
}

}  // namespace vellum::replay
