// "text/html; charset=utf-8" taken apart, and what bytes look like when nothing says.
// Threads: any. Spec: https://mimesniff.spec.whatwg.org sections 4.4 (parse) and 7 (sniff, the parts an archive needs).

#pragma once

#include <string>
#include <string_view>

namespace vellum {

struct MediaType {
  std::string essence;   // "text/html", lower case; empty if the text was not a media type
  std::string charset;   // lower case, "" if absent
  bool is_html() const;  // text/html, application/xhtml+xml
  bool is_xml() const;
  bool is_text() const;  // text/*, xml, json, javascript
};

MediaType parse_media_type(std::string_view text);

// The declared type, or a sniffed one where the declaration is absent, "text/plain" on binary bytes, or
// application/octet-stream on HTML or PDF bytes.
std::string sniffed_essence(const MediaType& declared, std::string_view first_bytes);

}  // namespace vellum
