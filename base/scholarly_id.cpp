// PMID, PMCID, arXiv, ISSN and ORCID; DOIs are in doi.cpp.

#include "base/scholarly_id.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "base/url.h"

namespace vellum {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// "PMID: 123" -> "123": a label in any case, then blanks and colons.
std::string_view without_label(std::string_view text, std::string_view label) {
  text = trim(text);
  if (!starts_with_ignore_case(text, label)) return text;
  text.remove_prefix(label.size());
  while (!text.empty() && (text.front() == ':' || text.front() == ' ' || text.front() == '#')) text.remove_prefix(1);
  return text;
}

// Digits without leading zeros; nullopt for none, zero, or more than `most`.
std::optional<std::string> number(std::string_view digits, std::size_t most) {
  if (!all_digits(digits)) return std::nullopt;
  digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size()));
  return digits.empty() || digits.size() > most ? std::nullopt : std::optional(std::string(digits));
}

std::string_view leading_digits(std::string_view text) {
  return text.substr(0, std::min(text.find_first_not_of("0123456789"), text.size()));
}

// The value of a query argument, not decoded; "" if absent.
std::string_view argument(std::string_view query, std::string_view name) {
  if (query.starts_with('?')) query.remove_prefix(1);
  for (std::string_view part : split(query, '&')) {
    if (part.size() > name.size() && starts_with_ignore_case(part, name) && part[name.size()] == '=') {
      return part.substr(name.size() + 1);
    }
  }
  return {};
}

// What follows `prefix` in the path up to the next '/', if the path begins with it.
std::string_view segment_after(std::string_view path, std::string_view prefix) {
  if (!starts_with_ignore_case(path, prefix)) return {};
  path.remove_prefix(prefix.size());
  return path.substr(0, path.find('/'));
}

// True if `href` is plainly an address on a host that is none of NCBI's: most links need not be parsed to know that.
bool is_elsewhere(std::string_view href) {
  static constexpr std::array<std::string_view, 9> kHosts = {"pubmed.ncbi.nlm.nih.gov",
                                                             "www.ncbi.nlm.nih.gov",
                                                             "ncbi.nlm.nih.gov",
                                                             "www.pubmed.gov",
                                                             "pubmed.gov",
                                                             "pmc.ncbi.nlm.nih.gov",
                                                             "www.pubmedcentral.gov",
                                                             "pubmedcentral.nih.gov",
                                                             "www.pubmedcentral.nih.gov"};
  const std::size_t scheme = href.starts_with("https://") ? 8 : href.starts_with("http://") ? 7 : 0;
  if (scheme == 0) return false;
  href.remove_prefix(scheme);
  std::size_t end = 0;
  while (end < href.size() && (is_letter(href[end]) || is_digit(href[end]) || href[end] == '.' || href[end] == '-')) {
    ++end;
  }
  const bool plain = end > 0 && (end == href.size() || href[end] == '/' || href[end] == '?' || href[end] == '#');
  return plain && std::none_of(kHosts.begin(), kHosts.end(),
                               [&](std::string_view host) { return equals_ignore_case(href.substr(0, end), host); });
}

std::optional<Url> ncbi_url(std::string_view href) {
  if (is_elsewhere(href)) return std::nullopt;
  static const auto base = Url::parse("https://www.ncbi.nlm.nih.gov/");
  auto url = Url::parse(href, &*base);
  if (!url || !url->is_http()) return std::nullopt;
  return *std::move(url);
}

bool is_ncbi_host(std::string_view host) {
  return host == "www.ncbi.nlm.nih.gov" || host == "ncbi.nlm.nih.gov";
}

std::optional<std::string> pmid_of_url(const Url& url) {
  const std::string host = url.hostname(), path = url.pathname(), query = url.search();
  const std::string term = percent_decode(argument(query, "term"));
  if (host == "pubmed.ncbi.nlm.nih.gov") {
    if (const auto pmid = number(segment_after(path, "/"), 8)) return pmid;
    return path == "/" ? number(term, 8) : std::nullopt;
  }
  if (!is_ncbi_host(host) && host != "www.pubmed.gov" && host != "pubmed.gov") return std::nullopt;
  for (std::string_view prefix : {"/pubmed/", "/m/pubmed/", "/labs/pubmed/"}) {
    // Labs put the title behind: "/labs/pubmed/30526772-cellular-senescence-in-cancer/".
    const std::string_view segment = segment_after(path, prefix);
    const std::string_view digits = leading_digits(segment);
    if (digits.size() == segment.size() || segment[digits.size()] == '-') {
      if (const auto pmid = number(digits, 8)) return pmid;
    }
  }
  if (!is_ncbi_host(host)) return number(segment_after(path, "/"), 8);
  if (path == "/pubmed" || path == "/pubmed/") return number(term, 8);
  const bool entrez =
      starts_with_ignore_case(path, "/entrez/query.fcgi") || starts_with_ignore_case(path, "/sites/entrez");
  if (!entrez) return std::nullopt;
  const std::string_view uids = argument(query, "list_uids");
  return number(uids.empty() ? argument(query, "uid") : uids, 8);
}

