// DOIs in text and links; declared in scholarly_id.h.
//
// One walk over the text, whatever it holds: a candidate is "10.", a registrant and a divider; its suffix is read
// character by character up to something that no DOI holds, and the search goes on behind it. The rules:
//
//  1. Entities are undone (twice, for pages that escape twice), percent-encoding once; bytes that are no UTF-8 refuse
//  it.
//  2. A registrant has four to nine digits, three where something announces a DOI, and perhaps further numbers; no
//  digit
//     stands before it. The divider is '/', in a urn:doi: also ':'. An ISBN-A (10.978, 10.979) goes on with digits
//     only.
//  3. The suffix ends before white space, quotes, '|', tags, a raw '?', a raw '#' (but not SICI's "2-#"), arguments of
//  a
//     query or matrix, the next DOI of a list, "[PubMed", and publishers' folders of pictures.
//  4. Trailing punctuation and symbols go, closing brackets where unbalanced; so do "/abstract", "/full", "/pdf" and
//  the
//     like, in publishers' URLs also ".pdf", and bioRxiv's "v3".
//  5. Invisible marks inside go. Dashes where a hyphen must have been, and blanks before a "-s.6506", refuse it.
//  6. ASCII letters become lower-case. Of "10.1037//" one slash stays; other double slashes are part of the DOI.
//  7. A shortDOI ("10/x") is none: only a resolver knows what it means. Registered DOIs that end in dots lose them.

#include <algorithm>

#include "base/doi_suffix.h"
#include "base/scholarly_id.h"
#include "base/text.h"

