#include "tools/replay/target.h"

#include <algorithm>

#include "base/text.h"
#include "tools/replay/http.h"

namespace vellum::replay {
namespace {

constexpr std::size_t kTimeDigits = 14;

struct TimeSegment {
  std::string_view digits;
  std::string_view modifier;  // "id_" and the like
  std::size_t length = 0;     // with the slash; 0: there is none
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}

// Digits and an optional two-letter modifier up to the first slash; anything else is not a time.
TimeSegment time_segment(std::string_view rest) {
  const std::size_t slash = rest.find('/');
  if (slash == std::string_view::npos || slash == 0) return {};
  const std::string_view segment = rest.substr(0, slash);
  if (segment == "*") return {segment, {}, slash + 1};
  const auto digits_end = std::find_if_not(segment.begin(), segment.end(), is_digit);
  const auto digits = static_cast<std::size_t>(digits_end - segment.begin());
  const std::string_view modifier = segment.substr(digits);
  const bool is_modifier = modifier.empty() || (modifier.size() == 3 && is_lower(modifier[0]) &&
                                                is_lower(modifier[1]) && modifier[2] == '_');
  if (digits == 0 || digits > kTimeDigits || !is_modifier) return {};
  return {segment.substr(0, digits), modifier, slash + 1};
}

bool has_http_scheme(std::string_view text) {
  return starts_with_ignore_case(text, "http://") || starts_with_ignore_case(text, "https://");
}

Result<Url> parse_archived_url(std::string_view text) {
  std::string url(text);
  if (starts_with_ignore_case(url, "http%3A") || starts_with_ignore_case(url, "https%3A")) url = percent_decode(url);
  for (const std::string_view lost : {"http:/", "https:/"}) {
    if (starts_with_ignore_case(url, lost) && !has_http_scheme(url)) url.insert(lost.size(), "/");
  }
  if (url.find("://") == std::string::npos) url.insert(0, "https://");
  VELLUM_TRY(const Url parsed, Url::parse(url));
  if (!parsed.is_http()) return fail(ErrorKind::kInvalid, "only http and https addresses are archived, not " + url);
  return parsed.without_fragment();
}

std::string path_of(std::string_view folder, std::string_view time, std::string_view url) {
  std::string path(folder);
  path += time;
  if (!time.empty()) path += '/';
  path += url;
  return path;
}

}  // namespace

Result<ArchivedTarget> parse_archived_target(std::string_view rest) {
  const TimeSegment time = time_segment(rest);
  const std::string_view address = rest.substr(time.length);
  if (address.empty()) return fail(ErrorKind::kInvalid, "no address given");
  VELLUM_TRY(Url url, parse_archived_url(address));
  ArchivedTarget target{std::move(url), std::nullopt, time.digits == "*", time.modifier == "id_"};
  if (time.length == 0 || target.is_list) return target;
  VELLUM_TRY(target.at, parse_timestamp_end(time.digits));
  return target;
}

std::string web_path(Timestamp at, std::string_view url) {
  return path_of("/web/", to_digits14(at), url);
}
std::string raw_path(Timestamp at, std::string_view url) {
  return path_of("/web/", to_digits14(at) + "id_", url);
}
std::string captures_path(std::string_view url) {
  return path_of("/web/", "*", url);
}
std::string article_path(std::string_view url) {
  return path_of("/article/", "", url);
}
std::string article_path(Timestamp at, std::string_view url) {
  return path_of("/article/", to_digits14(at), url);
}
std::string work_path(std::string_view identifier) {
  std::string path = "/article/";
  for (const char c : identifier) {
    const bool is_plain = c > ' ' && c < 0x7F && std::string_view("%?#<>\"\\^`{|}").find(c) == std::string_view::npos;
    path += is_plain ? std::string(1, c) : encode_query_value(std::string_view(&c, 1));
  }
  return path;
}

}  // namespace vellum::replay
