#include "base/clock.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <optional>

#include "base/text.h"

namespace vellum {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::string_view kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view kWeekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

struct Parts {
  int year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  std::int64_t micros = 0;
};

int last_day(int year, int month) {
  const auto last = std::chrono::year_month_day_last(
      std::chrono::year(year) / std::chrono::month(static_cast<unsigned>(month)) / std::chrono::last);
  return static_cast<int>(static_cast<unsigned>(last.day()));
}

// A second of 60 is a leap second (RFC 3339 section 5.6) and counts as the first of the next minute.
std::optional<Timestamp> make(const Parts& p) {
  if (p.month < 1 || p.month > 12 || p.day < 1 || p.day > last_day(p.year, p.month)) return std::nullopt;
  if (p.hour > 23 || p.minute > 59 || p.second > 60) return std::nullopt;
  const auto date = std::chrono::year(p.year) / std::chrono::month(static_cast<unsigned>(p.month)) /
                    std::chrono::day(static_cast<unsigned>(p.day));
  return std::chrono::sys_days(date) + hours(p.hour) + minutes(p.minute) + seconds(p.second) + microseconds(p.micros);
}

// Takes pieces off the front of a text; every step says whether it fitted.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool digits(std::size_t count, int& value) {
    if (rest_.size() < count || !all_digits(rest_.substr(0, count))) return false;
    value = 0;
    for (char c : rest_.substr(0, count)) value = value * 10 + (c - '0');
    rest_.remove_prefix(count);
    return true;
  }
  bool any_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool word(std::string_view text) {
    if (!starts_with_ignore_case(rest_, text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool letters() {
    const std::size_t before = rest_.size();
    while (!rest_.empty() && ((rest_.front() | 0x20) >= 'a' && (rest_.front() | 0x20) <= 'z')) rest_.remove_prefix(1);
    return rest_.size() != before;
  }
  bool month(int& value) {
    for (int i = 0; i < 12; ++i) {
      if (!word(kMonths[i])) continue;
      value = i + 1;
      return true;
    }
    return false;
  }
  // ".5", ",000123": what is finer than a microsecond is cut.
  bool fraction(std::int64_t& micros) {
    micros = 0;
    std::int64_t unit = 100'000;
    if (rest_.empty() || !is_digit(rest_.front())) return false;
    for (; !rest_.empty() && is_digit(rest_.front()); rest_.remove_prefix(1), unit /= 10) {
      micros += unit * (rest_.front() - '0');
    }
    return true;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

enum class Missing { kEarliest, kLatest };

// One part of a digit string: fewer digits than `width` stand for the earliest or latest value that begins with them.
std::optional<int> partial(std::string_view digits, std::size_t width, int low, int high, Missing missing) {
  int first = 0;
  for (char c : digits) first = first * 10 + (c - '0');
  int last = first;
  for (std::size_t i = digits.size(); i < width; ++i) {
    first *= 10;
    last = last * 10 + 9;
  }
  first = std::max(first, low);
  last = std::min(last, high);
  if (first > last) return std::nullopt;
  return missing == Missing::kEarliest ? first : last;
}

std::optional<Timestamp> from_digits(std::string_view digits, Missing missing) {
  Parts p;
  struct Slot {
    int* value;
    std::size_t width;
    int low, high;
  };
  const Slot slots[] = {{&p.year, 4, 0, 9999}, {&p.month, 2, 1, 12},  {&p.day, 2, 1, 31},
                        {&p.hour, 2, 0, 23},   {&p.minute, 2, 0, 59}, {&p.second, 2, 0, 59}};
  for (const Slot& slot : slots) {
    const std::string_view piece = digits.substr(0, slot.width);
    digits.remove_prefix(piece.size());
    const int high = slot.value == &p.day ? last_day(p.year, p.month) : slot.high;
    const auto value = partial(piece, slot.width, slot.low, high, missing);
    if (!value) return std::nullopt;
    *slot.value = *value;
  }
  p.micros = missing == Missing::kLatest ? 999'999 : 0;
  return make(p);
}

// RFC 3339 section 5.6 time-offset; also "+0130", which WARC writers use.
bool read_offset(Reader& in, minutes& offset) {
  if (in.any_of("Zz")) return true;
  const bool east = in.any_of("+");
  int h = 0, m = 0;
  if (!east && !in.any_of("-")) return false;
  if (!in.digits(2, h)) return false;
  in.any_of(":");
  if (!in.digits(2, m) || h > 23 || m > 59) return false;
  offset = minutes((east ? 1 : -1) * (h * 60 + m));
  return true;
}

// "2020-01", "2020-01-31", "2020-01-31T10:00Z", "2020-01-31 10:00:00.5+01:00".
std::optional<Timestamp> from_dashed(std::string_view text, Missing missing) {
  const bool latest = missing == Missing::kLatest;
  Reader in(text);
  Parts p;
  if (latest) p = {0, 12, 31, 23, 59, 59, 999'999};
  if (!in.digits(4, p.year) || !in.any_of("-") || !in.digits(2, p.month)) return std::nullopt;
  if (p.month < 1 || p.month > 12) return std::nullopt;
  if (latest) p.day = last_day(p.year, p.month);
  if (in.at_end()) return make(p);
  if (!in.any_of("-") || !in.digits(2, p.day)) return std::nullopt;
  if (in.at_end()) return make(p);
  if (!in.any_of("Tt ") || !in.digits(2, p.hour) || !in.any_of(":") || !in.digits(2, p.minute)) return std::nullopt;
  if (in.any_of(":")) {
    if (!in.digits(2, p.second)) return std::nullopt;
    if (in.any_of(".,") && !in.fraction(p.micros)) return std::nullopt;
  }
  minutes offset(0);
  if (!read_offset(in, offset) || !in.at_end()) return std::nullopt;
  const auto local = make(p);
  return local ? std::optional(*local - offset) : std::nullopt;
}

Result<Timestamp> parse_with(std::string_view text, Missing missing) {
  const std::string_view trimmed = trim(text);
  const bool digits = all_digits(trimmed) && trimmed.size() <= 14;
  const auto time = digits ? from_digits(trimmed, missing) : from_dashed(trimmed, missing);
  if (time) return *time;
  return fail(ErrorKind::kInvalid, fmt::format("not a time: \"{}\"; write 2020-01-31T23:59:59Z, 2020-01-31 or 20200131",
                                               text.substr(0, 64)));
}

struct Fields {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<microseconds> time;
  std::chrono::weekday weekday;

  explicit Fields(Timestamp t) : Fields(t, std::chrono::floor<days>(t)) {}
  Fields(Timestamp t, std::chrono::sys_days day) : date(day), time(t - day), weekday(day) {}
  int year() const { return static_cast<int>(date.year()); }
  unsigned month() const { return static_cast<unsigned>(date.month()); }
  unsigned day() const { return static_cast<unsigned>(date.day()); }
};

bool read_clock(Reader& in, Parts& p) {
  return in.digits(2, p.hour) && in.any_of(":") && in.digits(2, p.minute) && in.any_of(":") && in.digits(2, p.second);
}

// RFC 9110 section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT"; servers also write "Sun, 6 Nov 1994" and "UTC".
std::optional<Timestamp> imf_fixdate(std::string_view text) {
  Reader in(text);
  Parts p;
  const bool fits = in.letters() && in.any_of(",") && in.any_of(" ") && (in.digits(2, p.day) || in.digits(1, p.day)) &&
                    in.any_of(" ") && in.month(p.month) && in.any_of(" ") && in.digits(4, p.year) && in.any_of(" ") &&
                    read_clock(in, p) && in.any_of(" ") && (in.word("GMT") || in.word("UTC")) && in.at_end();
  return fits ? make(p) : std::nullopt;
}

// "Sunday, 06-Nov-94 08:49:37 GMT". Two-digit years are 1970-2069: without a clock here, the usual pivot. Four digits,
// as cookies write them, are taken too.
std::optional<Timestamp> rfc850_date(std::string_view text) {
  Reader in(text);
  Parts p;
  if (!(in.letters() && in.any_of(",") && in.any_of(" ") && in.digits(2, p.day) && in.any_of("-") &&
        in.month(p.month) && in.any_of("-"))) {
    return std::nullopt;
  }
  if (!in.digits(4, p.year)) {
    if (!in.digits(2, p.year)) return std::nullopt;
    p.year += p.year < 70 ? 2000 : 1900;
  }
  const bool fits = in.any_of(" ") && read_clock(in, p) && in.any_of(" ") && in.word("GMT") && in.at_end();
  return fits ? make(p) : std::nullopt;
}

// "Sun Nov  6 08:49:37 1994".
std::optional<Timestamp> asctime_date(std::string_view text) {
  Reader in(text);
  Parts p;
  const bool fits = in.letters() && in.any_of(" ") && in.month(p.month) && in.any_of(" ") &&
                    (in.digits(2, p.day) || (in.any_of(" "), in.digits(1, p.day))) && in.any_of(" ") &&
                    read_clock(in, p) && in.any_of(" ") && in.digits(4, p.year) && in.at_end();
  return fits ? make(p) : std::nullopt;
}

}  // namespace

Timestamp SystemClock::now() const {
  return std::chrono::time_point_cast<microseconds>(std::chrono::system_clock::now());
}

std::string to_rfc3339(Timestamp t) {
  const Fields f(t);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", f.year(), f.month(), f.day(), f.time.hours().count(),
                     f.time.minutes().count(), f.time.seconds().count(), f.time.subseconds().count());
}

std::string to_digits14(Timestamp t) {
  const Fields f(t);
  return fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}", f.year(), f.month(), f.day(), f.time.hours().count(),
                     f.time.minutes().count(), f.time.seconds().count());
}

std::string to_http_date(Timestamp t) {
  const Fields f(t);
  return fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kWeekdays[f.weekday.c_encoding()], f.day(),
                     kMonths[f.month() - 1], f.year(), f.time.hours().count(), f.time.minutes().count(),
                     f.time.seconds().count());
}

Result<Timestamp> parse_timestamp(std::string_view text) {
  return parse_with(text, Missing::kEarliest);
}
Result<Timestamp> parse_timestamp_end(std::string_view text) {
  return parse_with(text, Missing::kLatest);
}

Result<Timestamp> parse_http_date(std::string_view text) {
  const std::string_view trimmed = trim(text);
  for (auto* form : {imf_fixdate, rfc850_date, asctime_date}) {
    if (const auto time = form(trimmed)) return *time;
  }
  return fail(ErrorKind::kInvalid, fmt::format("not an http date: \"{}\"", text.substr(0, 64)));
}

}  // namespace vellum
