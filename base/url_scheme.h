// The special schemes of the URL standard. Inner part of url; use Url elsewhere.
// Spec: https://url.spec.whatwg.org/#special-scheme

#pragma once

#include <cstdint>
#include <string_view>

namespace vellum::url_detail {

// 0 for "file" and for schemes that are not special.
constexpr std::uint16_t default_port(std::string_view scheme) {
  if (scheme == "https" || scheme == "wss") return 443;
  if (scheme == "http" || scheme == "ws") return 80;
  return scheme == "ftp" ? 21 : 0;
}

constexpr bool is_special(std::string_view scheme) {
  return scheme == "file" || default_port(scheme) != 0;
}

}  // namespace vellum::url_detail
