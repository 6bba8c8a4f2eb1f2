#include <fmt/format.h>

#include "base/text.h"
#include "tools/demo/page_frame.h"
#include "tools/demo/pubmed_parts.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

std::string journal_actions(const Article& article) {
  auto term = query_escape(fmt::format("\"{}\"[jour]", article.journal->abbreviation));
  return fmt::format(R"(<div class="journal-actions dropdown-block">
      <button id="full-view-journal-trigger" class="journal-actions-trigger trigger" title="{title}" tabindex="0"
              aria-controls="full-view-journal" aria-expanded="false">{abbreviation}</button>
      <div id="full-view-journal" class="journal-actions-dropdown dropdown dropdown-container" hidden>
        <div class="title">Actions</div>
        <ul class="journal-actions-links">
          <li><a class="search-in-pubmed-link dropdown-block-link" href="/?term={term}">Search in PubMed</a></li>
        </ul>
      </div>
    </div>)",
                     fmt::arg("title", escape_html(article.journal->title)),
                     fmt::arg("abbreviation", escape_html(article.journal->abbreviation)), fmt::arg("term", term));
}

std::string citation_2020(const Article& article) {
  auto doi = article.doi.empty()
                 ? ""
                 : fmt::format("\n      <span class=\"citation-doi\">doi: {}.</span>", escape_html(article.doi));
  return fmt::format(R"(<div class="article-source">
      {}<span class="period">.</span>
      <span class="cit">{}</span>{}
    </div>)",
                     journal_actions(article), escape_html(article.citation_line()), doi);
}

// Late 2019: ", 52 (1), 42-46" and the date apart.
std::string citation_2019(const Article& article) {
  auto issue = article.issue.empty() ? "" : " (" + article.issue + ")";
  return fmt::format(R"(<div class="article-source">{}<span class="cit">, {}{}, {}</span>
    <time class="citation-year" datetime="{}">{}</time></div>)",
                     journal_actions(article), article.volume, issue, article.pages, article.year, article.date_text());
}

std::string author_item(const Article& article, const Author& author, bool last) {
  auto name = escape_html(author.full_name());
  auto mark =
      article.affiliations.empty()
          ? ""
          : fmt::format(
                R"(<sup class="affiliation-links"><span class="author-sup-separator">&nbsp;</span><a
          class="affiliation-link" title="{}" href="#affiliation-{}">{}</a></sup>)",
                escape_html(article.affiliations[author.affiliation]), author.affiliation + 1, author.affiliation + 1);
  auto person =
      author.collective
          ? fmt::format("<span class=\"full-name collective\">{}</span>", name)
          : fmt::format("<a class=\"full-name\" href=\"/?term={}&amp;cauthor_id={}\" data-ga-label=\"{}\">{}</a>",
                        query_escape(author.short_name()), article.pmid, name, name);
  return fmt::format("        <span class=\"authors-list-item \">{}{}{}</span>\n", person, mark,
                     last ? "" : "<span class=\"comma\">,&nbsp;</span>");
}

std::string authors_list(const Article& article) {
  std::string items;
  for (std::size_t i = 0; i < article.authors.size(); ++i) {
    items += author_item(article, article.authors[i], i + 1 == article.authors.size());
  }
  return "<div class=\"authors\"><div class=\"authors-list\">\n" + items + "      </div></div>\n";
}

std::string affiliations_list(const Article& article) {
  if (article.affiliations.empty()) return "";
  std::string items;
  for (std::size_t i = 0; i < article.affiliations.size(); ++i) {
    items +=
        fmt::format("          <li data-affiliation-id=\"affiliation-{0}\"><sup class=\"key\">{0}</sup> {1}</li>\n",
                    i + 1, escape_html(article.affiliations[i]));
  }
  return fmt::format(
      "<div class=\"affiliations\"><h3 class=\"title\">Affiliation{}</h3>\n        <ul class=\"item-list\">\n{}        "
      "</ul></div>\n",
      article.affiliations.size() > 1 ? "s" : "", items);
}

std::string identifiers(const Article& article, std::string_view view) {
  std::string items = fmt::format(R"(        <li><span class="identifier pubmed"><span class="id-label">PMID: </span>
          <strong class="current-id" title="PubMed ID">{}</strong></span></li>
)",
                                  article.pmid);
  if (!article.pmcid.empty()) {
    items += fmt::format(R"(        <li><span class="identifier pmc"><span class="id-label">PMCID: </span>
          <a class="id-link" target="_blank" rel="noopener" href="{0}/pmc/articles/{1}/"
             data-ga-action="PMCID">{1}</a></span></li>
)",
                         kWwwOrigin, article.pmcid);
  }
  if (!article.doi.empty()) {
    items += fmt::format(R"(        <li><span class="identifier doi"><span class="id-label">DOI: </span>
          <a class="id-link" target="_blank" rel="noopener" href="https://doi.org/{0}"
             data-ga-action="DOI">{0}</a></span></li>
)",
                         escape_html(article.doi));
  }
  return fmt::format("      <ul class=\"identifiers\" id=\"{}-view-identifiers\">\n{}      </ul>\n", view, items);
}

std::string short_view(const Article& article) {
  bool more = article.authors.size() > 1 || article.has_more_authors;
  return fmt::format(
      R"(  <div class="short-view" id="short-view-heading">
    <h1 class="heading-title">{title}</h1>
    <div class="short-citation">
      <span class="authors-list"><span class="authors-list-item "><span class="full-name">{author}</span>
      <span class="citation-separator">{et_al}</span></span></span>
      <span class="citation-journal">{journal}</span><span class="citation-separator">.</span>
      <span class="date">{year}</span>
    </div>
    <div class="extended-article-details"><div class="expanded-authors" id="short-view-expanded-authors">
      {authors}      {affiliations}    </div></div>
{identifiers}  </div>
)",
      fmt::arg("title", article.title_html), fmt::arg("author", escape_html(article.authors.front().full_name())),
      fmt::arg("et_al", more ? "et al." : ""), fmt::arg("journal", escape_html(article.journal->abbreviation)),
      fmt::arg("year", article.year), fmt::arg("authors", authors_list(article)),
      fmt::arg("affiliations", affiliations_list(article)), fmt::arg("identifiers", identifiers(article, "short")));
}

}  // namespace

std::string article_heading(const Article& article) {
  bool labs = article.look == Look::kLabs2019;
  std::string kind = article.publication_types.empty() ? "" : escape_html(article.publication_types.front());
  return fmt::format(
      R"(<header class="heading" id="heading">
  <div class="full-view" id="full-view-heading">
    <div class="publication-type">{kind}</div>
    <div class="article-citation">{citation}</div>
    <h1 class="heading-title">
      {title}
    </h1>
    <div class="inline-authors">{authors}    </div>
    <div class="extended-article-details" id="expanded-authors" aria-hidden="true">
      <div class="expanded-authors" id="full-view-expanded-authors">{affiliations}</div>
    </div>
{identifiers}  </div>
{short_view}</header>
)",
      fmt::arg("kind", kind), fmt::arg("citation", labs ? citation_2019(article) : citation_2020(article)),
      fmt::arg("title", article.title_html), fmt::arg("authors", authors_list(article)),
      fmt::arg("affiliations", affiliations_list(article)), fmt::arg("identifiers", identifiers(article, "full")),
      fmt::arg("short_view", short_view(article)));
}

}  // namespace vellum::demo
