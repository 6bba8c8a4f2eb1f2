#include "crawler/policy/calendar.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "base/text.h"

namespace vellum::policy {
namespace {

constexpr int kDay = 24 * 60;
// A window opens at least once a week; clocks that skip its only hour put it off by one more.
constexpr int kMostMinutes = 15 * kDay;

Failure wrong(std::string_view text) {
  return fail(ErrorKind::kInvalid,
              "bad hours `" + std::string(text.substr(0, 60)) +
                  "`; write days, a span or both, such as \"sat,sun\", \"21:00-05:00\" or \"mon-fri 21:00-05:00\"");
}

std::optional<int> read_day(std::string_view text) {
  constexpr std::string_view kDays[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};
  for (int i = 0; i < 7; ++i) {
    const std::string_view name = kDays[i];
    if (equals_ignore_case(text, name) || equals_ignore_case(text, name.substr(0, 3))) return i;
  }
  return std::nullopt;
}

// "21:00" or "24:00", in minutes.
std::optional<int> read_minute(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || text.size() != colon + 3 || colon == 0 || colon > 2) return std::nullopt;
  if (text.find_first_not_of("0123456789:") != std::string_view::npos || text.rfind(':') != colon) return std::nullopt;
  int hour = 0, minute = 0;
  std::from_chars(text.data(), text.data() + colon, hour);
  std::from_chars(text.data() + colon + 1, text.data() + text.size(), minute);
  if (hour > 24 || minute > 59 || (hour == 24 && minute > 0)) return std::nullopt;
  return hour * 60 + minute;
}

// "sat,sun", "mon-fri", "weekends".
std::optional<std::bitset<7>> read_days(std::string_view text) {
  std::bitset<7> days;
  for (std::string_view part : split(text, ',')) {
    const std::size_t dash = part.find('-');
    const auto first = read_day(trim(part.substr(0, dash)));
    const auto last = dash == std::string_view::npos ? first : read_day(trim(part.substr(dash + 1)));
    if (!first || !last) return std::nullopt;
    for (int day = *first;; day = (day + 1) % 7) {
      days.set(static_cast<std::size_t>(day));
      if (day == *last) break;
    }
  }
  return days;
}

}  // namespace

Result<Calendar::Window> Calendar::parse_window(std::string_view text) {
  const std::string_view whole = text = trim(text);
  Window window;
  window.days.set();
  const std::size_t blank = text.find_last_of(" \t");
  std::string_view span = blank == std::string_view::npos ? text : text.substr(blank + 1);
  std::string_view days = blank == std::string_view::npos ? "" : trim(text.substr(0, blank));
  if (span.find(':') == std::string_view::npos) {
    days = whole;
    span = "";
  }
  if (whole.empty()) return wrong(whole);
  if (!days.empty()) {
    const auto read = read_days(days);
    if (!read) return wrong(whole);
    window.days = *read;
  }
  if (span.empty()) return window;
  const std::size_t dash = span.find('-');
  const auto begin = read_minute(span.substr(0, dash));
  const auto end = dash == std::string_view::npos ? std::nullopt : read_minute(span.substr(dash + 1));
  if (!begin || !end || *begin == kDay) return wrong(whole);
  window.begin = *begin;
  window.end = *end;
  return window;
}

Result<Calendar> Calendar::parse(const std::vector<std::string>& windows, const std::string& timezone) {
  Calendar calendar;
  VELLUM_TRY(calendar.zone_, TimeZone::find(timezone));
  for (const std::string& text : windows) {
    VELLUM_TRY(Window window, parse_window(text));
    calendar.windows_.push_back(window);
  }
  return calendar;
}

bool Calendar::fits(const Window& window, int weekday, int minute) const {
  const auto today = static_cast<std::size_t>(weekday), yesterday = static_cast<std::size_t>((weekday + 6) % 7);
  if (window.end > window.begin) return window.days.test(today) && minute >= window.begin && minute < window.end;
  return (window.days.test(today) && minute >= window.begin) || (window.days.test(yesterday) && minute < window.end);
}

bool Calendar::is_open(Timestamp t) const {
  if (windows_.empty()) return true;
  const LocalTime local = zone_.local(t);
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const auto weekday = static_cast<int>(std::chrono::weekday(day).c_encoding());
  const auto minute = static_cast<int>(std::chrono::floor<std::chrono::minutes>(local - day).count());
  return std::any_of(windows_.begin(), windows_.end(),
                     [&](const Window& window) { return fits(window, weekday, minute); });
}

Timestamp Calendar::next_open(Timestamp t) const {
  if (is_open(t)) return t;
  Timestamp minute = std::chrono::floor<std::chrono::minutes>(t);
  for (int i = 0; i < kMostMinutes; ++i) {
    minute += std::chrono::minutes(1);
    if (is_open(minute)) return minute;
  }
  return minute;
}

}  // namespace vellum::policy
