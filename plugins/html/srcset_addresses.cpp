#include "plugins/html/addresses.h"

namespace vellum::html {
namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

// To behind the comma that ends the candidate; commas in parentheses do not.
std::size_t skip_descriptors(std::string_view text, std::size_t at) {
  bool in_parentheses = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '(') in_parentheses = true;
    if (text[at] == ')') in_parentheses = false;
    if (text[at] == ',' && !in_parentheses) return at + 1;
  }
  return at;
}

}  // namespace

std::vector<std::string_view> srcset_addresses(std::string_view srcset) {
  std::vector<std::string_view> addresses;
  std::size_t at = 0;
  while (true) {
    while (at < srcset.size() && (is_space(srcset[at]) || srcset[at] == ',')) ++at;
    if (at >= srcset.size()) return addresses;
    std::size_t end = at;
    while (end < srcset.size() && !is_space(srcset[end])) ++end;
    std::string_view address = srcset.substr(at, end - at);
    const bool ends_here = address.ends_with(',');
    while (address.ends_with(',')) address.remove_suffix(1);
    if (!address.empty()) addresses.push_back(address);
    at = ends_here ? end : skip_descriptors(srcset, end);
  }
}

}  // namespace vellum::html
