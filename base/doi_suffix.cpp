#include "base/doi_suffix.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.h"
#include "base/url.h"

namespace vellum::doi_detail {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char32_t c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool is_hex(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
bool is_one_of(char32_t c, std::u32string_view set) {
  return set.find(c) != std::u32string_view::npos;
}

std::string percent_run(std::string_view text) {
  std::size_t n = 0;
  while (n < 12 && n + 2 < text.size() && text[n] == '%' && is_hex(text[n + 1]) && is_hex(text[n + 2])) n += 3;
  return percent_decode(text.substr(0, n));
}

// Marks that pages put into long words for line breaks or direction; they are no part of an identifier.
bool is_invisible(char32_t c) {
  return c == 0xAD || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) || c == 0x2060 || c == 0xFEFF;
}

bool is_bracket(char32_t c) {
  return is_one_of(c, U"()[]{}<>");
}

// What may stand behind a DOI without belonging to it; brackets are weighed elsewhere.
bool is_trailing(char32_t c) {
  if (c < 0x80) return is_one_of(c, U".,;:'\"!?/&=*|`^~\\");
  return c == 0xA9 || c == 0xAB || c == 0xAC || c == 0xAE || c == 0xB7 || c == 0xBB || (c >= 0x2010 && c <= 0x206F) ||
         (c >= 0x2100 && c <= 0x2BFF) || (c >= 0x3000 && c <= 0x303F) || (c >= 0xFE00 && c <= 0xFE6F) ||
         (c >= 0xFF00 && c <= 0xFF0F) || (c >= 0xFF1A && c <= 0xFF20) || (c >= 0x1F000 && c <= 0x1FAFF);
}

// `after` follows a '&' or ';': "utm_source=", "rft.genre%3D", "kwrd=", the next argument of an address that a DOI
// stood in. In a SICI a digit follows the ';'.
bool is_argument(std::string_view after, std::string_view ends) {
  std::size_t n = 0;
  while (n < after.size() && n < 32 &&
         (is_letter(static_cast<unsigned char>(after[n])) ||
          (n > 0 && std::string_view("_.-").find(after[n]) != std::string_view::npos)))
    ++n;
  if (n == 0 || n == after.size()) return false;
  return ends.find(after[n]) != std::string_view::npos || begins_with_any(after.substr(n), {"%3d", "%3a"});
}

// `after` follows a '<'. SICI puts digits and colons there, hardly ever the name of a tag and its end.
bool is_tag(std::string_view after) {
  if (after.starts_with('/') || after.starts_with('!')) return true;
  std::size_t n = 0;
  while (n < after.size() && n < 8 && is_letter(static_cast<unsigned char>(after[n]))) ++n;
  const std::string_view end = after.substr(n);
  if (n == 0 || !(end.starts_with('>') || end.starts_with(' ') || end.starts_with('/') || end.starts_with("&gt;")))
    return false;
  const std::string name = to_lower_ascii(after.substr(0, n));
  constexpr std::array<std::string_view, 16> kTags = {"a",  "b",    "br",  "i",  "em",  "p",    "sup", "sub",
                                                      "td", "span", "div", "li", "ref", "font", "img", "strong"};
  return std::find(kTags.begin(), kTags.end(), name) != kTags.end();
}

// Whether the DOI ends before `unit`, with which `rest` begins.
bool ends_before(const Unit& unit, std::string_view rest, std::u32string_view read) {
  const char32_t c = unit.code_point;
  const std::string_view after = rest.substr(unit.length);
  if (is_unicode_space(c) || c < 0x20 || c == 0x7F || is_one_of(c, U"\"`|«»“”—―")) return true;
  switch (c) {
    case '?':
      return !unit.encoded;
    case '#':
      return !unit.encoded && !(read.size() > 3 && read.substr(read.size() - 3, 2) == U";2");  // SICI: "CO;2-#"
    case '&':
      return is_argument(after, "=");
    case '<':
      return is_tag(after);
    case '\'':
      return after.empty() || !is_letter(static_cast<unsigned char>(after[0]));
    case '[':
      return begins_with_any(after, {"pubmed", "doi", "crossref", "google", "pmc", "pmid", "medline"});
    case ';':
      if (is_argument(after, "=:")) return true;
      [[fallthrough]];
    case ',':
      return begins_with_any(after, {"10.", "http:", "https:", "doi:"});
    case '/':  // a publisher's pictures and files lie below the article's address
      return begins_with_any(after, {"asset/", "mediaobjects/", "suppl_file/"});
    case 'p':
    case 'P':
      return begins_with_any(rest, {"pmid:", "pmcid:"});
    default:
      return false;
  }
}

// TeX and JSON put backslashes before characters; none belongs to a DOI. {bytes of the run, does the DOI go on}.
std::pair<std::size_t, bool> backslashes(std::string_view rest) {
  const std::size_t n = std::min(rest.find_first_not_of('\\'), rest.size());
  return {n, n < rest.size() && std::string_view("_%&#{}<>()[]/-").find(rest[n]) != std::string_view::npos};
}

// Counts of brackets, so that a closing one is known to be unbalanced in one step.
class Balance {
 public:
  void add(char32_t c, int by) {
    if (is_bracket(c)) counts_[index(c)] += by;
  }
  bool belongs(char32_t closing) const { return counts_[index(closing)] <= counts_[index(closing) - 1]; }
  static bool is_closing(char32_t c) { return index(c) % 2 == 1; }

