// Registrable domains and host globs; declared in url_key.h.

#include <libpsl.h>

#include <algorithm>

#include "base/text.h"
#include "base/url_key.h"

namespace vellum {
namespace {

bool is_address(std::string_view host) {
  if (host.starts_with('[')) return true;
  return std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

// Only '*' is special. On a mismatch the last '*' takes one byte more: time is at most the product of the lengths.
bool glob_matches(std::string_view glob, std::string_view text) {
  std::size_t g = 0, t = 0, star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      resume = t;
    } else if (g < glob.size() && glob[g] == text[t]) {
      ++g, ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return std::all_of(glob.begin() + static_cast<std::ptrdiff_t>(g), glob.end(), [](char c) { return c == '*'; });
}

}  // namespace

std::string registrable_domain(std::string_view hostname) {
  std::string host = to_lower_ascii(hostname);
  if (host.ends_with('.')) host.pop_back();
  if (host.empty() || is_address(host)) return host;
  const char* domain = psl_registrable_domain(psl_builtin(), host.c_str());
  return domain != nullptr ? domain : host;
}

bool host_glob_matches(std::string_view glob, std::string_view hostname) {
  const std::string pattern = to_lower_ascii(glob), host = to_lower_ascii(hostname);
  if (glob_matches(pattern, host)) return true;
  return pattern.starts_with("*.") && glob_matches(std::string_view(pattern).substr(2), host);
}

}  // namespace vellum