// ISO 7064 MOD 11-2 over the digits before the last.
char orcid_check(std::string_view digits) {
  int total = 0;
  for (char c : digits) total = (total + (c - '0')) * 2 % 11;
  const int check = (12 - total) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

char issn_check(std::string_view digits) {
  int sum = 0;
  for (std::size_t i = 0; i < 7; ++i) sum += (digits[i] - '0') * static_cast<int>(8 - i);
  const int check = (11 - sum % 11) % 11;
  return check == 10 ? 'X' : static_cast<char>('0' + check);
}

// The groups of four that `text` holds first, hyphens or nothing between them: "1976-6696" -> "19766696". The last
// character may be X. "" if there are none, or if digits stand on either side.
std::string grouped(std::string_view text, std::size_t length) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_digit(text[at]) || (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '-'))) continue;
    std::string digits;
    std::size_t end = at;
    while (end < text.size() && digits.size() < length) {
      const char c = text[end];
      const bool is_hyphen = c == '-' && !digits.empty() && digits.size() % 4 == 0;
      const bool is_x = (c | 0x20) == 'x' && digits.size() == length - 1;
      if (!is_digit(c) && !is_hyphen && !is_x) break;
      if (!is_hyphen) digits += is_x ? 'X' : c;
      ++end;
    }
    const bool bounded = end == text.size() || !(is_digit(text[end]) || is_letter(text[end]) || text[end] == '-');
    if (digits.size() == length && bounded) return digits;
    at = std::max(at, end - 1);
  }
  return {};
}

// "1706.03762", "hep-th/9901001", "math.GT/0309136", with or without "v5".
bool is_arxiv_number(std::string_view id) {
  const std::size_t v = id.rfind('v');
  if (v != std::string_view::npos && v > 0 && is_digit(id[v - 1])) {
    if (!all_digits(id.substr(v + 1))) return false;
    id = id.substr(0, v);
  }
  const std::size_t slash = id.find('/');
  if (slash == std::string_view::npos) {
    const std::size_t tail = id.size() < 5 ? 0 : id.size() - 5;
    return id.size() > 4 && id[4] == '.' && all_digits(id.substr(0, 4)) && all_digits(id.substr(5)) &&
           (tail == 4 || tail == 5);
  }
  const std::string_view archive = id.substr(0, slash);
  return id.size() == slash + 8 && all_digits(id.substr(slash + 1)) && archive.size() >= 2 && archive.size() <= 20 &&
         std::all_of(archive.begin(), archive.end(), [](char c) { return is_letter(c) || c == '-' || c == '.'; });
}

}  // namespace

std::optional<std::string> normalise_pmid(std::string_view text) {
  return number(trim(without_label(text, "pmid")), 8);
}

std::optional<std::string> normalise_pmcid(std::string_view text) {
  std::string_view id = without_label(without_label(text, "pmcid"), "pmc");
  id = trim(id);
  const std::string_view digits = leading_digits(id);
  const std::string_view version = id.substr(digits.size());
  if (!version.empty() && !(version.front() == '.' && all_digits(version.substr(1)))) return std::nullopt;
  const auto value = number(digits, 9);
  return value ? std::optional("PMC" + *value) : std::nullopt;
}

std::optional<std::string> pmid_of_link(std::string_view href) {
  const auto url = ncbi_url(href);
  return url ? pmid_of_url(*url) : std::nullopt;
}

std::optional<std::string> pmcid_of_link(std::string_view href) {
  const auto url = ncbi_url(href);
  if (!url) return std::nullopt;
  const std::string host = url->hostname(), path = url->pathname();
  const bool is_pmc = host == "pmc.ncbi.nlm.nih.gov";
  const bool is_old =
      host == "www.pubmedcentral.nih.gov" || host == "pubmedcentral.nih.gov" || host == "www.pubmedcentral.gov";
  if (!is_pmc && !is_old && !is_ncbi_host(host)) return std::nullopt;
  for (std::string_view prefix : {"/articles/", "/pmc/articles/", "/labs/pmc/articles/"}) {
    if (prefix == "/articles/" && !is_pmc) continue;
    if (const auto pmcid = normalise_pmcid(segment_after(path, prefix))) return pmcid;
  }
  if (path.find("articlerender.fcgi") == std::string::npos && path.find("picrender.fcgi") == std::string::npos)
    return std::nullopt;
  return normalise_pmcid(argument(url->search(), "artid"));
}

std::optional<std::string> normalise_arxiv(std::string_view text) {
  std::string_view id = trim(text);
  for (std::string_view scheme : {"https://", "http://"}) {
    if (starts_with_ignore_case(id, scheme)) id.remove_prefix(scheme.size());
  }
  for (std::string_view host : {"www.arxiv.org/", "export.arxiv.org/", "arxiv.org/"}) {
    if (!starts_with_ignore_case(id, host)) continue;
    id.remove_prefix(host.size());
    id.remove_prefix(std::min(id.find('/'), id.size() - 1) + 1);  // abs, pdf, html, format
    id = id.substr(0, id.find_first_of("?#"));
    if (id.ends_with(".pdf")) id.remove_suffix(4);
  }
  // arXiv's own DOIs hold the number.
  for (std::string_view label : {"doi:", "10.48550/"}) {
    if (starts_with_ignore_case(id, label)) id.remove_prefix(label.size());
  }
  id = without_label(id, "arxiv");
  if (id.starts_with('.')) id.remove_prefix(1);
  id = id.substr(0, id.find_first_of(" \t["));  // "arXiv:1706.03762v5 [cs.CL]"
  return is_arxiv_number(id) ? std::optional(std::string(id)) : std::nullopt;
}

std::optional<std::string> normalise_issn(std::string_view text) {
  const std::string digits = grouped(text, 8);
  if (digits.empty() || issn_check(digits) != digits.back()) return std::nullopt;
  return digits.substr(0, 4) + "-" + digits.substr(4);
}

std::optional<std::string> normalise_orcid(std::string_view text) {
  const std::string digits = grouped(text, 16);
  if (digits.empty() || orcid_check(std::string_view(digits).substr(0, 15)) != digits.back()) return std::nullopt;
  return digits.substr(0, 4) + "-" + digits.substr(4, 4) + "-" + digits.substr(8, 4) + "-" + digits.substr(12);
}

}  // namespace vellum
