#include "base/text.h"
#include "plugins/html/addresses.h"

namespace vellum::html {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view skip_space(std::string_view text) {
  while (!text.empty() && trim(text.substr(0, 1)).empty()) text.remove_prefix(1);
  return text;
}

// "url=" may be missing, and its "=" may stand apart.
std::string_view skip_url_word(std::string_view text) {
  if (!starts_with_ignore_case(text, "url")) return text;
  const std::string_view after = skip_space(text.substr(3));
  return after.starts_with('=') ? skip_space(after.substr(1)) : text;
}

}  // namespace

std::optional<std::string_view> refresh_address(std::string_view content) {
  std::string_view text = skip_space(content);
  const bool has_time = !text.empty() && (is_digit(text[0]) || text[0] == '.');
  if (!has_time) return std::nullopt;
  while (!text.empty() && (is_digit(text[0]) || text[0] == '.')) text.remove_prefix(1);
  const std::string_view before_separator = text;
  text = skip_space(text);
  if (!text.empty() && (text[0] == ';' || text[0] == ',')) {
    text = skip_space(text.substr(1));
  } else if (text.size() == before_separator.size()) {
    return std::nullopt;
  }
  text = skip_url_word(text);
  if (text.empty()) return std::nullopt;
  if (text[0] == '"' || text[0] == '\'') {
    const char quote = text[0];
    text.remove_prefix(1);
    text = text.substr(0, text.find(quote));
  }
  text = trim(text);
  if (text.empty()) return std::nullopt;
  return text;
}

}  // namespace vellum::html
