#include "storage/warc/exported_head.h"

#include <algorithm>

#include "base/text.h"

namespace vellum::warc {
namespace {

std::string status_line(std::string_view line) {
  const std::size_t space = line.find(' ');
  const std::string_view version = line.substr(0, space);
  const bool is_plain = version == "HTTP/1.1" || version == "HTTP/1.0" || space == std::string_view::npos;
  if (is_plain) return std::string(line);
  const std::string rest(trim(line.substr(space + 1)));
  return "HTTP/1.1 " + rest + (rest.find(' ') == std::string::npos ? " " : "");
}

std::string_view name_of(std::string_view line) {
  return trim(line.substr(0, std::min(line.find(':'), line.size())));
}

bool is_undone(std::string_view name, ExportedBody body) {
  const bool is_content = body == ExportedBody::kDecoded && equals_ignore_case(name, "Content-Encoding");
  return is_content || equals_ignore_case(name, "Transfer-Encoding");
}

}  // namespace

std::string exported_head(std::string_view head, std::uint64_t body_bytes, ExportedBody body) {
  if (!starts_with_ignore_case(head, "HTTP/")) return {};
  const bool has_body = body_bytes > 0;  // of HEAD, 204 and 304 the length speaks of another message
  const std::string length = std::to_string(body_bytes);
  std::string out;
  bool is_first = true, has_length = false, is_changed = false;
  for (std::string_view line : split(head, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) break;
    const std::string_view name = name_of(line);
    const bool is_length = equals_ignore_case(name, "Content-Length");
    const bool is_wrong = has_body && is_length && trim(line.substr(line.find(':') + 1)) != length;
    const bool is_moved = !is_first && (is_undone(name, body) || is_wrong);
    has_length = has_length || (is_length && !is_wrong);
    is_changed = is_changed || is_moved;
    if (is_moved) out += "X-Archive-Orig-";
    out += std::exchange(is_first, false) ? status_line(line) : std::string(line);
    out += "\r\n";
  }
  if (is_changed && has_body && !has_length) out += "Content-Length: " + length + "\r\n";
  return out + "\r\n";
}

}  // namespace vellum::warc
