#include "base/text.h"

#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <numeric>

#include "base/error.h"

namespace vellum {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";

bool is_ascii_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Lead bytes of the White_Space characters.
constexpr auto kMayBeginSpace = [] {
  std::array<bool, 256> table{};
  for (const unsigned byte : {0x09u, 0x0Au, 0x0Bu, 0x0Cu, 0x0Du, 0x20u, 0xC2u, 0xE1u, 0xE2u, 0xE3u}) table[byte] = true;
  return table;
}();

// ASCII, Latin letters up to U+02FF and general punctuation from U+2002 to U+203F are NFC wherever they stand; the
// first mark that could join what is before it is U+0300. True for most texts, which need no look into ICU's tables.
bool is_surely_nfc(std::string_view utf8) {
  const auto continues = [&](std::size_t i, unsigned low) {
    const unsigned byte = i < utf8.size() ? static_cast<unsigned char>(utf8[i]) : 0u;
    return byte >= low && byte <= 0xBF;
  };
  for (std::size_t i = 0; i < utf8.size();) {
    const auto byte = static_cast<unsigned char>(utf8[i]);
    if (byte < 0x80) {
      ++i;
    } else if (byte >= 0xC2 && byte <= 0xCB && continues(i + 1, 0x80)) {
      i += 2;
    } else if (byte == 0xE2 && i + 1 < utf8.size() && utf8[i + 1] == '\x80' && continues(i + 2, 0x82)) {
      i += 3;
    } else {
      return false;
    }
  }
  return true;
}

// How a lead byte goes on: the number of further bytes and the range of the first of them (Unicode table 3-7).
struct Lead {
  int more = 0;
  unsigned char low = 0x80, high = 0xBF;
};

Lead lead_of(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {1};
  if (byte == 0xE0) return {2, 0xA0, 0xBF};
  if (byte == 0xED) return {2, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {2};
  if (byte == 0xF0) return {3, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {3};
  if (byte == 0xF4) return {3, 0x80, 0x8F};
  return {};
}

// Damerau-Levenshtein distance (neighbours swapped count one), for short words.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), row(b.size() + 1);
  std::iota(above.begin(), above.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] == b[j - 1] ? 0u : 1u)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

}  // namespace

Utf8Step next_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  if (byte(0) < 0x80) return {byte(0), 1, true};
  const Lead lead = lead_of(byte(0));
  if (lead.more == 0) return {0xFFFD, 1, false};
  char32_t code_point = byte(0) & (0x3Fu >> lead.more);
  for (int i = 1; i <= lead.more; ++i) {
    const auto at = static_cast<std::size_t>(i);
    const unsigned char low = i == 1 ? lead.low : 0x80, high = i == 1 ? lead.high : 0xBF;
    if (at >= text.size() || byte(at) < low || byte(at) > high) return {0xFFFD, at, false};
    code_point = code_point << 6 | (byte(at) & 0x3Fu);
  }
  return {code_point, static_cast<std::size_t>(lead.more) + 1, true};
}

bool is_valid_utf8(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080u;
  while (!text.empty()) {
    // Most of most texts is ASCII: eight bytes at a time.
    std::uint64_t word = kHighBits;
    if (text.size() >= sizeof word) std::memcpy(&word, text.data(), sizeof word);
    if ((word & kHighBits) == 0) {
      text.remove_prefix(sizeof word);
      continue;
    }
    const Utf8Step step = next_utf8(text);
    if (!step.valid) return false;
    text.remove_prefix(step.bytes);
  }
  return true;
}

std::string repair_utf8(std::string_view text) {
  if (is_valid_utf8(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const Utf8Step step = next_utf8(text);
    out += step.valid ? text.substr(0, step.bytes) : kReplacement;
    text.remove_prefix(step.bytes);
  }
  return out;
}

std::string to_nfc(std::string_view utf8) {
  if (is_surely_nfc(utf8)) return std::string(utf8);
  if (!is_valid_utf8(utf8)) return to_nfc(repair_utf8(utf8));
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(status);
  VELLUM_ASSERT(U_SUCCESS(status), "ICU carries its normalisation data");
  VELLUM_ASSERT(utf8.size() <= INT32_MAX, "ICU counts in 32 bits; payloads are limited far below");
  std::string out;
  icu::StringByteSink<std::string> sink(&out, static_cast<std::int32_t>(utf8.size()));
  nfc->normalizeUTF8(0, icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())), sink, nullptr, status);
  return U_SUCCESS(status) ? out : std::string(utf8);
}

// White_Space of the Unicode Character Database, PropList.txt.
bool is_unicode_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= '\t' && c <= '\r');
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 ||
         c == 0x202F || c == 0x205F || c == 0x3000;
}

std::string fold_space(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  bool pending = false;
  while (!utf8.empty()) {
    std::size_t word = 0;  // bytes that no white space begins with
    while (word < utf8.size() && !kMayBeginSpace[static_cast<unsigned char>(utf8[word])]) ++word;
    if (word == 0) {
      const Utf8Step step = next_utf8(utf8);
      if (step.valid && is_unicode_space(step.code_point)) {
        pending = !out.empty();
        utf8.remove_prefix(step.bytes);
        continue;
      }
      word = step.bytes;
    }
    if (pending) out += ' ';
    pending = false;
    out += utf8.substr(0, word);
    utf8.remove_prefix(word);
  }
  return out;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string to_lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool equals_ignore_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with_ignore_case(std::string_view text, std::string_view prefix) {
  return equals_ignore_case(text.substr(0, prefix.size()), prefix);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string join(const std::vector<std::string>& parts, std::string_view separator) {
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i != 0) out += separator;
    out += parts[i];
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80 | (c >> shift & 0x3F)); };
  if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000)) {
    out += kReplacement;
  } else if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    tail(0);
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    tail(6), tail(0);
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    tail(12), tail(6), tail(0);
  }
}

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
  constexpr std::size_t kLongest = 64;
  if (word.size() > kLongest) return {};
  std::string best;
  std::size_t best_distance = 1 + std::max<std::size_t>(1, word.size() / 3);  // farther is another word, not a slip
  for (const std::string& candidate : known) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= best_distance || distance >= candidate.size()) continue;
    best_distance = distance;
    best = candidate;
  }
  return best;
}

}  // namespace vellum
