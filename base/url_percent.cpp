#include "base/url_percent.h"

#include <array>
#include <cstdint>

#include "base/url.h"

namespace vellum {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f') return (c | 0x20) - 'a' + 10;
  return -1;
}

}  // namespace

// https://url.spec.whatwg.org/#percent-decode
std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low < 0) {
      out += text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

namespace url_detail {
namespace {

// What each set adds to the C0 control set, in the order of PercentSet.
constexpr std::array<std::string_view, 6> kAdded = {"",        " \"<>`",      " \"#<>",
                                                    " \"#<>'", " \"#<>?^`{}", " \"#<>?^`{}/:;=@[\\]|"};

// By byte a bit for each set that it is in.
constexpr auto kSetsOf = [] {
  std::array<std::uint8_t, 256> table{};
  for (std::size_t byte = 0; byte < table.size(); ++byte) {
    if (byte < 0x20 || byte > 0x7E) table[byte] = 0xFF;  // the C0 control set, part of all
  }
  for (std::size_t set = 0; set < kAdded.size(); ++set) {
    for (const char c : kAdded[set]) {
      table[static_cast<unsigned char>(c)] |= static_cast<std::uint8_t>(1u << set);
    }
  }
  return table;
}();

}  // namespace

bool needs_encoding(PercentSet set, unsigned char byte) {
  return (kSetsOf[byte] >> static_cast<unsigned>(set) & 1u) != 0;
}

std::size_t plain_prefix(std::string_view text, PercentSet set, std::string_view stops) {
  std::size_t at = 0;
  while (at < text.size() && !needs_encoding(set, static_cast<unsigned char>(text[at])) &&
         stops.find(text[at]) == std::string_view::npos) {
    ++at;
  }
  return at;
}

void append_encoded(std::string& out, PercentSet set, unsigned char byte) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  if (!needs_encoding(set, byte)) {
    out += static_cast<char>(byte);
    return;
  }
  out += '%';
  out += kHex[byte >> 4];
  out += kHex[byte & 15];
}

std::string percent_encode(PercentSet set, std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char c : text) append_encoded(out, set, static_cast<unsigned char>(c));
  return out;
}

}  // namespace url_detail
}  // namespace vellum