 private:
  static std::size_t index(char32_t c) { return std::u32string_view(U"()[]{}<>").find(c); }
  std::array<int, 8> counts_{};
};

void trim_punctuation(std::u32string& suffix) {
  Balance balance;
  for (char32_t c : suffix) balance.add(c, 1);
  while (!suffix.empty()) {
    const char32_t last = suffix.back();
    if (is_bracket(last) ? Balance::is_closing(last) && balance.belongs(last) : !is_trailing(last)) return;
    balance.add(last, -1);
    suffix.pop_back();
  }
}

// Ends of publishers' addresses: "10.1111/tpj.12145/abstract".
bool drop_tail(std::u32string& suffix, bool in_publisher_url) {
  constexpr std::u32string_view kPaths[] = {U"/abstract",  U"/full",    U"/pdf",        U"/epdf",
                                            U"/pdfdirect", U"/summary", U"/meta",       U"/fulltext",
                                            U"/html",      U"/issues",  U"/references", U"/figures"};
  constexpr std::u32string_view kFiles[] = {U".pdf",   U".full", U".abstract", U".full-text",
                                            U".short", U".long", U".html",     U"+html"};
  const auto drop = [&](std::u32string_view tail) {
    if (suffix.size() <= tail.size() || !suffix.ends_with(tail)) return false;
    suffix.resize(suffix.size() - tail.size());
    return true;
  };
  return std::any_of(std::begin(kPaths), std::end(kPaths), drop) ||
         (in_publisher_url && std::any_of(std::begin(kFiles), std::end(kFiles), drop));
}

}  // namespace

Unit next_unit(std::string_view text) {
  if (text.front() == '%') {
    if (const std::string bytes = percent_run(text); !bytes.empty()) {
      const Utf8Step step = next_utf8(bytes);
      return {step.code_point, step.bytes * 3, true, step.valid};
    }
  }
  HtmlReference reference = html_reference(text);
  if (reference.code_point == '&') {
    const std::string again = "&" + std::string(text.substr(reference.length, 16));
    if (const HtmlReference inner = html_reference(again); inner.length != 0) {
      return {inner.code_point, reference.length + inner.length - 1};
    }
  }
  if (reference.length != 0) return {reference.code_point, reference.length};
  const Utf8Step step = next_utf8(text);
  return {step.code_point, step.bytes, false, step.valid};
}

bool begins_with_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](auto word) { return starts_with_ignore_case(text, word); });
}

bool is_damage(char32_t c) {
  return (c >= 0x2010 && c <= 0x2013) || c == 0x2043 || c == 0x2212 || c == 0xAC || c == 0xFE63 || c == 0xFF0D ||
         c == 0xFFFD;
}

Suffix read_suffix(std::string_view text, std::size_t at) {
  Suffix found;
  while (at < text.size()) {
    const std::string_view rest = text.substr(at);
    if (rest.front() == '\\') {
      const auto [count, goes_on] = backslashes(rest);
      if (!goes_on) break;
      at += count;
      continue;
    }
    const Unit unit = next_unit(rest);
    if (ends_before(unit, rest, found.characters)) break;
    at += unit.length;
    if (is_invisible(unit.code_point)) continue;
    if (found.characters.size() >= kMaxDoiBytes) {  // no longer kept: the tail may only be what is trimmed
      found.damaged = found.damaged || !(is_trailing(unit.code_point) || is_bracket(unit.code_point));
      continue;
    }
    found.damaged = found.damaged || !unit.valid;
    found.characters += unit.code_point < 0x80 && is_letter(unit.code_point) ? unit.code_point | 0x20 : unit.code_point;
    found.ends.push_back(at);
  }
  found.end = at;
  return found;
}

void trim_suffix(std::u32string& suffix, bool in_publisher_url) {
  do {
    trim_punctuation(suffix);
  } while (drop_tail(suffix, in_publisher_url));
}

void drop_preprint_version(std::u32string& suffix) {
  const std::size_t v = suffix.rfind(U'v');
  if (v == std::u32string::npos || v < 6 || v + 1 >= suffix.size()) return;
  const auto digit = [](char32_t c) { return c >= '0' && c <= '9'; };
  if (std::all_of(suffix.begin(), suffix.begin() + static_cast<std::ptrdiff_t>(v),
                  [&](char32_t c) { return digit(c) || c == '.'; }) &&
      std::all_of(suffix.begin() + static_cast<std::ptrdiff_t>(v) + 1, suffix.end(), digit)) {
    suffix.resize(v);
  }
}

}  // namespace vellum::doi_detail
