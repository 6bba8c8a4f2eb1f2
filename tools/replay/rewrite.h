// Leads a page's own links back into the archive, and changes nothing else.
//
// A replayed page is served from a sandboxed, opaque origin: browsers send no Referer from there, so links cannot be
// mended after the fact, and a Content-Security-Policy stops neither <link rel=preconnect> nor a click. So the start
// tags of a page are scanned as the HTML tokenizer reads them, and in them
//   - every URL that resolves to http(s) becomes /web/<time>/<url>;
//   - connection hints (preconnect, prefetch, preload, ...) leave a <link>'s rel;
//   - what would break the replay (ping, integrity, crossorigin, target, meta refresh, meta policies, <base>) is
//   renamed
//     to data-vellum-*.
// Scripts are left as they are; they never run. The policy header is the wall, this is only for the reader's comfort: a
// page that fools the scanner is shown with a missing image, not with a leak.
//
// Cost: one pass, linear in the page. Threads: any; pure functions.
// Spec: https://html.spec.whatwg.org section 13.2.5 (tokenization); CSS Syntax 3 (url tokens, strings)

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/url.h"

namespace vellum::replay {

struct RewriteContext {
  Url page;          // the capture's address
  std::string time;  // 14 digits
};

// `utf8` is the page's text in UTF-8.
std::string rewrite_html(std::string_view utf8, const RewriteContext& context);
// The same for XHTML and SVG: tags may carry a prefix, and no element's content is raw text. nullopt where entities are
// declared, since markup can hide in them: such a document is not to be rendered.
std::optional<std::string> rewrite_xml(std::string_view utf8, const RewriteContext& context);
// url(...) and @import of a style sheet.
std::string rewrite_css(std::string_view css, const RewriteContext& context);
// "/web/<time>/<resolved>", fragment kept; nullopt for what stays as it is: fragments of the same page, data:, mailto:,
// javascript:, and what is no URL.
std::optional<std::string> replay_path(std::string_view reference, const RewriteContext& context);

}  // namespace vellum::replay
