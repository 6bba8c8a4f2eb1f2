// Which charset a page is in, and its bytes as UTF-8.
//
// Spec: https://html.spec.whatwg.org/#determining-the-character-encoding (BOM, transport, prescan of 1024 bytes,
//       default: UTF-8 if the page is valid as such, else a <meta> within the first 64 KiB, else windows-1252)
//       https://encoding.spec.whatwg.org (labels; "utf-16" in a meta means UTF-8; latin1 means windows-1252)
// Threads: any.

#pragma once

#include <string>
#include <string_view>

namespace vellum::html {

struct DecodedText {
  std::string utf8;     // invalid sequences are U+FFFD; the BOM is gone
  std::string charset;  // WHATWG name: "utf-8", "windows-1252", "shift_jis", ...
  std::string source;   // what decided: "bom", "http", "meta", "default"
};

// `header_charset` is the label from Content-Type, "" if none; an unknown label counts as none.
DecodedText decode_html(std::string_view bytes, std::string_view header_charset);

// "Latin1" -> "windows-1252"; "" if the label is unknown.
std::string charset_for_label(std::string_view label);

}  // namespace vellum::html
