#include <fmt/format.h>

#include "base/text.h"
#include "tools/demo/page_frame.h"
#include "tools/demo/pubmed_parts.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

std::string figure(const Figure& figure, std::size_t position) {
  auto plain = plain_text(figure.caption_html);
  auto teaser = escape_html(plain.substr(0, plain.find(' ', 40))) + "…";
  return fmt::format(
      R"(    <figure class="figure-item " itemscope itemtype="http://schema.org/ImageObject"
            data-slide-index="{i}" data-label-slug="fig-{n}">
      <a class="figure-link" href="http://{image}" itemprop="contentUrl"
         aria-describedby="figure-caption-{i}" role="button">
        <img class="figure-thumb" itemprop="thumbnail" id="article-image-{i}" src="http://{image}" alt="{label}"></a>
      <div class="figure-caption figure-caption-text" aria-hidden="true"><div class="caption-wrap">
        <strong class="figure-label"><p>{label}</p></strong>
        <div class="figure-caption-contents"><p>{teaser}</p></div></div></div>
      <div class="figure-caption-medium figure-caption-text" aria-hidden="true">
        <strong class="figure-label"><p>{label}</p></strong>
        <div class="figure-caption-contents"><p>{caption}</p></div></div>
      <figcaption id="figure-caption-{i}" class="figure-caption-full figure-caption-text" itemprop="description">
        <strong class="figure-label">{label}</strong>
        <div class="figure-caption-contents">{caption}</div></figcaption>
    </figure>
)",
      fmt::arg("i", position), fmt::arg("n", position + 1), fmt::arg("image", figure.image),
      fmt::arg("label", figure.label), fmt::arg("teaser", teaser), fmt::arg("caption", figure.caption_html));
}

// One heading, kind of vocabulary and its terms with the menu that the site puts behind each.
std::string keyword_section(std::string_view id, std::string_view heading, std::string_view field,
                            const std::vector<MeshTerm>& terms) {
  if (terms.empty()) return "";
  std::string items;
  for (const auto& [term, major] : terms) {
    items += fmt::format(R"(    <li><div class="keyword-actions dropdown-block">
      <button class="keyword-actions-trigger trigger keyword-link" tabindex="0" aria-expanded="false">{}{}</button>
      <div class="keyword-actions-dropdown dropdown dropdown-container" hidden><div class="title">Actions</div>
        <ul class="keyword-actions-links"><li><a class="search-in-pubmed-link dropdown-block-link"
          href="/?term={}">Search in PubMed</a></li></ul></div></div></li>
)",
                         escape_html(term), major ? "*" : "", query_escape(fmt::format("\"{}\"[{}]", term, field)));
  }
  return fmt::format(
      "<div id=\"{0}\" class=\"{0} keywords-section\">\n  <h2 class=\"title\">{1}</h2>\n  <ul "
      "class=\"keywords-list\">\n{2}  </ul>\n</div>\n",
      id, heading, items);
}

std::vector<MeshTerm> unmarked(const std::vector<std::string>& names) {
  std::vector<MeshTerm> terms;
  for (const auto& name : names) terms.push_back({name, false});
  return terms;
}

std::string grants(const Article& article) {
  if (article.grants.empty()) return "";
  std::string items;
  for (const auto& grant : article.grants)
    items += fmt::format("    <li class=\"grant-item\"><a href=\"#grants\">{}</a></li>\n", escape_html(grant));
  return "<div id=\"grants\" class=\"grants\">\n  <h3 class=\"title\">Grant support</h3>\n  <div "
         "class=\"grants-list\"><ul id=\"grants-head-list\">\n" +
         items + "  </ul></div>\n</div>\n";
}

}  // namespace

std::string abstract_section(const Article& article) {
  if (article.abstract.empty()) {
    return "<div class=\"abstract\" id=\"abstract\"><em class=\"empty-abstract\">No abstract available</em></div>\n";
  }
  std::string paragraphs, keywords;
  for (const auto& [label, html] : article.abstract) {
    auto title = label.empty() ? "" : "<strong class=\"sub-title\">\n        " + label + "\n      </strong> ";
    paragraphs += "      <p>" + title + html + "</p>\n";
  }
  for (const auto& word : article.keywords) keywords += (keywords.empty() ? "" : "; ") + escape_html(word);
  if (!keywords.empty()) {
    keywords = "    <p><strong class=\"sub-title\">\n      Keywords:\n    </strong> " + keywords + ".</p>\n";
  }
  return fmt::format(R"(<div class="abstract" id="abstract">
    <h2 class="title">Abstract</h2>
    <div class="abstract-content selected" id="{}">
{}    </div>
{}</div>
)",
                     article.look == Look::kLabs2019 ? "en-abstract" : "eng-abstract", paragraphs, keywords);
}

std::string conflict_section(const Article& article) {
  if (article.conflict_of_interest.empty()) return "";
  return fmt::format(R"(<div class="conflict-of-interest" id="conflict-of-interest">
  <h3 class="title">Conflict of interest statement</h3>
  <div class="statement"><p>{}</p></div>
</div>
)",
                     escape_html(article.conflict_of_interest));
}

std::string figures_section(const Article& article) {
  if (article.figures.empty()) return "";
  std::string items;
  for (std::size_t i = 0; i < article.figures.size(); ++i) items += figure(article.figures[i], i);
  return "<div class=\"figures\" id=\"figures\">\n  <h3 class=\"title\">Figures</h3>\n"
         "  <div class=\"figures-list\" id=\"slides-container\">\n" +
         items + "  </div>\n</div>\n";
}

std::string keyword_sections(const Article& article) {
  return keyword_section("publication-types", "Publication types", "pt", unmarked(article.publication_types)) +
         keyword_section("mesh-terms", "MeSH terms", "MeSH", article.mesh) +
         keyword_section("substances", "Substances", "Substance", unmarked(article.substances));
}

std::string related_sections(const Article& article) {
  auto links = fmt::format(R"(<div id="related-links" class="related-links">
  <h2 class="title">Related information</h2>
  <ul class="related-links-list">
    <li><a title="Full text in PMC" href="/?linkname=pubmed_pmc&amp;from_uid={0}">PMC</a></li>
    <li><a title="Terms" href="/?linkname=pubmed_mesh&amp;from_uid={0}">MedGen</a></li>
  </ul>
</div>
)",
                           article.pmid);
  if (article.doi.empty()) return links + grants(article);
  return links + grants(article) +
         fmt::format(R"(<div id="linkout" class="linkout">
  <h2 class="title">LinkOut - more resources</h2>
  <ul class="linkout-list"><li><h3 class="linkout-category">Full Text Sources</h3>
    <ul class="linkout-category-links">
      <li><a href="https://journals.example.org/doi/{0}" target="_blank" rel="noopener">Demo Press</a></li>
    </ul></li></ul>
</div>
)",
                     escape_html(article.doi));
}

}  // namespace vellum::demo
