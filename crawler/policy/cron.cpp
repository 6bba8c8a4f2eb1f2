#include "crawler/policy/cron.h"

#include <fmt/format.h>

#include <charconv>
#include <vector>

#include "base/text.h"

namespace vellum::policy {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::sys_days;

struct Field {
  const char* name;
  unsigned low, high;
  std::string_view names;  // of values low, low + 1, ...: three letters each
};

constexpr Field kMinute{"minute", 0, 59, ""};
constexpr Field kHour{"hour", 0, 23, ""};
constexpr Field kDay{"day of month", 1, 31, ""};
constexpr Field kMonth{"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"};
constexpr Field kWeekday{"day of week", 0, 7, "sunmontuewedthufrisat"};

// Leap days come at most eight years apart (1896 to 1904, 2096 to 2104).
constexpr int kMostDays = 366 * 8 + 2;

std::optional<unsigned> read_number(std::string_view text) {
  unsigned value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<unsigned> read_value(const Field& field, std::string_view text) {
  std::optional<unsigned> value = read_number(text);
  for (unsigned i = 0; !value && text.size() == 3 && i * 3 < field.names.size(); ++i) {
    if (equals_ignore_case(field.names.substr(i * 3, 3), text)) value = field.low + i;
  }
  return value && *value >= field.low && *value <= field.high ? value : std::nullopt;
}

struct Span {
  unsigned first = 0, last = 0, step = 1;
};

// "*", "3", "1-5", "*/15", "10-50/20", "10/20" (which goes on to the end).
std::optional<Span> read_span(const Field& field, std::string_view text) {
  Span span{field.low, field.high, 1};
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto step = read_number(text.substr(slash + 1));
    if (!step || *step == 0 || *step > field.high) return std::nullopt;
    span.step = *step;
  }
  const std::string_view range = text.substr(0, slash);
  if (range == "*") return span;
  const std::size_t dash = range.find('-');
  const auto first = read_value(field, range.substr(0, dash));
  if (!first) return std::nullopt;
  span.first = *first;
  if (dash == std::string_view::npos) {
    if (slash == std::string_view::npos) span.last = span.first;
    return span;
  }
  const auto last = read_value(field, range.substr(dash + 1));
  if (!last || *last < *first) return std::nullopt;
  span.last = *last;
  return span;
}

template <std::size_t size>
Result<void> read_field(const Field& field, std::string_view text, std::bitset<size>& into) {
  for (std::string_view part : split(text, ',')) {
    const auto span = read_span(field, part);
    if (!span) {
      return fail(ErrorKind::kInvalid, fmt::format("bad {} `{}` in a cron line; it goes from {} to {}", field.name,
                                                   part.substr(0, 40), field.low, field.high));
    }
    for (unsigned value = span->first; value <= span->last; value += span->step) into.set(value % size);
  }
  return {};
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = trim(line)).empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

template <std::size_t size>
std::optional<std::size_t> first_from(const std::bitset<size>& set, std::size_t from) {
  for (std::size_t i = from; i < size; ++i) {
    if (set.test(i)) return i;
  }
  return std::nullopt;
}

}  // namespace

Result<Cron> Cron::parse(std::string_view line) {
  const auto words = words_of(line);
  if (words.size() != 5) {
    return fail(ErrorKind::kInvalid,
                fmt::format("a cron line has five fields, minute hour day month weekday, as in \"15 3 * * 6\";"
                            " `{}` has {}",
                            line.substr(0, 80), words.size()));
  }
  Cron cron;
  VELLUM_CHECK(read_field(kMinute, words[0], cron.minutes_));
  VELLUM_CHECK(read_field(kHour, words[1], cron.hours_));
  VELLUM_CHECK(read_field(kDay, words[2], cron.days_));
  VELLUM_CHECK(read_field(kMonth, words[3], cron.months_));
  VELLUM_CHECK(read_field(kWeekday, words[4], cron.weekdays_));
  cron.any_day_ = words[2].front() == '*';
  cron.any_weekday_ = words[4].front() == '*';
  if (cron.search(Timestamp{})) return cron;
  return fail(ErrorKind::kInvalid, fmt::format("no day fits the cron line `{}`", line.substr(0, 80)));
}

bool Cron::day_fits(sys_days day) const {
  const std::chrono::year_month_day date(day);
  if (!months_.test(static_cast<unsigned>(date.month()))) return false;
  const bool by_day = days_.test(static_cast<unsigned>(date.day()));
  const bool by_weekday = weekdays_.test(std::chrono::weekday(day).c_encoding());
  return any_day_ || any_weekday_ ? by_day && by_weekday : by_day || by_weekday;
}

std::optional<Timestamp> Cron::search(Timestamp t) const {
  const auto start = std::chrono::floor<minutes>(t) + minutes(1);
  sys_days day = std::chrono::floor<days>(start);
  auto minute_of_day = static_cast<std::size_t>((start - day).count());
  for (int i = 0; i < kMostDays; ++i, day += days(1), minute_of_day = 0) {
    if (!day_fits(day)) continue;
    for (auto hour = first_from(hours_, minute_of_day / 60); hour; hour = first_from(hours_, *hour + 1)) {
      const std::size_t from = *hour == minute_of_day / 60 ? minute_of_day % 60 : 0;
      if (const auto minute = first_from(minutes_, from))
        return Timestamp(day + hours(static_cast<int>(*hour)) + minutes(static_cast<int>(*minute)));
    }
  }
  return std::nullopt;
}

Timestamp Cron::next_after(Timestamp t) const {
  const auto found = search(t);
  VELLUM_ASSERT(found.has_value(), "parse() refuses lines that never match");
  return *found;
}

}  // namespace vellum::policy
