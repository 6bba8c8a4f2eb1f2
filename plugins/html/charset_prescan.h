// The charset that a page names in its own <meta>, found in raw bytes before anything is parsed.
//
// Threads: any. Spec: https://html.spec.whatwg.org/#prescan-a-byte-stream-to-determine-its-encoding

#pragma once

#include <string>
#include <string_view>

namespace vellum::html {

// The WHATWG name, "" if the bytes name none. The caller cuts `bytes` to what it wants looked at.
std::string prescan_charset(std::string_view bytes);

// "text/html; charset=latin1" -> "windows-1252"; "" if there is none. Spec: #extracting-character-encodings-from-meta
std::string charset_of_content(std::string_view content);

}  // namespace vellum::html
