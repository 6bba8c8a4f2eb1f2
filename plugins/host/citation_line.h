// The printed citation taken apart: journal, date, volume, issue and pages of one line.
//
// The forms that PubMed and PMC have printed over the years, and most journals with them:
//   "J Virol. 2005 Jan;79(2):884-95. doi: 10.1128/JVI.79.2.884-895.2005. Epub 2004 Dec 3."    mid-2020 on, and legacy
//   "BMB Rep, 52 (1), 42-46. Jan 2019"  or  ", 52 (1), 42-46"                                 2018 to early 2020
//   "2022 Mar 2:114633."                                                                      ahead of print
//
// Threads: any; pure functions.

#pragma once

#include <string>
#include <string_view>

namespace vellum::plugins {

// Empty strings where the line does not say.
struct CitationLine {
  std::string journal, date, volume, issue;
  std::string pages;     // "884-95", as printed, with a plain hyphen
  std::string elocator;  // "e41172", "114633": an article number in place of pages
  std::string doi;       // normal form
  std::string epub;      // date of the "Epub" clause
};

CitationLine read_citation_line(std::string_view text);

// True for what numbers an article rather than its pages: "e41172", "788124"; false for "42-46", "1460", "S12".
bool is_article_number(std::string_view text);

// Dashes of all kinds become '-', blanks around them go, "pp." and a final dot too: "42 – 46." -> "42-46".
std::string clean_pages(std::string_view text);

}  // namespace vellum::plugins
