// Percent-encoding of the URL standard: which bytes each part escapes. Inner part of url; use Url elsewhere.
// Threads: any. Spec: https://url.spec.whatwg.org/#percent-encoded-bytes

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace vellum::url_detail {

// The standard's percent-encode sets, by name. Bytes from 0x80 on are in all of them.
enum class PercentSet { kC0Control, kFragment, kQuery, kSpecialQuery, kPath, kUserinfo };

bool needs_encoding(PercentSet set, unsigned char byte);
void append_encoded(std::string& out, PercentSet set, unsigned char byte);
// How many bytes `text` begins with that stay as they are, up to the first of `stops` (ASCII).
std::size_t plain_prefix(std::string_view text, PercentSet set, std::string_view stops);
std::string percent_encode(PercentSet set, std::string_view text);

}  // namespace vellum::url_detail
