#include "plugins/html/charset_prescan.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.h"
#include "plugins/html/charset.h"

namespace vellum::html {
namespace {

bool is_space(char c) {
  return c == '\t' || c == '\n' || c == '\f' || c == '\r' || c == ' ';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

struct Attribute {
  std::string name, value;
};

// Running off the end means that the bytes name no charset: `ended()` is then true and the rest does not matter.
class Prescan {
 public:
  explicit Prescan(std::string_view bytes) : bytes_(bytes) {}

  std::string run() {
    while (!ended()) {
      if (at("<!--")) {
        skip_past("-->", 2);
      } else if (at_meta()) {
        if (std::string charset = read_meta(); !charset.empty()) return charset;
      } else if (at_tag()) {
        skip_tag();
      } else if (at("<!") || at("</") || at("<?")) {
        skip_past(">", 0);
      } else {
        ++position_;
      }
    }
    return "";
  }

 private:
  bool ended() const { return position_ >= bytes_.size(); }
  char current() const { return bytes_[position_]; }
  char peek(std::size_t distance) const {
    return position_ + distance < bytes_.size() ? bytes_[position_ + distance] : '\0';
  }
  bool at(std::string_view text) const { return starts_with_ignore_case(bytes_.substr(position_), text); }
  bool at_meta() const { return at("<meta") && (is_space(peek(5)) || peek(5) == '/'); }
  bool at_tag() const { return peek(0) == '<' && (is_letter(peek(1)) || (peek(1) == '/' && is_letter(peek(2)))); }

  // `from`: "<!-->" is a whole comment, since its dashes may serve twice.
  void skip_past(std::string_view end, std::size_t from) {
    const std::size_t found = bytes_.find(end, position_ + from);
    position_ = found == std::string_view::npos ? bytes_.size() : found + end.size();
  }

  void skip_spaces() {
    while (!ended() && is_space(current())) ++position_;
  }

  void skip_tag() {
    while (!ended() && !is_space(current()) && current() != '>') ++position_;
    while (read_attribute()) {
    }
  }

  std::string read_meta() {
    position_ += 5;
    std::vector<std::string> seen;
    bool got_pragma = false;
    std::optional<bool> need_pragma;
    std::string charset;
    while (const std::optional<Attribute> attribute = read_attribute()) {
      if (std::find(seen.begin(), seen.end(), attribute->name) != seen.end()) continue;
      seen.push_back(attribute->name);
      if (attribute->name == "http-equiv") {
        got_pragma = attribute->value == "content-type";
      } else if (attribute->name == "content" && !need_pragma) {
        charset = charset_of_content(attribute->value);
        if (!charset.empty()) need_pragma = true;
      } else if (attribute->name == "charset") {
        charset = charset_for_label(attribute->value);
        need_pragma = false;
      }
      if (seen.size() > 64) break;  // no honest meta has so many
    }
    if (ended() || !need_pragma || (*need_pragma && !got_pragma)) return "";
    return charset;
  }

  // #concept-get-attributes-when-sniffing
  std::optional<Attribute> read_attribute() {
    while (!ended() && (is_space(current()) || current() == '/')) ++position_;
    if (ended() || current() == '>') return std::nullopt;
    Attribute attribute;
    while (!ended() && !is_space(current()) && current() != '/' && current() != '>' &&
           !(current() == '=' && !attribute.name.empty())) {
      attribute.name += lower(current());
      ++position_;
    }
    skip_spaces();
    if (ended() || current() != '=') return attribute;
    ++position_;
    skip_spaces();
    if (!ended()) attribute.value = read_value();
    return attribute;
  }

  std::string read_value() {
    std::string value;
    const char quote = current();
    if (quote == '"' || quote == '\'') {
      for (++position_; !ended() && current() != quote; ++position_) value += lower(current());
      ++position_;
      return value;
    }
    for (; !ended() && !is_space(current()) && current() != '>'; ++position_) value += lower(current());
    return value;
  }

  std::string_view bytes_;
  std::size_t position_ = 0;
};

}  // namespace

std::string charset_of_content(std::string_view content) {
  const std::string text = to_lower_ascii(content);
  for (std::size_t at = text.find("charset"); at != std::string::npos; at = text.find("charset", at)) {
    at += 7;
    while (at < text.size() && is_space(text[at])) ++at;
    if (at >= text.size() || text[at] != '=') continue;
    ++at;
    while (at < text.size() && is_space(text[at])) ++at;
    if (at >= text.size()) return "";
    const char quote = text[at];
    if (quote == '"' || quote == '\'') {
      const std::size_t close = text.find(quote, at + 1);
      return close == std::string::npos ? "" : charset_for_label(std::string_view(text).substr(at + 1, close - at - 1));
    }
    const std::size_t end = std::min(text.find_first_of("\t\n\f\r ;", at), text.size());
    return charset_for_label(std::string_view(text).substr(at, end - at));
  }
  return "";
}

std::string prescan_charset(std::string_view bytes) {
  std::string charset = Prescan(bytes).run();
  // The bytes were readable as ASCII, so they are not what these names say.
  if (charset == "utf-16be" || charset == "utf-16le") return "utf-8";
  if (charset == "x-user-defined") return "windows-1252";
  return charset;
}

}  // namespace vellum::html
