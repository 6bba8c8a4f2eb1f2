// Bytes of an old charset as UTF-8, through ICU.
//
// Names are those of the WHATWG Encoding Standard in lower case ("shift_jis", "windows-1252", "utf-16le", ...); labels
// such as "latin1" are for the caller to map first (plugins/html/charset.h).
//
// Threads: any; every call opens its own converter.
// Spec:    https://encoding.spec.whatwg.org  (ICU's tables are used; they differ from the standard's in rare code
// points)

#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

// Bytes that do not fit the charset become U+FFFD. "replacement" (charsets too dangerous to decode) gives one U+FFFD
// for any input that is not empty. kInvalid if the name is unknown.
Result<std::string> charset_to_utf8(std::string_view bytes, std::string_view charset);

}  // namespace vellum
