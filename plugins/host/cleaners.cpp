#include "plugins/host/cleaners.h"

#include <algorithm>
#include <array>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "base/url.h"
#include "plugins/host/citation_line.h"
#include "plugins/host/dates.h"

namespace vellum::plugins {
namespace {

using Cleaned = std::optional<std::string>;

Cleaned some(std::string text) {
  return text.empty() ? Cleaned() : Cleaned(std::move(text));
}

std::string_view strip(std::string_view text, std::string_view characters) {
  std::size_t from = text.find_first_not_of(characters);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(characters) - from + 1);
}

Cleaned as_text(std::string_view text) {
  return some(fold_space(text));
}

// "Cited by 1,234 articles" -> "1234": the first number, thousands by comma undone.
Cleaned as_int(std::string_view text) {
  std::string digits;
  for (std::size_t i = 0; i < text.size() && digits.size() < 15; ++i) {
    bool digit = text[i] >= '0' && text[i] <= '9';
    bool thousands =
        text[i] == ',' && !digits.empty() && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9';
    if (digit) digits += text[i];
    if (!digit && !thousands && !digits.empty()) break;
  }
  return some(digits);
}

Cleaned as_doi(std::string_view text) {
  if (auto doi = normalise_doi(text)) return doi;
  auto found = find_dois(text);
  return found.empty() ? Cleaned() : Cleaned(found.front().doi);
}

Cleaned as_date(std::string_view text) {
  return read_date(text);
}
Cleaned as_year(std::string_view text) {
  auto date = read_date(text);
  return date ? Cleaned(date->substr(0, 4)) : Cleaned();
}

Cleaned as_pages(std::string_view text) {
  std::string pages = clean_pages(text);
  const std::size_t dash = pages.find('-');
  if (dash != std::string::npos && pages.substr(0, dash) == pages.substr(dash + 1)) pages.resize(dash);
  return is_article_number(pages) ? Cleaned() : some(pages);
}
Cleaned as_elocator(std::string_view text) {
  std::string pages = clean_pages(text);
  return is_article_number(pages) ? some(pages) : Cleaned();
}

template <std::string CitationLine::*Part>
Cleaned cit(std::string_view text) {
  return some(read_citation_line(text).*Part);
}

Cleaned no_final_dot(std::string_view text) {
  std::string folded = fold_space(text);
  if (folded.ends_with('.') && !folded.ends_with("..")) folded.pop_back();
  return some(folded);
}

// "Keywords: a; b" -> "a; b"; a colon later than 40 bytes in is part of the text.
Cleaned no_label(std::string_view text) {
  std::string folded = fold_space(text);
  std::size_t colon = folded.find(':');
  if (colon == std::string::npos || colon > 40) return some(folded);
  return some(std::string(trim(std::string_view(folded).substr(colon + 1))));
}

Cleaned no_colon(std::string_view text) {
  return some(std::string(strip(fold_space(text), " :")));
}
Cleaned no_brackets(std::string_view text) {
  return some(std::string(strip(fold_space(text), " []().:;,")));
}

// "1.", "[12]", "*" at the start of a reference, and what is left at its end of links that were taken out: "- -", "[]
// []".
Cleaned as_reference(std::string_view text) {
  std::string folded = fold_space(text);
  std::string_view view = strip(folded, " -|[]\u2013");
  std::size_t digits = 0;
  while (digits < view.size() && digits < 3 && view[digits] >= '0' && view[digits] <= '9') ++digits;
  bool numbered = digits > 0 && digits + 1 < view.size() &&
                  ((view[digits] == '.' && view[digits + 1] == ' ') || view[digits] == ']' || view[digits] == ')');
  if (numbered) view = trim(view.substr(digits + 1));
  return some(fold_space(view));
}

// A closing bracket at the end is kept if it has its opening one.
Cleaned as_reference_kept(std::string_view text) {
  auto cleaned = as_reference(text);
  if (!cleaned) return cleaned;
  auto open = std::count(cleaned->begin(), cleaned->end(), '[');
  auto close = std::count(cleaned->begin(), cleaned->end(), ']');
  if (open == close + 1) *cleaned += ']';
  return cleaned;
}

// "/?term=Kim+YH&cauthor_id=1" or "?term=%22Kim%20YH%22%5BAuthor%5D" -> "Kim YH".
Cleaned author_query(std::string_view href) {
  std::size_t at = href.find("term=");
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view value = href.substr(at + 5);
  std::string query(value.substr(0, value.find_first_of("&#")));
  std::replace(query.begin(), query.end(), '+', ' ');
  query = percent_decode(query);
  query = query.substr(0, query.find('['));
  return some(std::string(strip(query, " \"")));
}

// "Retraction in", "Erratum in:", "Comment on" to the record's types of notices.
Cleaned notice_type(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> kTypes = {
      {{"concern", "expression-of-concern"},
       {"retract", "retraction"},
       {"withdraw", "retraction"},
       {"errat", "correction"},
       {"correct", "correction"},
       {"update", "update"},
       {"republi", "correction"},
       {"comment", "comment"}}};
  std::string word = to_lower_ascii(text.substr(0, 200));
  for (const auto& [part, type] : kTypes) {
    if (word.find(part) != std::string::npos) return std::string(type);
  }
  return std::nullopt;
}

// "52 ( 1 ) , 42" -> "52 (1), 42": blanks that elements without space between them leave around punctuation.
Cleaned close_punctuation(std::string_view text) {
  std::string out;
  for (char c : fold_space(text)) {
    const bool closes = c == ',' || c == '.' || c == ';' || c == ':' || c == ')' || c == ']';
    if (closes && out.ends_with(' ')) out.pop_back();
    if (c == ' ' && (out.ends_with('(') || out.ends_with('['))) continue;
    out += c;
  }
  return some(out);
}

// "15 2 2022", "2019 Dec 17", "2022 2": the parts of a date as XML has them, in either order.
Cleaned date_parts(std::string_view text) {
  std::string folded = fold_space(text);
  std::vector<std::string_view> parts = split(folded, ' ');
  if (!parts.empty() && parts.front().size() < 4) std::reverse(parts.begin(), parts.end());
  if (parts.empty() || parts.size() > 3) return read_date(text);
  const bool numbers = std::all_of(parts.begin(), parts.end(), [](std::string_view part) {
    return part.size() <= 4 && part.find_first_not_of("0123456789") == std::string_view::npos;
  });
  std::string date;
  for (std::string_view part : parts) {
    if (!date.empty()) date += numbers ? '-' : ' ';
    if (numbers && part.size() == 1) date += '0';
    date += part;
  }
  return read_date(date);
}

Cleaned lower(std::string_view text) {
  return some(to_lower_ascii(fold_space(text)));
}
Cleaned decode(std::string_view text) {
  return some(percent_decode(text));
}

// "Characterization ... - PubMed": what stands before the site's name.
Cleaned no_site_name(std::string_view text) {
  std::string folded = fold_space(text);
  std::size_t cut = std::max(folded.rfind(" - ") + 1, folded.rfind(" | ") + 1);
  return some(cut == 0 ? folded : folded.substr(0, cut - 1));
}

template <std::optional<std::string> (*Normalise)(std::string_view)>
Cleaned normal(std::string_view text) {
  return Normalise(text);
}

constexpr Cleaner kCleaners[] = {
    {"arxiv", "an arXiv identifier", normal<normalise_arxiv>},
    {"author_query", "the name that an author link searches for: `?term=Kim+YH` gives `Kim YH`", author_query},
    {"cit_date", "the date of a citation line", cit<&CitationLine::date>},
    {"cit_doi", "the DOI of a citation line", cit<&CitationLine::doi>},
    {"cit_elocator", "the article number of a citation line", cit<&CitationLine::elocator>},
    {"cit_epub", "the date of the Epub clause of a citation line", cit<&CitationLine::epub>},
    {"cit_issue", "the issue of a citation line: `2005 Jan;79(2):884-95.` or `, 52 (1), 42-46`",
     cit<&CitationLine::issue>},
    {"cit_journal", "the journal of a citation line", cit<&CitationLine::journal>},
    {"cit_pages", "the pages of a citation line", cit<&CitationLine::pages>},
    {"cit_volume", "the volume of a citation line", cit<&CitationLine::volume>},
    {"close_punctuation", "without blanks before `,` `.` `;` `:` `)` and after `(`", close_punctuation},
    {"date", "a date as `2019`, `2019-01` or `2019-01-03`", as_date},
    {"date_parts", "the date that XML gives in parts: `15 2 2022`, `2019 Dec 17`", date_parts},
    {"decode", "percent-encoding undone", decode},
    {"doi", "a DOI in normal form, from a field, a link or a sentence", as_doi},
    {"elocator", "an article number (`e41172`), nothing for pages", as_elocator},
    {"int", "the first number, thousands commas undone", as_int},
    {"issn", "an ISSN with a right check digit", normal<normalise_issn>},
    {"lower", "ASCII letters in lower case", lower},
    {"no_brackets", "without brackets and punctuation around it", no_brackets},
    {"no_colon", "without a colon at its end", no_colon},
    {"no_final_dot", "without the one dot at its end", no_final_dot},
    {"no_label", "without `Label:` at its start", no_label},
    {"no_site_name", "without ` - Site` or ` | Site` at its end", no_site_name},
    {"notice_type", "the type of a notice by its heading: `Retraction in` gives `retraction`", notice_type},
    {"orcid", "an ORCID with a right check digit", normal<normalise_orcid>},
    {"pages", "pages with plain hyphens, nothing for an article number", as_pages},
    {"pmcid", "a PMCID as `PMC6386229`", normal<normalise_pmcid>},
    {"pmid", "a PMID: digits only", normal<normalise_pmid>},
    {"reference", "a reference without its number and the remains of its links", as_reference_kept},
    {"text", "white space folded", as_text},
    {"year", "the year of a date", as_year},
};

}  // namespace

std::span<const Cleaner> all_cleaners() {
  return kCleaners;
}

const Cleaner* find_cleaner(std::string_view name) {
  auto it = std::find_if(std::begin(kCleaners), std::end(kCleaners), [&](const Cleaner& c) { return c.name == name; });
  return it == std::end(kCleaners) ? nullptr : &*it;
}

}  // namespace vellum::plugins
