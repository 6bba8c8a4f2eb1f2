#include "storage/warc/digest_text.h"

#include <algorithm>

#include "base/text.h"

namespace vellum::warc {
namespace {

struct Size {
  std::string_view algorithm;
  std::size_t bytes;
};
constexpr Size kSizes[] = {{"md5", 16},      {"sha1", 20},       {"sha224", 28},     {"sha256", 32},   {"sha384", 48},
                           {"sha512", 64},   {"sha512-224", 28}, {"sha512-256", 32}, {"sha3-224", 28}, {"sha3-256", 32},
                           {"sha3-384", 48}, {"sha3-512", 64},   {"blake2s", 32},    {"blake2b", 64},  {"blake3", 32},
                           {"xxh3", 8},      {"xxh128", 16}};

int value_of(char c, int bits) {
  const bool is_upper = c >= 'A' && c <= 'Z', is_lower = c >= 'a' && c <= 'z', is_digit = c >= '0' && c <= '9';
  if (bits == 4)
    return is_digit ? c - '0' : is_lower && c <= 'f' ? c - 'a' + 10 : is_upper && c <= 'F' ? c - 'A' + 10 : -1;
  if (bits == 5) return is_upper ? c - 'A' : is_lower ? c - 'a' : c >= '2' && c <= '7' ? c - '2' + 26 : -1;
  if (is_upper) return c - 'A';
  if (is_lower) return c - 'a' + 26;
  if (is_digit) return c - '0' + 52;
  return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
}

// `text` of characters of `bits` bits each, as exactly `size` bytes.
std::optional<std::string> decode(std::string_view text, int bits, std::size_t size) {
  if (bits != 4) {
    const std::size_t padding = text.size() - std::min(text.find_last_not_of('=') + 1, text.size());
    text.remove_suffix(padding);
  }
  const auto width = static_cast<std::size_t>(bits);
  if (text.size() != (size * 8 + width - 1) / width) return std::nullopt;
  std::string bytes;
  unsigned buffer = 0, filled = 0;
  for (char c : text) {
    const int value = value_of(c, bits);
    if (value < 0) return std::nullopt;
    buffer = (buffer << bits | static_cast<unsigned>(value)) & 0xffff;
    filled += static_cast<unsigned>(bits);
    if (filled < 8) continue;
    filled -= 8;
    bytes += static_cast<char>(buffer >> filled & 0xff);
  }
  return bytes;
}

bool is_label(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '+';
  });
}

}  // namespace

bool LabelledDigest::matches(std::string_view digest) const {
  return std::find(readings.begin(), readings.end(), digest) != readings.end();
}

std::optional<LabelledDigest> parse_labelled_digest(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon + 1 == text.size()) return std::nullopt;
  LabelledDigest digest{to_lower_ascii(text.substr(0, colon)), std::string(text.substr(colon + 1)), {}, false};
  if (!is_label(digest.algorithm) || digest.value.find_first_of(" \t") != std::string::npos) return std::nullopt;
  if (digest.algorithm.starts_with("sha-")) digest.algorithm.erase(3, 1);
  for (const Size& known : kSizes) {
    if (known.algorithm != digest.algorithm) continue;
    digest.is_known = true;
    for (int bits : {4, 5, 6}) {
      if (auto bytes = decode(digest.value, bits, known.bytes)) digest.readings.push_back(*std::move(bytes));
    }
  }
  return digest;
}

std::string labelled_digest(std::string_view algorithm, std::string_view digest) {
  return std::string(algorithm) + ":" + (algorithm == "sha1" ? to_base32(digest) : to_hex(digest));
}

}  // namespace vellum::warc
