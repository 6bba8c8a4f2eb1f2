#include "tools/replay/page_frame.h"

#include <algorithm>
#include <cstdint>

#include "base/digest.h"
#include "tools/replay/style.h"

namespace vellum::replay {
namespace {

std::string base64(std::string_view bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - at);
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < count ? static_cast<unsigned char>(bytes[at + i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) out += i <= count ? kAlphabet[group >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

void add_header(Markup& page, std::string_view query) {
  page.raw(
          "<body><a class=\"skip\" href=\"#main\">Skip to content</a><header class=\"top\"><div>"
          "<a class=\"brand\" href=\"/\">Vellum</a><form role=\"search\" action=\"/\" method=\"get\">"
          "<input type=\"search\" name=\"q\" aria-label=\"Search the archive\" "
          "placeholder=\"Title words, DOI, PMID, PMCID or address\" value=\"")
      .text(query)
      .raw("\"><button>Search</button></form></div></header><main id=\"main\">");
}

}  // namespace

Reply page_reply(int status, std::string_view title, const Markup& body, std::string_view query) {
  Markup page;
  page.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>").text(title);
  page.raw(
      " · Vellum</title><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><link rel=\"icon\" href=\"/favicon.svg\"><style>");
  std::string html = page.str();
  html += style_sheet();
  Markup rest;
  rest.raw("</style></head>");
  add_header(rest, query);
  rest.add(body).raw(
      "</main><footer>Replayed from the archive on this machine; nothing is fetched from the web."
      "</footer></body></html>\n");
  Reply reply;
  reply.status = status;
  reply.body = html + rest.str();
  reply.set("Content-Type", "text/html; charset=utf-8");
  reply.set("Content-Security-Policy", own_policy());
  reply.set("Cross-Origin-Resource-Policy", "same-origin");
  return reply;
}

Reply message_reply(int status, std::string_view title, std::string_view message, const Markup& hint) {
  Markup body;
  body.raw("<h1>").text(title).raw("</h1><p class=\"measure\">").text(message).raw("</p>").add(hint);
  return page_reply(status, title, body);
}

const std::string& own_policy() {
  static const std::string policy = "default-src 'none'; style-src 'sha256-" + base64(sha256(style_sheet()).view()) +
                                    "'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
  return policy;
}

std::string_view archived_policy(std::string_view essence) {
  static constexpr std::string_view kSandboxed =
      "sandbox; default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; "
      "media-src 'self' data:; frame-src 'self'; form-action 'none'; base-uri 'none'";
  static constexpr std::string_view kFirst = "sandbox; ";
  return essence == "application/pdf" ? kSandboxed.substr(kFirst.size()) : kSandboxed;
}

void add_common_fields(Reply& reply) {
  if (reply.field("Content-Security-Policy").empty()) reply.set("Content-Security-Policy", own_policy());
  reply.set("X-Content-Type-Options", "nosniff");
  reply.set("Referrer-Policy", "same-origin");
  reply.set("X-DNS-Prefetch-Control", "off");
  reply.set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
  reply.set("Cache-Control", "private, no-cache");
}

std::string_view favicon_svg() {
  return R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect x="5" y="3" width="22" height="26" rx="3" fill="#f3ead2" stroke="#7a5c2e" stroke-width="2"/>
<path d="M10 11h12M10 16h12M10 21h8" stroke="#7a5c2e" stroke-width="2" stroke-linecap="round"/></svg>
)";
}

}  // namespace vellum::replay
