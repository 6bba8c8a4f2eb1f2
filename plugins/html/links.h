// What a page points at: where a crawl goes next, and what the page needs to be shown.
//
// Threads: any. Spec: https://html.spec.whatwg.org (a, area, link, base, srcset, meta refresh), CSS url() and @import

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"
#include "plugins/html/document.h"

namespace vellum::html {

enum class LinkKind { kHyperlink, kRequisite, kRefresh, kForm, kCanonical, kAlternate };

struct PageLink {
  Url url;  // resolved against <base>, fragment kept
  LinkKind kind;
  std::string tag;           // "a", "img", "link", ...
  std::string attribute;     // "href", "srcset", "style", ...
  std::string rel;           // lower case
  std::string text;          // of hyperlinks, folded, at most 1000 bytes
  std::string raw_href;      // as on the page, entities undone
  std::int64_t offset = -1;  // start tag in Document::source()
};

// Every http(s) link in document order, duplicates kept; javascript:, mailto:, data: and broken ones left out.
// Requisites: style sheets, images (src, srcset, poster), icons, fonts and images of inline styles, scripts.
std::vector<PageLink> links(const Document& page, const Url& address);

// url(...) and @import of a style sheet, resolved.
std::vector<Url> css_links(std::string_view css, const Url& address);

// robots directives of a page: <meta name="robots"|agent> content, lower case tokens ("noarchive", "nofollow", ...).
std::vector<std::string> robots_directives(const Document& page);

}  // namespace vellum::html
