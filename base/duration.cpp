// Durations as configuration files write them; declared in clock.h.

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/text.h"

namespace vellum {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t micros;
};

constexpr std::int64_t kSecond = 1'000'000;
constexpr Unit kUnits[] = {{"us", 1},
                           {"ms", 1'000},
                           {"s", kSecond},
                           {"m", 60 * kSecond},
                           {"h", 3'600 * kSecond},
                           {"d", 86'400 * kSecond},
                           {"w", 604'800 * kSecond}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view take_while(std::string_view& text, bool (*wanted)(char)) {
  std::size_t n = 0;
  while (n < text.size() && wanted(text[n])) ++n;
  const std::string_view taken = text.substr(0, n);
  text.remove_prefix(n);
  return taken;
}

// digits * unit; nullopt on overflow.
std::optional<std::int64_t> scaled(std::string_view digits, std::int64_t unit) {
  std::int64_t value = 0;
  for (char c : digits) {
    if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value))
      return std::nullopt;
  }
  if (__builtin_mul_overflow(value, unit, &value)) return std::nullopt;
  return value;
}

// The part after the point in microseconds; what is finer is cut. From the last digit on, each step divides by ten, and
// floors of floors are the floor of the whole.
std::int64_t fraction_of(std::string_view digits, std::int64_t unit) {
  std::int64_t value = 0;
  for (auto digit = digits.rbegin(); digit != digits.rend(); ++digit) value = ((*digit - '0') * unit + value) / 10;
  return value;
}

// Takes one "1.5h" off the front.
std::optional<std::int64_t> take_term(std::string_view& rest) {
  const std::string_view whole = take_while(rest, is_digit);
  std::string_view fraction;
  if (whole.empty()) return std::nullopt;
  if (!rest.empty() && rest.front() == '.') {
    rest.remove_prefix(1);
    fraction = take_while(rest, is_digit);
    if (fraction.empty()) return std::nullopt;
  }
  const std::string_view name = take_while(rest, [](char c) { return c >= 'a' && c <= 'z'; });
  for (const Unit& unit : kUnits) {
    if (name != unit.name) continue;
    auto value = scaled(whole, unit.micros);
    if (value && __builtin_add_overflow(*value, fraction_of(fraction, unit.micros), &*value)) return std::nullopt;
    return value;
  }
  return std::nullopt;
}

// "1.5" where value/unit ends within six decimals; "" otherwise.
std::string decimal(std::int64_t value, std::int64_t unit) {
  std::string text = std::to_string(value / unit);
  std::int64_t rest = value % unit;
  if (rest != 0) text += '.';
  for (int i = 0; i < 6 && rest != 0; ++i) {
    text += static_cast<char>('0' + rest * 10 / unit);
    rest = rest * 10 % unit;
  }
  return rest == 0 ? text : std::string();
}

std::string mixed(std::int64_t value) {
  std::string text;
  for (auto unit = std::rbegin(kUnits); unit != std::rend(kUnits); ++unit) {
    if (value / unit->micros == 0) continue;
    text += std::to_string(value / unit->micros);
    text += unit->name;
    value %= unit->micros;
  }
  return text;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  std::string_view rest = trim(text);
  std::int64_t total = 0;
  bool fits = !rest.empty();
  while (fits && !rest.empty()) {
    const auto term = take_term(rest);
    fits = term && !__builtin_add_overflow(total, *term, &total);
  }
  if (fits) return Duration(total);
  return fail(ErrorKind::kInvalid,
              fmt::format("not a duration: \"{}\"; write a number and a unit (us, ms, s, m, h, d, w), "
                          "as in \"1s\" or \"1m30s\"",
                          text.substr(0, 64)));
}

std::string to_text(Duration d) {
  const std::int64_t value = std::max(d.count(), -Duration::max().count());
  if (value < 0) return "-" + to_text(Duration(-value));
  std::string best;
  for (const Unit& unit : kUnits) {  // on a tie the smaller unit stays: "7d", not "1w"
    const std::string number = decimal(value, unit.micros);
    if (!number.empty() && (best.empty() || number.size() + unit.name.size() < best.size())) {
      best = number + std::string(unit.name);
    }
  }
  const std::string terms = mixed(value);
  return terms.empty() || best.size() <= terms.size() ? best : terms;
}

}  // namespace vellum
