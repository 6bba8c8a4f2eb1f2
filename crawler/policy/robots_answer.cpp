// What an answer to GET /robots.txt means: RFC 9309, 2.3.1.

#include <algorithm>
#include <array>

#include "base/text.h"
#include "crawler/policy/robots.h"

namespace vellum::policy {
namespace {

constexpr std::size_t kSniffed = 4096;

// UTF-16 and UTF-32 begin with a mark of their own or are full of zero bytes; so are files that are no text at all.
// 2.2 wants UTF-8; what is read wrongly must not become "no rules".
bool is_unreadable(std::string_view body) {
  return body.substr(0, 2) == "\xFF\xFE" || body.substr(0, 2) == "\xFE\xFF" ||
         body.substr(0, kSniffed).find('\0') != std::string_view::npos;
}

bool is_known_line(std::string_view line) {
  constexpr std::array<std::string_view, 5> kNames = {"user-agent:", "allow:", "disallow:", "sitemap:", "crawl-delay:"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view name) { return starts_with_ignore_case(trim(line), name); });
}

// A page: it opens with markup, or says that it is HTML, holds markup and not one line of a robots file.
bool is_page(std::string_view content_type, std::string_view body) {
  if (body.substr(0, 3) == "\xEF\xBB\xBF") body.remove_prefix(3);
  body = trim(body.substr(0, kSniffed));
  if (body.empty()) return false;
  if (body.front() == '<') return true;
  const bool says_html = content_type.find("html") != std::string_view::npos;
  if (!says_html || body.find('<') == std::string_view::npos) return false;
  const auto lines = split(body, '\n');
  return std::none_of(lines.begin(), lines.end(), is_known_line);
}

}  // namespace

RobotsAnswer classify_robots_answer(int status, std::string_view content_type, std::string_view body) {
  // 2.3.1.1: successful access: "the crawler MUST follow the parseable rules".
  if (status >= 200 && status < 300) {
    const bool rules = !is_unreadable(body) && !is_page(to_lower_ascii(content_type), body);
    return rules ? RobotsAnswer::kRules : RobotsAnswer::kUnknown;
  }
  // 2.3.1.2: redirects: "crawlers SHOULD follow at least five consecutive redirects".
  for (int redirect : {301, 302, 303, 307, 308}) {
    if (status == redirect) return RobotsAnswer::kRedirect;
  }
  // 2.3.1.3: unavailable, 400-499: "the crawler MAY access any resources on the server".
  // NOTE: 429 asks for a pause and says nothing about rules, so it counts as unreachable.
  if (status >= 400 && status < 500 && status != 429) return RobotsAnswer::kAllowAll;
  // 2.3.1.4: unreachable, 500-599 or no answer: "the crawler MUST assume complete disallow".
  // Other statuses (1xx, 300, 304) have no meaning here, and the careful reading is the same.
  return RobotsAnswer::kDisallowAll;
}

}  // namespace vellum::policy
