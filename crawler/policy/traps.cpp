#include "crawler/policy/traps.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace vellum::policy {
namespace {

constexpr std::size_t kMaxUrl = 2048, kMaxSegments = 30, kMaxArguments = 12, kMaxSameArgument = 5;
constexpr std::size_t kLongestPeriod = 4;  // segments of a piece that may repeat
constexpr int kYearsAhead = 2, kFirstYear = 1000;

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

bool is_number(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "a/b/a/b/a/b": a piece of one to four segments three times in a row. Numbers alone say nothing: /1/1/1 is a first
// volume's first issue's first page.
std::optional<std::string> repetition(const std::vector<std::string_view>& segments) {
  for (std::size_t period = 1; period <= kLongestPeriod; ++period) {
    std::size_t same = 0;  // segments in a row that equal the one a period before
    for (std::size_t i = period; i < segments.size(); ++i) {
      same = !segments[i].empty() && segments[i] == segments[i - period] ? same + 1 : 0;
      const auto piece_begin = segments.begin() + static_cast<std::ptrdiff_t>(i + 1 - period);
      if (same < 2 * period || std::all_of(piece_begin, piece_begin + static_cast<std::ptrdiff_t>(period), is_number))
        continue;
      std::string piece;
      for (std::size_t k = i + 1 - period; k <= i; ++k) piece += "/" + std::string(segments[k].substr(0, 40));
      return "trap: " + piece + " repeats";
    }
  }
  return std::nullopt;
}

std::optional<std::string> wrong_year(int year, int this_year) {
  if (year >= kFirstYear && year <= this_year + kYearsAhead) return std::nullopt;
  return fmt::format("trap: calendar year {}", year);
}

// "/7749/05/" and "/7749/05/31", but not behind a DOI's prefix.
std::optional<std::string> calendar_path(const std::vector<std::string_view>& segments, int this_year) {
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    if (segments[i].starts_with("10.")) return std::nullopt;
    const auto month = number(segments[i + 1]);
    const bool dated = segments[i].size() == 4 && segments[i + 1].size() == 2 && month && *month >= 1 && *month <= 12;
    const auto year = number(segments[i]);
    if (!dated || !year) continue;
    if (auto reason = wrong_year(*year, this_year)) return reason;
  }
  return std::nullopt;
}

// year=7749, y=7749, date=7749-05-31.
std::optional<std::string> calendar_argument(std::string_view name, std::string_view value, int this_year) {
  constexpr std::string_view kYears[] = {"year", "yr", "y", "date", "day", "month", "cal_year", "calendar"};
  const bool calendar = std::any_of(std::begin(kYears), std::end(kYears),
                                    [&](std::string_view known) { return equals_ignore_case(name, known); });
  const std::string_view digits = value.substr(0, value.find('-'));
  const auto year = digits.size() == 4 ? number(digits) : std::nullopt;
  return calendar && year ? wrong_year(*year, this_year) : std::nullopt;
}

std::optional<std::string> in_query(std::string_view query, int this_year) {
  if (query.empty()) return std::nullopt;
  const auto arguments = split(query.substr(1), '&');
  if (arguments.size() > kMaxArguments) return fmt::format("trap: {} query arguments", arguments.size());
  std::map<std::string_view, std::size_t> times;
  for (const std::string_view argument : arguments) {
    const std::size_t equals = argument.find('=');
    const std::string_view name = argument.substr(0, equals);
    if (++times[name] > kMaxSameArgument)
      return fmt::format("trap: argument `{}` {} times", name.substr(0, 40), times[name]);
    if (equals == std::string_view::npos) continue;
    if (auto reason = calendar_argument(name, argument.substr(equals + 1), this_year)) return reason;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> trap_in(const Url& url, int this_year) {
  const std::string href = url.href();
  if (href.size() > kMaxUrl) return fmt::format("trap: URL of {} characters", href.size());
  const std::string path = url.pathname();
  std::vector<std::string_view> segments = split(path, '/');
  if (segments.size() > kMaxSegments + 1) return fmt::format("trap: {} segments", segments.size() - 1);
  if (auto reason = repetition(segments)) return reason;
  if (auto reason = calendar_path(segments, this_year)) return reason;
  return in_query(url.search(), this_year);
}

}  // namespace vellum::policy
