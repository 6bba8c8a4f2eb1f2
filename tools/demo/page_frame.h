// The parts that pages of one host share: head, header, footer, and small pieces of markup.
//
// Structure, element ids and class names follow the real sites, because plugins go by them; the wording and everything
// else is the demo's own.
//
// Threads: any; pure.

#pragma once

#include <string>
#include <string_view>

#include "tools/demo/noise.h"

namespace vellum::demo {

// Everything on the demo site is plain http, so that it can be crawled through it as a proxy.
inline constexpr std::string_view kPubmedOrigin = "http://pubmed.ncbi.nlm.nih.gov";
inline constexpr std::string_view kPmcOrigin = "http://pmc.ncbi.nlm.nih.gov";
inline constexpr std::string_view kWwwOrigin = "http://www.ncbi.nlm.nih.gov";
inline constexpr std::string_view kCdnOrigin = "http://cdn.ncbi.nlm.nih.gov";

struct Head {
  std::string title;      // plain text
  std::string meta;       // further elements, as markup
  std::string canonical;  // "" for none
};

// A whole PubMed page around `body`.
std::string pubmed_frame(const Head& head, const Noise& noise, std::string_view body);
// A whole PMC page around `body`.
std::string pmc_frame(const Head& head, const Noise& noise, std::string_view body);

// <meta name="..." content="...">, content escaped; nothing for empty content.
std::string meta_tag(std::string_view name, std::string_view content);
// Percent-encoding for a query value, spaces as "+".
std::string query_escape(std::string_view text);
// The hidden form field that changes on every load.
std::string csrf_field(const Noise& noise);

}  // namespace vellum::demo
