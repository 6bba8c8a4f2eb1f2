#include <fmt/format.h>

#include "base/text.h"
#include "tools/demo/page_frame.h"
#include "tools/demo/page_templates.h"
#include "tools/demo/pubmed_parts.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

std::string article_url(const Article& article) {
  return fmt::format("{}/{}/", kPubmedOrigin, article.pmid);
}

// "pmid:…, PMC…, doi:…, publication types, subject headings".
std::string packed_keywords(const Article& article) {
  std::string packed = "pmid:" + article.pmid;
  if (!article.pmcid.empty()) packed += ", " + article.pmcid;
  if (!article.doi.empty()) packed += ", doi:" + article.doi;
  for (const auto& type : article.publication_types) packed += ", " + type;
  for (const auto& mesh : article.mesh) packed += ", " + mesh.term + (mesh.major ? "*" : "");
  return packed;
}

std::string citation_meta(const Article& article) {
  std::string names;
  for (const auto& author : article.authors) names += author.short_name() + ";";
  return meta_tag("citation_title", plain_text(article.title_html)) + meta_tag("citation_authors", names) +
         meta_tag("citation_date", article.date_text()) +
         meta_tag("citation_publisher", article.journal->abbreviation) +
         meta_tag("citation_journal_title", article.journal->title) + meta_tag("citation_pmid", article.pmid) +
         meta_tag("citation_abstract_html_url", article_url(article)) + meta_tag("citation_volume", article.volume) +
         meta_tag("citation_issue", article.issue) + meta_tag("citation_doi", article.doi) +
         meta_tag("citation_issn", article.journal->issn);
}

std::string article_meta(const Article& article) {
  auto title = plain_text(article.title_html) + " - PubMed";
  std::string description;
  if (!article.abstract.empty()) description = plain_text(article.abstract.front().html).substr(0, 200);
  description = description.substr(0, description.rfind(' '));
  auto uid_names = article.look == Look::kLabs2019
                       ? meta_tag("ncbi_article_id", article.pmid) + meta_tag("ncbi_uidlist", article.pmid)
                       : meta_tag("uid", article.pmid) + meta_tag("ncbi_uid", article.pmid);
  auto property = [](std::string_view name, std::string_view content) {
    return fmt::format("  <meta property=\"{}\" content=\"{}\">\n", name, escape_html(content));
  };
  return meta_tag("ncbi_pdid", "abstract") + uid_names + meta_tag("log_displayeduids", article.pmid) +
         meta_tag("description", description) + meta_tag("keywords", packed_keywords(article)) +
         meta_tag("robots", "index,nofollow,noarchive") + property("og:title", title) +
         property("og:url", article_url(article)) + property("og:site_name", "PubMed") + citation_meta(article);
}

std::string full_text_links(const Article& article) {
  std::string links;
  if (!article.doi.empty()) {
    links += fmt::format(
        "        <a class=\"link-item dialog-focus\" href=\"https://journals.example.org/doi/{}?url_ver=demo\" "
        "data-ga-action=\"Demo Press\"><span class=\"text\">Demo Press</span></a>\n",
        escape_html(article.doi));
  }
  if (!article.pmcid.empty()) {
    links += fmt::format(
        "        <a class=\"link-item pmc\" href=\"{}/pmc/articles/{}/\" data-ga-action=\"PMC\"><span "
        "class=\"text\">Free PMC article</span></a>\n",
        kWwwOrigin, article.pmcid);
  }
  if (links.empty()) return "";
  return "    <div class=\"full-text-links\"><h3 class=\"title\">Full text links</h3>\n      <div "
         "class=\"full-text-links-list\">\n" +
         links + "      </div></div>\n";
}

// Share buttons: addresses with a DOI in them that cite nothing.
std::string share_links(const Article& article) {
  auto target = query_escape(article.doi.empty() ? article_url(article) : "https://doi.org/" + article.doi);
  return fmt::format(R"(    <div class="social-sharing"><h3 class="title">Share</h3>
      <ul class="social-sharing-links usa-unstyled-list">
        <li><a href="https://twitter.com/intent/tweet?text={text}&amp;url={url}"
               class="share-link share-link-twitter">Twitter</a></li>
        <li><a href="https://www.facebook.com/sharer/sharer.php?u={url}"
               class="share-link share-link-facebook">Facebook</a></li>
        <li><div class="share-permalink"><input type="text" class="permalink-text" value="{self}"></div></li>
      </ul></div>
)",
                     fmt::arg("text", query_escape(plain_text(article.title_html))), fmt::arg("url", target),
                     fmt::arg("self", article_url(article)));
}

}  // namespace

std::string article_sidebar(const Article& article) {
  std::string items;
  for (const char* id : {"heading", "abstract", "similar", "citedby", "references"}) {
    items += fmt::format("        <li class=\"{0}\"><a href=\"#{0}\" data-ga-category=\"page_nav\">{0}</a></li>\n", id);
  }
  return "<aside class=\"page-sidebar\"><div class=\"inner-wrap\">\n" + full_text_links(article) +
         share_links(article) +
         "    <nav class=\"page-navigator\"><h3 class=\"title\">Page navigation</h3>\n      <ul "
         "class=\"items-list\">\n" +
         items + "      </ul></nav>\n</div></aside>\n";
}

std::string pubmed_article_page(const Site& site, const Article& article, const Noise& noise) {
  Head head{plain_text(article.title_html) + " - PubMed", article_meta(article), article_url(article)};
  std::string body =
      "<div class=\"article-page\" id=\"article-page\">\n" + article_sidebar(article) +
      "<main class=\"article-details\" id=\"article-details\">\n" + article_heading(article) +
      "<div class=\"actions-buttons inline\"><button class=\"citation-button\" data-all-citations-url=\"/" +
      article.pmid + "/citations/\">Cite</button>" + csrf_field(noise) + "</div>\n" + abstract_section(article) +
      conflict_section(article) + figures_section(article) + similar_section(site, article) +
      cited_by_section(site, article) + references_section(article) + keyword_sections(article) +
      related_sections(article) + "</main>\n</div>\n";
  return pubmed_frame(head, noise, body);
}

}  // namespace vellum::demo
