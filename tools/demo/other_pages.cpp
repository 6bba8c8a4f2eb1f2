#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "tools/demo/page_frame.h"
#include "tools/demo/page_templates.h"
#include "tools/demo/pubmed_parts.h"
#include "tools/demo/words.h"

namespace vellum::demo {
namespace {

std::string list_url(std::string_view term, std::size_t page) {
  auto url = "/?term=" + query_escape(term);
  return page > 1 ? url + fmt::format("&amp;page={}", page) : url;
}

std::string paging(std::string_view term, std::size_t page, std::size_t pages) {
  auto link = [&](const char* rel, const char* text, std::size_t to) {
    return fmt::format("  <a rel=\"{}\" class=\"page-link {}-page-link\" href=\"{}\">{}</a>\n", rel, rel,
                       list_url(term, to), text);
  };
  return fmt::format("<div class=\"results-pages\"><span class=\"of-total-pages\">Page {} of {}</span>\n", page,
                     pages) +
         (page > 1 ? link("prev", "Previous page", page - 1) : "") +
         (page < pages ? link("next", "Next page", page + 1) : "") + "</div>\n";
}

// Every page of the result list of every topic: so that no article is far from the front page.
std::string browse_list(std::size_t articles) {
  std::string items;
  auto pages = std::min<std::size_t>(articles / topics().size() / kResultsPerPage + 1, 40);
  for (const auto& topic : topics()) {
    items += "  <li>" + escape_html(topic.mesh) + ":";
    for (std::size_t page = 1; page <= pages; ++page) {
      items += fmt::format(" <a href=\"{}\">{}</a>", list_url(fmt::format("\"{}\"[MeSH]", topic.mesh), page), page);
    }
    items += "</li>\n";
  }
  return "<h2>Browse</h2>\n<ul class=\"browse\">\n" + items + "</ul>\n";
}

Head plain_head(std::string title) {
  return {std::move(title), meta_tag("robots", "noindex"), ""};
}

}  // namespace

std::string result_list_page(std::string_view term, const std::vector<const Article*>& found, std::size_t page,
                             const Noise& noise) {
  auto pages = std::max<std::size_t>(1, (found.size() + kResultsPerPage - 1) / kResultsPerPage);
  page = std::clamp<std::size_t>(page, 1, pages);
  auto first = (page - 1) * kResultsPerPage, last = std::min(found.size(), first + kResultsPerPage);
  std::string items, ids;
  for (auto i = first; i < last; ++i) {
    items += fmt::format("  <article class=\"full-docsum\" data-rel-pos=\"{}\">{}</article>\n", i - first + 1,
                         docsum(*found[i], Look::kPubmed2020, "result_click", i + 1));
    ids += (ids.empty() ? "" : ",") + found[i]->pmid;
  }
  Head head{fmt::format("{} - Search Results - PubMed", term),
            meta_tag("ncbi_pdid", "searchresult") + meta_tag("log_displayeduids", ids) +
                meta_tag("log_resultcount", std::to_string(found.size())) +
                meta_tag("ncbi_pageno", std::to_string(page)),
            ""};
  auto body = fmt::format(R"(<main class="search-page" id="search-page">
<div class="results-amount-container"><div class="results-amount">
  <h3><span class="value">{}</span> results</h3></div></div>
<div class="search-results-list"><section class="search-results-chunks">
<div class="search-results-chunk results-chunk" data-page-number="{}">
{}</div></section></div>
{}</main>
)",
                          found.size(), page, items, paging(term, page, pages));
  return pubmed_frame(head, noise, body);
}

std::string front_page(const Site& site, const Noise& noise) {
  std::string items;
  const auto& articles = site.articles();
  for (std::size_t i = 0; i < 5; ++i) {
    items += "<li class=\"full-docsum\">" +
             docsum(articles[i * articles.size() / 5], Look::kPubmed2020, "trending", i + 1) + "</li>\n";
  }
  return pubmed_frame(plain_head("PubMed (demo)"), noise,
                      "<main><h1>A demo of PubMed</h1><p>Made-up articles for trying out a crawler.</p>\n"
                      "<ul class=\"trending-articles\">\n" +
                          items + "</ul>\n" + browse_list(articles.size()) + "</main>\n");
}

std::string help_page(const Noise& noise) {
  return pubmed_frame(plain_head("Help - PubMed (demo)"), noise,
                      fmt::format(R"(<main><h1>Help</h1>
<p>This site is served by vellum-demo-site. Nothing on it is real but the first article.</p>
<p>The first article <a href="{2}/?term={0}">by search</a> and
<a href="{1}/pubmed/{0}">under its old address</a>.</p></main>
)",
                                  kStartPmid, kWwwOrigin, kPubmedOrigin));
}

std::string not_found_page(const Noise& noise) {
  return pubmed_frame(
      plain_head("Page not found - PubMed"), noise,
      "<main id=\"error-page\"><h1>Page not found</h1><p>There is nothing at this address.</p></main>\n");
}

std::string blocked_page(const Noise& noise) {
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en"><head><title>NCBI - WWW Error Blocked Diagnostic</title>{}</head>
<body><h1>Access Denied</h1>
<p class="note">Your access to this site has been temporarily blocked, because too many requests came from your address
in a short time. This is a demo of such a page: nobody is really blocked.</p>
<p>Diagnostic: <code>{}</code>, client <code>{}</code></p></body></html>
)",
                     meta_tag("robots", "noindex"), noise.request_id, noise.session);
}

std::string captcha_page(const Noise& noise) {
  return fmt::format(R"(<!DOCTYPE html>
<html lang="en"><head><title>Checking your browser - reCAPTCHA</title>{}</head>
<body><h1>Checking your browser before accessing pubmed.ncbi.nlm.nih.gov ...</h1>
<form method="POST" id="challenge-form">{}
<div class="g-recaptcha" data-sitekey="demo-key-that-opens-nothing" data-size="invisible"></div></form>
<p>This is a demo of such a page. <span class="ray">{}</span></p></body></html>
)",
                     meta_tag("robots", "noindex"), csrf_field(noise), noise.request_id);
}

}  // namespace vellum::demo
