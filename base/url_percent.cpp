#include "base/url_percent.h"

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

// What each set adds to the one that it is built on.
bool contains(std::string_view characters, unsigned char byte) {
  return characters.find(static_cast<char>(byte)) != std::string_view::npos;
}

}  // namespace

bool needs_encoding(PercentSet set, unsigned char byte) {
  if (byte < 0x20 || byte > 0x7E) return true;  // the C0 control set, part of all
  switch (set) {
    case PercentSet::kC0Control:
      return false;
    case PercentSet::kFragment:
      return contains(" \"<>`", byte);
    case PercentSet::kQuery:
      return contains(" \"#<>", byte);
    case PercentSet::kSpecialQuery:
      return contains(" \"#<>'", byte);
    case PercentSet::kPath:
      return contains(" \"#<>?^`{}", byte);
    case PercentSet::kUserinfo:
      return contains(" \"#<>?^`{}/:;=@[\\]|", byte);
  }
  return true;
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
