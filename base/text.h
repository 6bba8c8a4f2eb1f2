// Words about text: white space, case, UTF-8, Unicode NFC. ICU is included in text.cpp and url code only.
// Threads: any.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vellum {

// The first code point of `text`, which is not empty. An invalid sequence gives U+FFFD for its longest valid beginning.
struct Utf8Step {
  char32_t code_point;
  std::size_t bytes;
  bool valid;
};
Utf8Step next_utf8(std::string_view text);
bool is_unicode_space(char32_t code_point);  // White_Space: U+00A0 and U+2009 are, U+200B is not
bool is_valid_utf8(std::string_view text);
std::string repair_utf8(std::string_view text);  // invalid sequences become U+FFFD, by the WHATWG decoder's rule
std::string to_nfc(std::string_view utf8);       // invalid UTF-8 is repaired first
// Any run of Unicode white space (incl. U+00A0, U+2009, U+200B-as-is) becomes one space; ends trimmed.
std::string fold_space(std::string_view utf8);
std::string_view trim(std::string_view text);  // ASCII white space
std::string to_lower_ascii(std::string_view text);
bool equals_ignore_case(std::string_view a, std::string_view b);               // ASCII
bool starts_with_ignore_case(std::string_view text, std::string_view prefix);  // ASCII
std::vector<std::string_view> split(std::string_view text, char separator);    // keeps empty parts
std::string join(const std::vector<std::string>& parts, std::string_view separator);
void append_utf8(std::string& out, char32_t code_point);
// & < > " ' escaped, for HTML text and attribute values.
std::string escape_html(std::string_view text);
// The character reference that `text` begins with: named with its semicolon (the common ones) or numeric. Length 0 if
// there is none.
struct HtmlReference {
  char32_t code_point = 0;
  std::size_t length = 0;  // bytes
};
HtmlReference html_reference(std::string_view text);
// Every character reference undone, once.
std::string unescape_html(std::string_view text);
// The member of `known` nearest by edit distance, "" if none is near: for "did you mean".
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

}  // namespace vellum
