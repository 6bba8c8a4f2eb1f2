#include "plugins/host/difference.h"

#include <algorithm>

namespace vellum::plugins {
namespace {

constexpr std::size_t kBefore = 40;  // bytes shown before the place where the values part
constexpr std::size_t kShown = 160;  // bytes shown in all

bool continues_character(const std::string& text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

// `kShown` bytes of the text around `place`, whole characters, dots where something is left out.
std::string window(const std::string& text, std::size_t place) {
  std::size_t begin = text.size() > kShown && place > kBefore ? place - kBefore : 0;
  std::size_t end = std::min(text.size(), begin + kShown);
  while (begin > 0 && continues_character(text, begin)) --begin;
  while (continues_character(text, end)) --end;
  return std::string(begin > 0 ? "..." : "") + text.substr(begin, end - begin) + (end < text.size() ? "..." : "");
}

std::string in_full(const Json& value) {
  if (value.is_null()) return "";
  return value.is_string() ? value.get<std::string>() : to_line(value);
}

}  // namespace

std::pair<std::string, std::string> parted(const Json& one, const Json& other) {
  const std::string left = in_full(one), right = in_full(other);
  const auto apart = std::mismatch(left.begin(), left.end(), right.begin(), right.end());
  const auto place = static_cast<std::size_t>(apart.first - left.begin());
  return {window(left, place), window(right, place)};
}

}  // namespace vellum::plugins
