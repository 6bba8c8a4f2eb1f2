#include "plugins/host/citation_line.h"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "plugins/host/dates.h"

namespace vellum::plugins {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view strip(std::string_view text, std::string_view characters) {
  std::size_t from = text.find_first_not_of(characters);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(characters) - from + 1);
}

std::size_t find_word(std::string_view text, std::string_view lower_word) {
  auto it = std::search(text.begin(), text.end(), lower_word.begin(), lower_word.end(),
                        [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
  return it == text.end() ? std::string_view::npos : static_cast<std::size_t>(it - text.begin());
}

// Position of a year "19xx"/"20xx" that stands on its own; npos if none.
std::size_t find_year(std::string_view text) {
  for (std::size_t i = 0; i + 4 <= text.size(); ++i) {
    bool four = is_digit(text[i]) && is_digit(text[i + 1]) && is_digit(text[i + 2]) && is_digit(text[i + 3]);
    bool alone = (i == 0 || !is_digit(text[i - 1])) && (i + 4 == text.size() || !is_digit(text[i + 4]));
    if (four && alone && (text[i] == '1' || text[i] == '2') && (i == 0 || text[i - 1] == ' ')) return i;
  }
  return std::string_view::npos;
}

void set_pages(CitationLine& line, std::string_view text) {
  std::string pages = clean_pages(text);
  (is_article_number(pages) ? line.elocator : line.pages) = pages;
}

// "Med Ref Serv Q. 2006 Fall" -> journal and date.
void read_source(CitationLine& line, std::string_view text) {
  std::size_t year = find_year(text);
  if (year == std::string_view::npos) {
    line.journal = std::string(strip(text, " .,"));
    return;
  }
  line.journal = std::string(strip(text.substr(0, year), " .,"));
  line.date = read_date(text.substr(year)).value_or("");
}

// "79(2)", "85 Suppl 1", "41(Database issue)", "52 (1)", "(1)".
void read_volume(CitationLine& line, std::string_view text) {
  std::size_t open = text.find('(');
  line.volume = std::string(strip(text.substr(0, open), " .,;"));
  if (open == std::string_view::npos) return;
  std::size_t close = text.rfind(')');
  if (close == std::string_view::npos || close < open) close = text.size();
  line.issue = std::string(strip(text.substr(open + 1, close - open - 1), " .,"));
}

// "J Virol. 2005 Jan;79(2):884-95."
void read_semicolon_form(CitationLine& line, std::string_view text, std::size_t semicolon) {
  read_source(line, text.substr(0, semicolon));
  std::string_view rest = text.substr(semicolon + 1);
  std::size_t close = rest.find(')');
  std::size_t colon = rest.find(':', close == std::string_view::npos ? 0 : close);
  read_volume(line, rest.substr(0, colon));
  if (colon == std::string_view::npos) return;
  std::string_view pages = rest.substr(colon + 1);
  set_pages(line, pages.substr(0, pages.find(". ")));
}

// "BMB Rep, 52 (1), 42-46. Jan 2019": parts by commas; a part that starts with a digit ends the journal's name.
void read_comma_form(CitationLine& line, std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t comma = std::min(text.find(',', at), text.size());
    std::string_view part = strip(text.substr(at, comma - at), " ");
    if (!part.empty() && (is_digit(part[0]) || part[0] == '(')) break;
    at = comma + 1;
  }
  if (at >= text.size()) return read_source(line, text);
  line.journal = std::string(strip(text.substr(0, at), " .,"));
  std::size_t comma = std::min(text.find(',', at), text.size());
  read_volume(line, text.substr(at, comma - at));
  std::string_view rest = comma < text.size() ? strip(text.substr(comma + 1), " ") : std::string_view();
  std::size_t end = rest.find_first_of(" .,;");
  set_pages(line, rest.substr(0, end));
  if (end != std::string_view::npos) line.date = read_date(rest.substr(end)).value_or("");
}

// "2022 Mar 2:114633." or a bare date.
void read_plain_form(CitationLine& line, std::string_view text) {
  std::size_t colon = text.find(':');
  read_source(line, text.substr(0, colon));
  if (colon != std::string_view::npos && !line.date.empty()) {
    std::string_view pages = text.substr(colon + 1);
    set_pages(line, pages.substr(0, pages.find(". ")));
  }
}

bool has_comma_before_number(std::string_view text) {
  std::size_t comma = text.find(',');
  while (comma != std::string_view::npos) {
    std::size_t next = text.find_first_not_of(' ', comma + 1);
    if (next != std::string_view::npos && (is_digit(text[next]) || text[next] == '(')) return true;
    comma = text.find(',', comma + 1);
  }
  return false;
}

std::string with_plain_hyphens(std::string_view text) {
  static constexpr std::string_view kDashes[] = {"\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212"};
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    bool dash = std::any_of(std::begin(kDashes), std::end(kDashes),
                            [&](std::string_view d) { return text.substr(i, d.size()) == d; });
    out += dash ? '-' : text[i];
    i += dash ? 3 : 1;  // each of them is three bytes of UTF-8
  }
  return out;
}

// Takes "doi: ...", "Epub ..." and "eCollection ..." off the end of the line.
std::string_view without_tail(CitationLine& line, std::string_view text) {
  std::size_t doi = find_word(text, "doi:");
  std::size_t epub = find_word(text, "epub ");
  if (doi != std::string_view::npos) {
    auto found = find_dois(text.substr(doi));
    if (!found.empty()) line.doi = found.front().doi;
  }
  if (epub != std::string_view::npos) {
    std::string_view clause = text.substr(epub);
    line.epub = read_date(clause.substr(0, clause.find('.'))).value_or("");
  }
  std::size_t end = std::min({doi, epub, find_word(text, "ecollection"), find_word(text, "online ahead of print")});
  return strip(text.substr(0, end), " ");
}

}  // namespace

std::string clean_pages(std::string_view text) {
  std::string pages = with_plain_hyphens(fold_space(text));
  std::string out;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    bool by_dash = (i + 1 < pages.size() && pages[i + 1] == '-') || (!out.empty() && out.back() == '-');
    if (pages[i] == ' ' && by_dash) continue;
    out += pages[i];
  }
  std::string_view view = out;
  for (std::string_view prefix : {"pages", "page", "pp.", "pp", "p."}) {
    if (starts_with_ignore_case(view, prefix)) {
      view.remove_prefix(prefix.size());
      break;
    }
  }
  return std::string(strip(view, " .,;:-"));
}

bool is_article_number(std::string_view text) {
  if (text.empty() || text.find_first_of("-, ;") != std::string_view::npos) return false;
  std::size_t letters = 0;
  while (letters < text.size() && !is_digit(text[letters])) ++letters;
  std::string_view digits = text.substr(letters);
  if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) return false;
  if (letters == 0) return digits.size() >= 5;
  if (letters == 1 && (text[0] == 'e' || text[0] == 'E')) return true;
  return digits.size() >= 4;
}

CitationLine read_citation_line(std::string_view text) {
  CitationLine line;
  std::string folded = fold_space(text);
  std::string_view body = without_tail(line, folded);
  std::size_t semicolon = body.find(';');
  if (semicolon != std::string_view::npos) {
    read_semicolon_form(line, body, semicolon);
  } else if (has_comma_before_number(body)) {
    read_comma_form(line, body);
  } else {
    read_plain_form(line, body);
  }
  return line;
}

}  // namespace vellum::plugins
