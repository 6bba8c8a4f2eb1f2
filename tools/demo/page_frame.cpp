#include "tools/demo/page_frame.h"

#include <fmt/format.h>

#include "base/text.h"

namespace vellum::demo {
namespace {

std::string pubmed_head(const Head& head, const Noise& noise) {
  auto assets = fmt::format("{}/pubmed/{}", kCdnOrigin, noise.deployment);
  auto canonical =
      head.canonical.empty() ? "" : fmt::format("  <link rel=\"canonical\" href=\"{}\" />\n", head.canonical);
  return fmt::format(R"(<head itemscope itemtype="http://schema.org/WebPage" prefix="og: http://ogp.me/ns#">
  <meta charset="UTF-8">
  <meta name="viewport" content="width=device-width, initial-scale=1.0">
  <link rel="preconnect" href="{cdn}">
  <link rel="stylesheet" href="{assets}/CACHE/css/output.base.css" type="text/css">
  <link rel="stylesheet" href="{assets}/CACHE/css/output.article.css" type="text/css">
  <title>{title}</title>
  <link rel="shortcut icon" type="image/ico" href="{cdn}/coreutils/nwds/img/favicons/favicon.ico" />
  <link rel="icon" type="image/png" href="{cdn}/coreutils/nwds/img/favicons/favicon.png" />
  <meta name="ncbi_app" content="pubmed" />
  <meta name="ncbi_db" content="pubmed" />
  <meta name="ncbi_phid" content="{request}" />
  <meta name="log_category" content="literature" />
{meta}{canonical}</head>
)",
                     fmt::arg("cdn", kCdnOrigin), fmt::arg("assets", assets),
                     fmt::arg("title", escape_html(head.title)), fmt::arg("request", noise.request_id),
                     fmt::arg("meta", head.meta), fmt::arg("canonical", canonical));
}

std::string pubmed_header(const Noise& noise) {
  return fmt::format(R"(
<a class="usa-skipnav" href="#article-details">Skip to main page content</a>
<header class="ncbi-header" role="banner" data-section="Header">
  <div class="ncbi-header__logo"><a href="{www}/" class="logo" aria-label="NCBI Logo">
    <img src="{www}/coreutils/nwds/img/logos/AgencyLogo.svg" alt="Demo of an NCBI page" /></a></div>
  <div class="ncbi-popup account-popup" id="account_popup" aria-hidden="true">
    <a id="account_myncbi" href="{pubmed}/myncbi/" class="set-base-url">Dashboard</a>
    <a id="account_settings" href="{pubmed}/myncbi/settings/" class="set-base-url">Account settings</a>
  </div>
</header>
<div role="navigation" aria-label="access keys">
  <a href="{www}/guide/" class="usa-sr-only" accesskey="0" tabindex="-1">Access keys</a>
  <a href="{www}/" class="usa-sr-only" accesskey="1" tabindex="-1">NCBI Homepage</a>
  <a href="{pubmed}/myncbi/" class="set-base-url usa-sr-only" accesskey="2" tabindex="-1">MyNCBI Homepage</a>
  <a href="#maincontent" class="usa-sr-only" accesskey="3" tabindex="-1">Main Content</a>
  <a href="#" class="usa-sr-only" accesskey="4" tabindex="-1">Main Navigation</a>
</div>
<a id="maincontent" aria-label="Main page content below" role="navigation"></a>
{csrf}
<form action="/" method="get" autocomplete="off" class="usa-search search-form" id="search-form" role="search">
  <a class="pubmed-logo" aria-label="Pubmed Logo" href="/">
    <img src="{cdn}/pubmed/images/logo.svg" alt="demo logo" /></a>
  <label class="usa-sr-only" for="id_term">Search:</label>
  <input type="search" name="term" class="term-input" id="id_term">
  <button type="submit" class="search-btn">Search</button>
</form>
)",
                     fmt::arg("www", kWwwOrigin), fmt::arg("pubmed", kPubmedOrigin), fmt::arg("cdn", kCdnOrigin),
                     fmt::arg("csrf", csrf_field(noise)));
}

std::string footer(const Noise& noise) {
  return fmt::format(R"(
<div id="ncbi-footer"><footer>
  <p class="literature-footer-text"><a href="{www}/guide/">About this demo</a> |
  <a href="{pubmed}/help/retired-tutorial/">Tutorial</a>
  | <a href="{pubmed}/help/">Help</a></p>
  <p class="usage-counter">Pages served: <span id="page-counter">{load}</span></p>
</footer></div>
<script src="{cdn}/pubmed/{build}/CACHE/js/output.bundle.js"></script>
<script>
  window.demoPage = {{ "requestId": "{request}", "csrf": "{csrf}", "served": {load}, "build": "{build}" }};
</script>
)",
                     fmt::arg("www", kWwwOrigin), fmt::arg("pubmed", kPubmedOrigin), fmt::arg("cdn", kCdnOrigin),
                     fmt::arg("load", noise.load), fmt::arg("build", noise.build),
                     fmt::arg("request", noise.request_id), fmt::arg("csrf", noise.csrf));
}

}  // namespace

std::string pubmed_frame(const Head& head, const Noise& noise, std::string_view body) {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n" + pubmed_head(head, noise) + "<body>\n" + pubmed_header(noise);
  page += body;
  return page + footer(noise) + "</body>\n</html>\n";
}

std::string pmc_frame(const Head& head, const Noise& noise, std::string_view body) {
  std::string page = fmt::format(R"(<!DOCTYPE html>
<html lang="en">
<head>
  <meta charset="UTF-8" />
  <meta name="viewport" content="width=device-width, initial-scale=1.0" />
  <link rel="stylesheet" href="/static/assets/style-base.css" />
  <link rel="icon" type="image/png" sizes="48x48" href="/static/img/favicons/favicon-48x48.png" />
  <title>{title}</title>
  <meta name="ncbi_app" content="cloudpmc-viewer" />
  <meta name="ncbi_db" content="pmc" />
  <meta name="ncbi_phid" content="{request}" />
  <meta name="ncbi_pdid" content="article" />
  <link rel="canonical" href="{canonical}">
{meta}</head>
<body>
<a class="usa-skipnav" href="#main-content">Skip to main content</a>
<header class="ncbi-header"><a href="/" class="logo">Demo of PMC</a></header>
)",
                                 fmt::arg("title", escape_html(head.title)), fmt::arg("request", noise.request_id),
                                 fmt::arg("canonical", head.canonical), fmt::arg("meta", head.meta));
  page += body;
  return page + csrf_field(noise) + footer(noise) + "</body>\n</html>\n";
}

std::string meta_tag(std::string_view name, std::string_view content) {
  if (content.empty()) return "";
  return fmt::format("  <meta name=\"{}\" content=\"{}\">\n", name, escape_html(content));
}

std::string query_escape(std::string_view text) {
  std::string escaped;
  for (char c : text) {
    bool plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (plain)
      escaped += c;
    else if (c == ' ')
      escaped += '+';
    else
      escaped += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

std::string csrf_field(const Noise& noise) {
  return fmt::format("<input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"{}\">\n", noise.csrf);
}

}  // namespace vellum::demo
