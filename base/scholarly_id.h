// Recognising DOIs, PMIDs, PMCIDs, arXiv ids, ISSNs, ORCIDs in text and in links.
//
// A DOI is kept in three shapes: the text as it stood, where it stood, and the normal form (lower case, no resolver, no
// trailing punctuation, percent-decoded, entities undone, SICI characters kept). Linear time on any input.
//
//   find_dois("see (10.1016/0014-4827(61)90192-6).")   -> {"10.1016/0014-4827(61)90192-6", text, offset 5}
//   normalise_doi("https://doi.org/10.1002%2FABC")     -> "10.1002/abc"
//   normalise_doi("10.1130/!).")                       -> nullopt
//
// Threads: any. Source: DOI Handbook section 2; ISO 26324; the rules are listed in doi.cpp.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vellum {

struct FoundDoi {
  std::string doi;         // normal form
  std::string text;        // as it stood, after trimming
  std::size_t offset = 0;  // bytes into the input
};

// Every DOI in free text, in order of appearance. Finds bare DOIs, doi:, urn:doi:, info:doi/, resolver links and DOIs
// in other URLs alike, each without query, fragment and well-known publisher path tails ("/abstract", "/full", "/pdf",
// bioRxiv "v3.full"). What is visibly damaged (an en dash for a hyphen, a blank inside) is left out, not guessed at.
std::vector<FoundDoi> find_dois(std::string_view text);

// The one DOI that a string which should hold one means (a meta tag, a href, a field): the first that find_dois would
// find, but a string that begins with "10.123/" counts although no "doi:" announces it.
std::optional<std::string> normalise_doi(std::string_view text);

// The DOI of a link, only if the link resolves it (doi.org, dx.doi.org, and their proxies by host name);
// publisher paths and share buttons give nullopt here.
std::optional<std::string> doi_of_resolver_link(std::string_view href);

// Digits only, no leading zeros, at most 8 digits. "PMID: 30526772" -> "30526772".
std::optional<std::string> normalise_pmid(std::string_view text);
// "PMC6386229", upper case; versions (".1") dropped. Bare digits are accepted.
std::optional<std::string> normalise_pmcid(std::string_view text);
// PMID / PMCID of a link to PubMed or PMC, old and new addresses; nullopt for others.
std::optional<std::string> pmid_of_link(std::string_view href);
std::optional<std::string> pmcid_of_link(std::string_view href);
// "arXiv:1706.03762v5" -> "1706.03762v5"; old form "hep-th/9901001".
std::optional<std::string> normalise_arxiv(std::string_view text);
// "1976-6696" with a right check digit; hyphen put in, x upper-cased.
std::optional<std::string> normalise_issn(std::string_view text);
// "0000-0002-1825-0097" with a right ISO 7064 check digit, from text or https://orcid.org/ link.
std::optional<std::string> normalise_orcid(std::string_view text);

}  // namespace vellum
