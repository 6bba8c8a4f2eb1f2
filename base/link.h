// A link out of a page, as the ledger of outbound links and DOIs keeps it.
//
// Every DOI is recorded with its place, its raw text and href and its normal form: most DOI-shaped hrefs on real pages
// are share buttons and publisher paths, so links are classified, never counted.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace vellum {

// place: where on the page. Words are those of `vellum links --json`.
inline constexpr std::string_view kLinkPlaces[] = {"reference", "body",  "self",    "similar",
                                                   "cited-by",  "share", "related", "fulltext"};

struct OutboundLink {
  std::string place;         // one of kLinkPlaces
  int n = 0;                 // position of the reference, 1-based; 0 where there is none
  std::string rel;           // record's rel: self|reference|fulltext|pdf|supplement|dataset|related|share
  std::string url;           // resolved
  std::string doi;           // normal form, "" if none
  std::string raw_text;      // as it stood on the page
  std::string raw_href;      // as it stood on the page
  std::int64_t offset = -1;  // bytes into the page's UTF-8 text, -1 unknown
  std::string rule;          // which rule found it: "pubmed.references.doi", "html.a"
};

Json to_json(const OutboundLink& link);
OutboundLink link_from_json(const Json& json);

}  // namespace vellum
