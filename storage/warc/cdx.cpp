#include "storage/warc/cdx.h"

#include <algorithm>
#include <charconv>

#include "base/json.h"
#include "base/text.h"

namespace vellum::warc {
namespace {

// A column of a CDX line: no white space, "-" for nothing.
std::string column(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (static_cast<unsigned char>(c) <= 32 || c == 127) {
      out += c == ' ' ? "%20" : "%00";
    } else {
      out += c;
    }
  }
  return out.empty() ? "-" : out;
}

Result<std::uint64_t> number_of(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return std::uint64_t{0};
  if (found->is_number_unsigned()) return found->get<std::uint64_t>();
  const std::string text = found->is_string() ? found->get<std::string>() : "?";
  std::uint64_t value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code == std::errc() && stop == text.data() + text.size()) return value;
  return fail(ErrorKind::kInvalid, std::string("cdxj: ") + key + " is no number: " + text.substr(0, 40));
}

}  // namespace

std::string cdxj_line(const IndexLine& line) {
  Json json = Json::object();
  json["url"] = line.url;
  if (!line.mime.empty()) json["mime"] = line.mime;
  if (line.status != 0) json["status"] = std::to_string(line.status);
  if (!line.digest.empty()) json["digest"] = line.digest;
  json["length"] = std::to_string(line.length);
  json["offset"] = std::to_string(line.offset);
  json["filename"] = line.filename;
  if (!line.record_digest.empty()) json["recordDigest"] = line.record_digest;
  return line.key + " " + to_digits14(line.captured) + " " + to_line(json) + "\n";
}

std::string cdx_line(const IndexLine& line) {
  const std::string_view digest = line.digest;
  std::string id = line.record_id.empty() ? std::string() : "<" + line.record_id + ">";
  std::string out = column(line.key);
  for (const std::string& part :
       {to_digits14(line.captured), column(line.url), column(line.mime),
        line.status == 0 ? "-" : std::to_string(line.status), column(digest.substr(digest.find(':') + 1)),
        column(line.redirect), std::string("-"), std::to_string(line.length), std::to_string(line.offset),
        column(line.filename), column(id)}) {
    out += ' ';
    out += part;
  }
  return out + "\n";
}

Result<IndexLine> parse_cdxj_line(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  const std::size_t first = text.find(' ');
  const std::size_t second = first == std::string_view::npos ? first : text.find(' ', first + 1);
  if (second == std::string_view::npos)
    return fail(ErrorKind::kInvalid, "cdxj: a line has a key, a time and a JSON object");
  IndexLine line;
  line.key = text.substr(0, first);
  const std::string_view time = text.substr(first + 1, second - first - 1);
  const bool is_time =
      (time.size() == 14 || time.size() == 17) && time.find_first_not_of("0123456789") == std::string_view::npos;
  const auto captured = is_time ? parse_timestamp(time.substr(0, 14)) : fail(ErrorKind::kInvalid, "");
  if (!captured) return fail(ErrorKind::kInvalid, "cdxj: no time of 14 digits: " + repair_utf8(time.substr(0, 40)));
  line.captured = *captured;
  VELLUM_TRY(const Json json, parse_json(text.substr(second + 1)));
  if (!json.is_object()) return fail(ErrorKind::kInvalid, "cdxj: what follows the time is no JSON object");
  line.url = text_of(json, "url");
  line.mime = text_of(json, "mime");
  line.digest = text_of(json, "digest");
  line.filename = text_of(json, "filename");
  line.record_digest = text_of(json, "recordDigest");
  VELLUM_TRY(line.offset, number_of(json, "offset"));
  VELLUM_TRY(line.length, number_of(json, "length"));
  const auto status = number_of(json, "status");
  line.status = status && *status < 1000 ? static_cast<int>(*status) : 0;
  return line;
}

}  // namespace vellum::warc
