// Three keys, three meanings. Never use one for another.
//
//   exact URL   Url::href()        what was asked for and what a capture says
//   seen key    seen_key(url)      "have we queued this?": canonical by rules that carry a version
//   replay key  surt(url)          "which captures answer this?": SURT as CDX files sort it
//
// and politeness needs a fourth word, the registrable domain.
//
// Threads: any. Spec: SURT as in IIPC urlcanon / webarchive-commons; Public Suffix List through libpsl.

#pragma once

#include <string>
#include <string_view>

#include "base/url.h"

namespace vellum {

// Rules version 1: no fragment; host lower-case; empty path "/"; default port dropped (all done by parsing); query
// arguments kept in order, an empty query dropped; session ids dropped from path parameters and query: jsessionid,
// phpsessid, cfid, cftoken, aspsessionid*, and sid where its value is 32 letters and digits. http and https stay apart.
std::string seen_key(const Url& url);
inline constexpr int kSeenKeyRules = 1;

// "https://www.example.org:8080/a/?b=2&a=1#f" -> "org,example:8080)/a?a=1&b=2". As the CDX and CDXJ files of pywb and
// the Internet Archive have it (their `surt` library; agreement measured in tests/base/surt_real_test.cpp):
//   - scheme, user, fragment, default port and a first label www\d* go; the host is reversed, addresses too; http and
//     https are the same;
//   - percent-encoding is undone until nothing is left to undo, then put back for controls, space, '#', '%' and
//   non-ASCII;
//   - dot segments and doubled slashes of the path are folded, its last slash goes (but "/" stays);
//   - all is lower-case, query arguments are sorted by name and value, an empty query goes;
//   - sessions go from the query (jsessionid, phpsessid, sid with 32 characters; aspsessionid*; cfid with cftoken) and,
//     where a page is .aspx, from the path. ";jsessionid=" in a path stays, as it does there.
// URLs without a host keep scheme and path: "urn:x" -> "urn:x".
std::string surt(const Url& url);

// "pubmed.ncbi.nlm.nih.gov" -> "nih.gov"; an address, "localhost" or a bare public suffix -> itself.
std::string registrable_domain(std::string_view hostname);

// True if the glob (only '*' is special, matching any run including dots; "*.x.org" also matches "x.org") matches.
bool host_glob_matches(std::string_view glob, std::string_view hostname);

}  // namespace vellum
