#include "plugins/html/tag_scanner.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace vellum::html {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}
// What ends the name of a tag, or with '=' that of an attribute.
constexpr auto kEndsName = [] {
  std::array<bool, 256> table{};
  for (const unsigned char c : {' ', '\n', '\t', '\r', '\f', '/', '>'}) table[c] = true;
  return table;
}();
bool ends_name(char c) {
  return kEndsName[static_cast<unsigned char>(c)];
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

}  // namespace

bool TagScanner::next(Tag& tag) {
  while (true) {
    const std::size_t open = html_.find('<', position_);
    if (open == std::string_view::npos || open + 1 >= html_.size()) return false;
    position_ = open + 1;
    const char c = html_[position_];
    if (is_letter(c) || (c == '/' && position_ + 1 < html_.size() && is_letter(html_[position_ + 1]))) {
      return read_tag(tag);
    }
    if (c == '!') {
      skip_markup_declaration();
    } else if (c == '?' || c == '/') {
      skip_past(">", 0);
    }
  }
}

bool TagScanner::read_tag(Tag& tag) {
  tag.offset = position_ - 1;
  tag.is_end = html_[position_] == '/';
  if (tag.is_end) ++position_;
  const std::size_t begin = position_;
  while (!ended() && !ends_name(html_[position_])) ++position_;
  tag.name = html_.substr(begin, position_ - begin);
  tag.key = tag_key(tag.name);
  return skip_attributes(tag);
}

bool TagScanner::skip_attributes(Tag& tag) {
  tag.is_self_closing = false;
  while (!ended()) {
    const char c = html_[position_];
    if (!ends_name(c)) {
      skip_attribute();
      tag.is_self_closing = false;
      continue;
    }
    ++position_;
    if (c == '>') return true;
    tag.is_self_closing = c == '/';
  }
  return false;
}

void TagScanner::skip_attribute() {
  ++position_;  // a name may begin with "="
  while (!ended() && !ends_name(html_[position_]) && html_[position_] != '=') ++position_;
  while (!ended() && is_space(html_[position_])) ++position_;
  if (ended() || html_[position_] != '=') return;
  ++position_;
  while (!ended() && is_space(html_[position_])) ++position_;
  if (ended() || html_[position_] == '>') return;
  if (const char quote = html_[position_]; quote == '"' || quote == '\'') {
    const std::size_t close = html_.find(quote, position_ + 1);
    position_ = close == std::string_view::npos ? html_.size() : close + 1;
    return;
  }
  while (!ended() && !is_space(html_[position_]) && html_[position_] != '>') ++position_;
}

void TagScanner::skip_markup_declaration() {
  const std::string_view rest = html_.substr(position_);
  if (rest.starts_with("!-->")) {
    position_ += 4;
  } else if (rest.starts_with("!--->")) {
    position_ += 5;
  } else if (rest.starts_with("!--")) {
    skip_comment();
  } else if (in_foreign_ && rest.starts_with("![CDATA[")) {
    skip_past("]]>", 8);
  } else {
    skip_past(">", 0);
  }
}

// A comment ends at "-->" or "--!>".
void TagScanner::skip_comment() {
  position_ += 3;
  while (true) {
    skip_past("--", 0);
    while (!ended() && html_[position_] == '-') ++position_;
    if (ended()) return;
    if (html_.substr(position_).starts_with("!>")) ++position_;
    if (html_[position_++] == '>') return;
  }
}

void TagScanner::skip_past(std::string_view end, std::size_t from) {
  const std::size_t found = html_.find(end, position_ + from);
  position_ = found == std::string_view::npos ? html_.size() : found + end.size();
}

void TagScanner::skip_raw_text(std::string_view name) {
  while (true) {
    const std::size_t open = html_.find("</", position_);
    if (open == std::string_view::npos) break;
    position_ = open + 2;
    if (!starts_with_ignore_case(html_.substr(position_), name)) continue;
    const std::size_t after = position_ + name.size();
    if (after < html_.size() && !is_space(html_[after]) && html_[after] != '>' && html_[after] != '/') continue;
    position_ = open;
    return;
  }
  position_ = html_.size();
}

}  // namespace vellum::html
