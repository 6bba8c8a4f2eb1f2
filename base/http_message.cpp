#include "base/http_message.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace vellum {
namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

// Spaces, tabs and the controls that broken servers leave at line ends.
std::string_view strip(std::string_view text) {
  while (!text.empty() && (is_blank(text.front()) || text.front() == '\r')) text.remove_prefix(1);
  while (!text.empty() && (is_blank(text.back()) || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

// Takes a line ending in LF or CRLF (RFC 9112 section 2.2: a lone LF may be taken as the end) off the front.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// "HTTP/1.1 200 OK" -> 200; also "ICY 200 OK" and "HTTP/2 200".
int status_of(std::string_view line) {
  if (!starts_with_ignore_case(line, "HTTP/") && !starts_with_ignore_case(line, "ICY ")) return 0;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return 0;
  const std::string_view code = strip(line.substr(space));
  if (code.size() < 3 || !is_digit(code[0]) || !is_digit(code[1]) || !is_digit(code[2])) return 0;
  if (code.size() > 3 && is_digit(code[3])) return 0;
  return (code[0] - '0') * 100 + (code[1] - '0') * 10 + (code[2] - '0');
}

}  // namespace

HeaderBlock::HeaderBlock(std::string bytes) : bytes_(std::move(bytes)) {
  std::string_view rest = bytes_;
  start_line_ = take_line(rest);
  status_ = status_of(start_line_);
  while (!rest.empty()) {
    const std::string_view line = take_line(rest);
    if (line.empty()) break;
    if (is_blank(line.front())) {  // RFC 9112 section 5.2: obsolete line folding
      if (fields_.empty()) continue;
      std::string& value = fields_.back().second;
      const std::string_view more = strip(line);
      if (!value.empty() && !more.empty()) value += ' ';
      value += more;
      continue;
    }
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || strip(line.substr(0, colon)).empty()) continue;
    fields_.emplace_back(strip(line.substr(0, colon)), strip(line.substr(colon + 1)));
  }
}

std::string HeaderBlock::protocol() const {
  if (starts_with_ignore_case(start_line_, "HTTP/")) return start_line_.substr(0, start_line_.find(' '));
  // A request line ends in its protocol.
  const std::size_t space = start_line_.rfind(' ');
  if (space == std::string::npos || !starts_with_ignore_case(start_line_.substr(space + 1), "HTTP/")) return {};
  return start_line_.substr(space + 1);
}

std::optional<std::string> HeaderBlock::first(std::string_view name) const {
  for (const auto& [field, value] : fields_) {
    if (equals_ignore_case(field, name)) return value;
  }
  return std::nullopt;
}

std::vector<std::string> HeaderBlock::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [field, value] : fields_) {
    if (equals_ignore_case(field, name)) values.push_back(value);
  }
  return values;
}

std::string redact_request(std::string_view request_head) {
  constexpr std::array<std::string_view, 3> kSecret = {"authorization", "proxy-authorization", "cookie"};
  std::string out;
  bool hiding = false, at_start = true;
  while (!request_head.empty()) {
    const std::string_view before = request_head;
    const std::string_view line = take_line(request_head);
    const std::string_view whole = before.substr(0, before.size() - request_head.size());
    const bool folded = !at_start && !line.empty() && is_blank(line.front());
    if (folded && hiding) continue;  // the rest of a secret value
    const std::string_view name = strip(line.substr(0, line.find(':')));
    hiding = !at_start && !folded && line.find(':') != std::string_view::npos &&
             std::any_of(kSecret.begin(), kSecret.end(), [&](auto secret) { return equals_ignore_case(name, secret); });
    at_start = false;
    if (hiding) {
      out += line.substr(0, line.find(':') + 1);
      out += " [redacted]";
      out += whole.substr(line.size());
    } else {
      out += whole;
    }
  }
  return out;
}

}  // namespace vellum
