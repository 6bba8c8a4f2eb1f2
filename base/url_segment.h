// What the segments of a URL's path may be: dots, and Windows drive letters. Inner part of url; use Url elsewhere.
// Threads: any. Spec: https://url.spec.whatwg.org/#url-miscellaneous

#pragma once

#include <string_view>

#include "base/text.h"

namespace vellum::url_detail {

inline bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// https://url.spec.whatwg.org/#windows-drive-letter
inline bool is_windows_drive_letter(std::string_view text) {
  return text.size() == 2 && is_ascii_letter(text[0]) && (text[1] == ':' || text[1] == '|');
}
inline bool is_normalised_drive_letter(std::string_view text) {
  return is_windows_drive_letter(text) && text[1] == ':';
}

// https://url.spec.whatwg.org/#start-with-a-windows-drive-letter
inline bool starts_with_drive_letter(std::string_view text) {
  if (text.size() < 2 || !is_windows_drive_letter(text.substr(0, 2))) return false;
  return text.size() == 2 || std::string_view("/\\?#").find(text[2]) != std::string_view::npos;
}

// https://url.spec.whatwg.org/#single-dot-path-segment and the double one
inline bool is_single_dot(std::string_view s) {
  return s == "." || equals_ignore_case(s, "%2e");
}
inline bool is_double_dot(std::string_view s) {
  return s == ".." || equals_ignore_case(s, ".%2e") || equals_ignore_case(s, "%2e.") || equals_ignore_case(s, "%2e%2e");
}

}  // namespace vellum::url_detail
