#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "tools/demo/page_frame.h"
#include "tools/demo/page_templates.h"
#include "tools/demo/pubmed_parts.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

std::string reference_link(std::string_view href, std::string_view action, std::string_view text) {
  return fmt::format(
      " - <a class=\"reference-link\" target=\"_blank\" rel=\"noopener\" href=\"{}\" data-ga-category=\"reference\" "
      "data-ga-action=\"{}\">{}</a>",
      escape_html(href), escape_html(action), text);
}

std::string reference_item(const Reference& reference) {
  std::string links;
  if (!reference.doi.empty()) links += reference_link("https://doi.org/" + reference.doi, "DOI", "DOI");
  if (!reference.pmcid.empty())
    links += reference_link(fmt::format("{}/pmc/articles/{}/", kWwwOrigin, reference.pmcid), "PMC", "PMC");
  if (!reference.pmid.empty()) links += reference_link("/" + reference.pmid + "/", reference.pmid, "PubMed");
  return fmt::format(
      R"(        <li class="skip-numbering" value="1"><ol class="references-and-notes-list">
          <li class="skip-numbering" value="1">
          {}{}
        </li></ol></li>
)",
      escape_html(reference.text), links);
}

std::string articles_list(const Site& site, const std::vector<std::size_t>& members, Look look, std::string_view id,
                          std::string_view category) {
  std::string items;
  for (std::size_t i = 0; i < std::min(members.size(), kInlineSimilar); ++i) {
    items += fmt::format("    <li class=\"{}full-docsum\">{}</li>\n", look == Look::kLabs2019 ? "labs-" : "",
                         docsum(site.articles()[members[i]], look, category, i + 1));
  }
  return fmt::format("  <ul class=\"articles-list\" id=\"{}\">\n{}  </ul>\n", id, items);
}

std::string cited_by_heading(const Article& article) {
  auto count = article.cited_by.size();
  if (article.look == Look::kLabs2019) {
    return fmt::format("<h2 class=\"title\">Cited by <em class=\"amount\">{}</em> PubMed Central article{}</h2>", count,
                       count == 1 ? "" : "s");
  }
  return fmt::format("<h2 class=\"title\">Cited by <em class=\"amount\">{}</em> <em class=\"hint\">article{}</em></h2>",
                     count, count == 1 ? "" : "s");
}

}  // namespace

std::string docsum(const Article& article, Look look, std::string_view category, std::size_t position) {
  auto doi = article.doi.empty() ? "" : " doi: " + escape_html(article.doi) + ".";
  return fmt::format(
      R"(<div class="{labs}docsum-content">
      <a class="{labs}docsum-title" href="/{pmid}/" ref="article_id={pmid}&amp;ordinalpos={n}" data-ga-category="{category}"
         data-ga-action="{pmid}" data-article-id="{pmid}">{title}.</a>
      <div class="{labs}docsum-citation full-citation">
        <span class="{labs}docsum-authors full-authors">{authors}</span>
        <span class="{labs}docsum-authors short-authors">{short_authors}</span>
        <span class="{labs}docsum-journal-citation full-journal-citation">{journal}. {cit}{doi}</span>
        <span class="{labs}docsum-journal-citation short-journal-citation">{journal}. {year}.</span>
        <span class="citation-part">PMID: <span class="docsum-pmid">{pmid}</span></span>{free}
      </div></div>)",
      fmt::arg("labs", look == Look::kLabs2019 ? "labs-" : ""), fmt::arg("pmid", article.pmid), fmt::arg("n", position),
      fmt::arg("category", category), fmt::arg("title", article.title_html),
      fmt::arg("authors", escape_html(article.all_authors())),
      fmt::arg("short_authors", escape_html(article.short_authors())),
      fmt::arg("journal", escape_html(article.journal->abbreviation)),
      fmt::arg("cit", escape_html(article.citation_line())), fmt::arg("doi", doi), fmt::arg("year", article.year),
      fmt::arg("free",
               article.pmcid.empty() ? "" : "\n        <span class=\"free-resources\">Free PMC article.</span>"));
}

std::string similar_section(const Site& site, const Article& article) {
  return fmt::format(R"(<div class="similar-articles" id="similar">
  <h2 class="title">Similar articles</h2>
{}  <a class="usa-button show-all-linked-articles"
     data-href="/?linkname=pubmed_pubmed&amp;from_uid={}">See all similar articles</a>
</div>
)",
                     articles_list(site, article.similar, article.look, "similar-articles-list", "similar_article"),
                     article.pmid);
}

std::string cited_by_section(const Site& site, const Article& article) {
  if (article.cited_by.empty()) return "";
  auto list = articles_list(site, article.cited_by, article.look, "citedby-articles-list", "cited_by");
  std::string more;
  if (article.cited_by.size() > kInlineSimilar) {
    more = fmt::format(
        "  <a class=\"usa-button show-all-linked-articles\" "
        "data-href=\"/?linkname=pubmed_pubmed_citedin&amp;from_uid={}\">See all \"Cited by\" articles</a>\n",
        article.pmid);
  }
  return "<div class=\"citedby-articles\" id=\"citedby\">\n  " + cited_by_heading(article) + "\n" + list + more +
         "</div>\n";
}

std::string reference_items(const Article& article, std::size_t first, std::size_t last) {
  std::string items;
  for (std::size_t i = first; i < std::min(last, article.references.size()); ++i)
    items += reference_item(article.references[i]);
  return items;
}

std::string references_section(const Article& article) {
  if (article.references.empty()) return "";
  std::string button;
  if (article.references.size() > kInlineReferences) {
    button = fmt::format(
        R"(      <button class="show-all" aria-controls="top-references-list-1" data-ga-category="reference"
              data-ga-action="show_more" data-current-page="1"
              data-next-page-url="/{}/references/">Show all {} references</button>
)",
        article.pmid, article.references.size());
  }
  return fmt::format(R"(<div class="references" id="references">
  <h2 class="title">References</h2>
  <div class="refs-list" id="top-references-list">
      <ol class="references-list" id="top-references-list-1">
{}      </ol>
{}  </div>
</div>
)",
                     reference_items(article, 0, kInlineReferences), button);
}

std::string references_fragment(const Article& article) {
  bool labs = article.look == Look::kLabs2019;
  return fmt::format(R"(<div class="refs-list" id="{0}">
      <ol class="references-list" id="{0}-1">
{1}      </ol>
</div>
)",
                     labs ? "more-references-list" : "full-references-list",
                     reference_items(article, labs ? kInlineReferences : 0, article.references.size()));
}

}  // namespace vellum::demo
