#include "plugins/host/dates.h"

#include <array>
#include <cctype>
#include <vector>

#include "base/text.h"

namespace vellum::plugins {
namespace {

constexpr std::array<std::string_view, 12> kMonths = {"january",   "february", "march",    "april",
                                                      "may",       "june",     "july",     "august",
                                                      "september", "october",  "november", "december"};

struct Token {
  std::string word;  // lower case letters, or digits
  bool number = false;
  char before = ' ';  // the character that led to it
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size() && tokens.size() < 64;) {
    bool number = is_digit(text[i]);
    if (!number && !is_letter(text[i])) {
      ++i;
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && (number ? is_digit(text[end]) : is_letter(text[end]))) ++end;
    tokens.push_back({to_lower_ascii(text.substr(i, end - i)), number, i == 0 ? ' ' : text[i - 1]});
    i = end;
  }
  return tokens;
}

// 1..12; 0 if `word` is not a month in full or cut to three letters or more ("sept", "jan").
int month_of(std::string_view word) {
  if (word.size() < 3) return 0;
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i].substr(0, word.size()) == word) return static_cast<int>(i) + 1;
  }
  return word == "sept" ? 9 : 0;
}

int value_of(const Token& token) {
  return token.number && token.word.size() <= 8 ? std::stoi(token.word) : 0;
}
bool is_year(const Token& token) {
  return token.number && token.word.size() == 4 && value_of(token) >= 1500 && value_of(token) <= 2100;
}
bool is_day(const Token& token) {
  return token.number && token.word.size() <= 2 && value_of(token) >= 1 && value_of(token) <= 31;
}

std::string two_digits(int n) {
  return n < 10 ? "0" + std::to_string(n) : std::to_string(n);
}

std::string written(int year, int month, int day) {
  std::string out = std::to_string(year);
  if (month < 1 || month > 12) return out;
  out += "-" + two_digits(month);
  if (day >= 1 && day <= 31) out += "-" + two_digits(day);
  return out;
}

// "2019 Jan 3", "3 January 2019", "Jan 3, 2019", "2019 Jan-Feb".
std::optional<std::string> with_month_name(const std::vector<Token>& tokens, std::size_t year) {
  std::size_t from = year >= 4 ? year - 4 : 0;
  std::size_t to = std::min(tokens.size(), year + 3);
  for (std::size_t i = from; i < to; ++i) {
    int month = tokens[i].number ? 0 : month_of(tokens[i].word);
    if (month == 0) continue;
    int day = 0;
    bool after = i + 1 < tokens.size() && is_day(tokens[i + 1]) && i + 1 != year;
    bool before = i > 0 && is_day(tokens[i - 1]) && i < year;
    if (after) day = value_of(tokens[i + 1]);
    if (!after && before) day = value_of(tokens[i - 1]);
    return written(value_of(tokens[year]), month, day);
  }
  return std::nullopt;
}

// "2014/10/31", "2014-10", "31.10.2014", "10/31/2014"; a day that may be a month gives the year alone.
std::string with_numbers(const std::vector<Token>& tokens, std::size_t year) {
  auto joined = [&](std::size_t i) {
    return i < tokens.size() && is_day(tokens[i]) &&
           (tokens[i].before == '-' || tokens[i].before == '/' || tokens[i].before == '.');
  };
  int y = value_of(tokens[year]);
  if (joined(year + 1) && value_of(tokens[year + 1]) <= 12) {
    return written(y, value_of(tokens[year + 1]), joined(year + 2) ? value_of(tokens[year + 2]) : 0);
  }
  bool led = tokens[year].before == '-' || tokens[year].before == '/' || tokens[year].before == '.';
  if (!led || year == 0 || !is_day(tokens[year - 1])) return written(y, 0, 0);
  int b = value_of(tokens[year - 1]);
  if (year < 2 || !joined(year - 1) || !is_day(tokens[year - 2])) return written(y, b <= 12 ? b : 0, 0);
  int a = value_of(tokens[year - 2]);
  if (a > 12 && b <= 12) return written(y, b, a);
  if (b > 12 && a <= 12) return written(y, a, b);
  return a == b ? written(y, a, b) : written(y, 0, 0);
}

std::optional<std::string> eight_digits(const std::vector<Token>& tokens) {
  if (tokens.size() != 1 || !tokens[0].number || tokens[0].word.size() != 8) return std::nullopt;
  int n = value_of(tokens[0]);
  int year = n / 10000;
  int month = n / 100 % 100;
  if (year < 1500 || year > 2100 || month < 1 || month > 12) return std::nullopt;
  return written(year, month, n % 100);
}

std::string_view event_of(std::string_view word) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kEvents = {
      {{"received", "received"},
       {"revised", "revised"},
       {"accepted", "accepted"},
       {"epub", "epub"},
       {"published", "published"},
       {"revision", "revised"},
       {"online", "epub"},
       {"submitted", "received"},
       {"issue", "published"},
       {"collection", "published"}}};
  for (const auto& [spelling, event] : kEvents) {
    if (word == spelling) return event;
  }
  return {};
}

std::vector<std::string_view> clauses_of(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != ';' && text[i] != '.' && text[i] != '\n') continue;
    out.push_back(text.substr(from, i - from));
    from = i + 1;
  }
  return out;
}

}  // namespace

std::optional<std::string> read_date(std::string_view text) {
  std::vector<Token> tokens = tokens_of(text);
  if (auto compact = eight_digits(tokens)) return compact;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (!is_year(tokens[i])) continue;
    if (auto named = with_month_name(tokens, i)) return named;
    return with_numbers(tokens, i);
  }
  return std::nullopt;
}

Json read_history(std::string_view text) {
  Json history = Json::array();
  for (std::string_view clause : clauses_of(text)) {
    std::string_view event;
    for (const Token& token : tokens_of(clause)) {
      event = event_of(token.word);
      if (!event.empty()) break;
    }
    auto date = event.empty() ? std::nullopt : read_date(clause);
    if (date) history.push_back({{"event", std::string(event)}, {"date", *date}});
  }
  return history;
}

}  // namespace vellum::plugins