namespace vellum {
namespace {

using namespace doi_detail;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

struct Registrant {
  std::string text;        // "10.1016", "10.1000.10"
  std::size_t suffix = 0;  // where the suffix begins; 0 if there is no registrant
  char divider = '/';
};

// Whether "doi", "doi.org/" or "urn:doi:" stands before: then a registrant may be shorter than today's.
bool is_announced(std::string_view before) {
  before = before.substr(before.size() - std::min<std::size_t>(before.size(), 24));
  while (!before.empty() && std::string_view(" :/").find(before.back()) != std::string_view::npos)
    before.remove_suffix(1);
  const auto ends = [&](std::string_view word) {
    return before.size() >= word.size() && equals_ignore_case(before.substr(before.size() - word.size()), word);
  };
  return ends("doi") || ends("doi.org");
}

bool is_urn(std::string_view before) {
  return before.size() >= 8 && equals_ignore_case(before.substr(before.size() - 8), "urn:doi:");
}

// `at` is where "10." stands. A registrant has four digits or more; three do where something says that this is a DOI.
Registrant read_registrant(std::string_view text, std::size_t at, bool is_field) {
  const std::string_view before = text.substr(0, at);
  std::size_t end = at + 3;
  while (end < text.size() && is_digit(text[end])) ++end;
  const std::size_t digits = end - at - 3;
  if (digits > 9 || digits < ((is_field && at == 0) || is_announced(before) ? 3u : 4u)) {
    if (!(digits == 3 && text.substr(end).starts_with('.'))) return {};  // ISBN-A: "10.978.8898392"
  }
  while (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    for (++end; end < text.size() && is_digit(text[end]);) ++end;
  }
  const std::size_t digits_end = end;
  // JSON may write "10.1000\\/a".
  const std::size_t slash = text.find_first_not_of('\\', end);
  if (slash != end && slash < text.size() && text[slash] == '/') end = slash;
  if (end == text.size()) return {};
  const Unit divider = next_unit(text.substr(end));
  const bool urn = divider.code_point == ':' && is_urn(before);
  if (divider.code_point != '/' && !urn) return {};
  return {std::string(text.substr(at, digits_end - at)), end + divider.length, urn ? ':' : '/'};
}

// A digit before "10." makes it another number, unless it ends a percent-encoded character.
bool may_start(std::string_view text, std::size_t at) {
  if (at == 0) return true;
  if (at >= 3 && text[at - 3] == '%' && is_hex(text[at - 2]) && is_hex(text[at - 1])) return true;
  return !is_digit(text[at - 1]) && !(text[at - 1] == '.' && at >= 2 && is_digit(text[at - 2]));
}

bool is_isbn_a(std::string_view registrant) {
  return registrant.starts_with("10.978.") || registrant.starts_with("10.979.");
}

bool in_publisher_url(std::string_view before) {
  if (!before.ends_with('/') || is_announced(before)) return false;
  const std::string_view near = before.substr(before.size() - std::min<std::size_t>(before.size(), 200));
  return near.find("://") != std::string_view::npos;
}

std::string normal_form(const Registrant& registrant, std::u32string_view suffix) {
  // APA once printed "10.1037//0002": the resolver takes one slash. Others' double slashes are their own.
  if (registrant.text == "10.1037" && suffix.starts_with(U'/')) suffix.remove_prefix(1);
  std::string doi = registrant.text + registrant.divider;
  for (char32_t c : suffix) append_utf8(doi, c);
  return doi;
}

// The DOI at `at`, if there is one; `next` is where to go on either way.
std::optional<FoundDoi> read_doi(std::string_view text, std::size_t at, std::size_t& next, bool is_field) {
  next = at + 3;
  if (!may_start(text, at)) return std::nullopt;
  const Registrant registrant = read_registrant(text, at, is_field);
  if (registrant.suffix == 0) return std::nullopt;
  Suffix found = read_suffix(text, registrant.suffix);
  next = found.end;
  trim_suffix(found.characters, in_publisher_url(text.substr(0, at)));
  if (registrant.text == "10.1101" || registrant.text == "10.64898") drop_preprint_version(found.characters);
  const std::u32string& suffix = found.characters;
  if (suffix.empty() || found.damaged || std::any_of(suffix.begin(), suffix.end(), is_damage)) return std::nullopt;
  if (is_isbn_a(registrant.text) &&
      !std::all_of(suffix.begin(), suffix.end(), [](char32_t c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  FoundDoi doi{normal_form(registrant, suffix), std::string(text.substr(at, found.ends[suffix.size() - 1] - at)), at};
  return doi.doi.size() <= kMaxDoiBytes ? std::optional(std::move(doi)) : std::nullopt;
}

// The first DOI at or behind `at`, which is moved behind it.
std::optional<FoundDoi> next_doi(std::string_view text, std::size_t& at, bool is_field = false) {
  while ((at = text.find("10.", at)) != std::string_view::npos) {
    if (auto doi = read_doi(text, at, at, is_field)) return doi;
  }
  return std::nullopt;
}

// "https : / / doi.org / 10 .1109 /V LHCC": a link copied out of a PDF, blanks and all.
std::optional<FoundDoi> torn_link(std::string_view text) {
  constexpr std::size_t kMostBytes = 512;
  if (text.size() > kMostBytes || text.find("://") != std::string_view::npos) return std::nullopt;
  std::string joined;
  std::vector<std::size_t> places;  // in the text, of each character of joined
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ' ') continue;
    joined += text[i];
    places.push_back(i);
  }
  const std::size_t resolver = joined.find("doi.org/10.");
  if (!joined.starts_with("http") || resolver == std::string::npos || resolver > 16) return std::nullopt;
  std::size_t at = 0;
  auto doi = next_doi(joined, at);
  if (!doi) return std::nullopt;
  const std::size_t begin = places[doi->offset], end = places[doi->offset + doi->text.size() - 1] + 1;
  return FoundDoi{doi->doi, std::string(text.substr(begin, end - begin)), begin};
}

// "10.23750/abm.v88i2 -s.6506": a blank got into the DOI, and where it ends is a guess.
bool is_torn(std::string_view text, const FoundDoi& doi) {
  std::string_view rest = text.substr(doi.offset + doi.text.size());
  if (!rest.starts_with(" -")) return false;
  rest = rest.substr(2, rest.find(' ', 2) - 2);
  return !rest.starts_with("10.") && std::any_of(rest.begin(), rest.end(), is_digit);
}

}  // namespace

std::vector<FoundDoi> find_dois(std::string_view text) {
  std::vector<FoundDoi> all;
  std::size_t at = 0;
  while (auto doi = next_doi(text, at)) {
    if (!is_torn(text, *doi)) all.push_back(*std::move(doi));
  }
  if (all.empty()) {
    if (auto doi = torn_link(text)) all.push_back(*std::move(doi));
  }
  return all;
}

std::optional<std::string> normalise_doi(std::string_view text) {
  const std::string_view field = trim(text);
  // The handle system's own proxy names handles, which may be anything.
  if (begins_with_any(field, {"http://handle.net/", "https://handle.net/"})) return std::nullopt;
  std::size_t at = 0;
  auto doi = next_doi(field, at, true);
  if (!doi) doi = torn_link(field);
  return doi && !is_torn(field, *doi) ? std::optional(std::move(doi->doi)) : std::nullopt;
}

std::optional<std::string> doi_of_resolver_link(std::string_view href) {
  std::string_view link = trim(href);
  if (link.starts_with("//")) link.remove_prefix(2);
  for (std::string_view scheme : {"https://", "http://"}) {
    if (starts_with_ignore_case(link, scheme)) link.remove_prefix(scheme.size());
  }
  const std::size_t slash = link.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  std::string_view host = link.substr(0, slash);
  host = host.substr(0, host.find(':'));
  const auto is_at = [&](std::string_view name) {
    return starts_with_ignore_case(host, name) && (host.size() == name.size() || host[name.size()] == '.');
  };
  // Libraries' proxies put their own name behind: "doi.org.proxy.example.edu", "dx-doi-org.proxy.example.edu".
  const bool resolves = is_at("doi.org") || is_at("dx.doi.org") || is_at("www.doi.org") || is_at("doi-org") ||
                        is_at("dx-doi-org") || equals_ignore_case(host, "doi.acm.org") ||
                        equals_ignore_case(host, "doi.ieeecomputersociety.org");
  if (!resolves) return std::nullopt;
  std::string_view path = link.substr(slash + 1);
  for (std::string_view prefix : {"urn:doi:", "doi:", "info:doi/"}) {
    if (starts_with_ignore_case(path, prefix)) path.remove_prefix(prefix.size());
  }
  return path.starts_with("10.") ? normalise_doi(link) : std::nullopt;
}

}  // namespace vellum
