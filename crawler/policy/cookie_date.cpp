// Dates of cookies: RFC 6265 section 5.1.1.

#include <algorithm>
#include <array>

#include "base/text.h"
#include "crawler/policy/cookies.h"

namespace vellum::policy {
namespace {

// delimiter = %x09 / %x20-2F / %x3B-40 / %x5B-60 / %x7B-7E
bool is_delimiter(char c) {
  const auto u = static_cast<unsigned char>(c);
  return u == 0x09 || (u >= 0x20 && u <= 0x2F) || (u >= 0x3B && u <= 0x40) || (u >= 0x5B && u <= 0x60) ||
         (u >= 0x7B && u <= 0x7E);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// `least` to `most` digits at the beginning, then no digit; they are taken away from `text`.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  unsigned value = 0;
  while (count < text.size() && count <= most && is_digit(text[count])) {
    value = value * 10 + static_cast<unsigned>(text[count] - '0');
    ++count;
  }
  if (count < least || count > most) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

struct Parts {
  std::optional<std::array<unsigned, 3>> time;
  std::optional<unsigned> day, month, year;
};

// time = hms-time [ non-digit *OCTET ]
std::optional<std::array<unsigned, 3>> read_time(std::string_view token) {
  std::array<unsigned, 3> hms{};
  for (std::size_t i = 0; i < hms.size(); ++i) {
    if (i > 0) {
      if (token.empty() || token.front() != ':') return std::nullopt;
      token.remove_prefix(1);
    }
    const auto number = take_digits(token, 1, 2);
    if (!number) return std::nullopt;
    hms[i] = *number;
  }
  return hms;
}

std::optional<unsigned> read_month(std::string_view token) {
  constexpr std::string_view kMonths = "janfebmaraprmayjunjulaugsepoctnovdec";
  for (unsigned i = 0; i < 12 && token.size() >= 3; ++i) {
    if (equals_ignore_case(token.substr(0, 3), kMonths.substr(i * 3, 3))) return i + 1;
  }
  return std::nullopt;
}

// Each token is the first of these that it can be and that was not found yet.
void read_token(std::string_view token, Parts& parts) {
  if (!parts.time) {
    parts.time = read_time(token);
    if (parts.time) return;
  }
  std::string_view rest = token;
  if (!parts.day) {
    parts.day = take_digits(rest, 1, 2);
    if (parts.day) return;
  }
  if (!parts.month) {
    parts.month = read_month(token);
    if (parts.month) return;
  }
  rest = token;
  if (!parts.year) parts.year = take_digits(rest, 2, 4);
}

}  // namespace

std::optional<Timestamp> parse_cookie_date(std::string_view text) {
  Parts parts;
  while (!text.empty()) {
    const auto begin = std::find_if_not(text.begin(), text.end(), is_delimiter);
    text.remove_prefix(static_cast<std::size_t>(begin - text.begin()));
    const auto end = std::find_if(text.begin(), text.end(), is_delimiter);
    const auto length = static_cast<std::size_t>(end - text.begin());
    if (length > 0) read_token(text.substr(0, length), parts);
    text.remove_prefix(length);
  }
  if (!parts.time || !parts.day || !parts.month || !parts.year) return std::nullopt;
  unsigned year = *parts.year;
  if (year >= 70 && year <= 99) year += 1900;
  if (year <= 69) year += 2000;
  const auto [hour, minute, second] = *parts.time;
  if (*parts.day < 1 || *parts.day > 31 || year < 1601 || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)), std::chrono::month(*parts.month),
                                         std::chrono::day(*parts.day)};
  if (!date.ok()) return std::nullopt;
  return Timestamp(std::chrono::sys_days(date)) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace vellum::policy
