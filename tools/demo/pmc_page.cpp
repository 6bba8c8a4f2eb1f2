#include <fmt/format.h>

#include "base/text.h"
#include "tools/demo/page_frame.h"
#include "tools/demo/page_templates.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

std::string article_url(const Article& article) {
  return fmt::format("{}/articles/{}/", kPmcOrigin, article.pmcid);
}

std::string first_page(const Article& article) {
  return article.pages.substr(0, article.pages.find('-'));
}

std::string pmc_meta(const Article& article) {
  auto meta = meta_tag("ncbi_domain", article.journal->doi_code) + meta_tag("ncbi_type", "fulltext") +
              meta_tag("robots", "INDEX,NOFOLLOW,NOARCHIVE") +
              meta_tag("citation_journal_title", article.journal->title) +
              meta_tag("citation_title", plain_text(article.title_html));
  for (const auto& author : article.authors) {
    meta += meta_tag("citation_author", author.full_name());
    if (!article.affiliations.empty())
      meta += meta_tag("citation_author_institution", article.affiliations[author.affiliation]);
  }
  return meta + meta_tag("citation_publication_date", article.date_text()) +
         meta_tag("citation_volume", article.volume) + meta_tag("citation_issue", article.issue) +
         meta_tag("citation_firstpage", first_page(article)) + meta_tag("citation_doi", article.doi) +
         meta_tag("citation_pmid", article.pmid) + meta_tag("citation_abstract_html_url", article_url(article)) +
         meta_tag("citation_fulltext_html_url", article_url(article)) +
         meta_tag("citation_pdf_url", article_url(article) + "pdf/" + article.pmcid + ".pdf") +
         meta_tag("og:title", plain_text(article.title_html)) + meta_tag("og:type", "article") +
         meta_tag("og:site_name", "PubMed Central (PMC)") + meta_tag("og:url", article_url(article));
}

std::string citation(const Article& article) {
  auto doi = article.doi.empty()
                 ? ""
                 : fmt::format(" doi: <a href=\"https://doi.org/{0}\" class=\"usa-link usa-link--external\">{0}</a>",
                               escape_html(article.doi));
  return fmt::format(R"(<section aria-label="Article citation and metadata">
<section class="pmc-layout__citation font-secondary font-xs"><div><div class="display-inline-block">
  <button type="button" class="cursor-pointer" aria-controls="journal_context_menu">{}</button></div>.
  {}{}</div></section>
)",
                     escape_html(article.journal->abbreviation), escape_html(article.citation_line()), doi);
}

std::string author_group(const Article& article) {
  std::string group;
  for (std::size_t i = 0; i < article.authors.size(); ++i) {
    const auto& author = article.authors[i];
    auto name = escape_html(author.full_name());
    auto mark = article.affiliations.empty() ? "" : fmt::format("<sup>{}</sup>", author.affiliation + 1);
    group += fmt::format(
        R"(  <a href="{0}/?term={1}&amp;cauthor_id={2}" class="usa-link" aria-describedby="id{3}"><span
  class="name western">{4}</span></a>
  <div hidden="hidden" id="id{3}"><h3><span class="name western">{4}</span></h3></div>{5}{6}
)",
        kPubmedOrigin, query_escape(author.short_name()), article.pmid, i + 1, name, mark,
        i + 1 == article.authors.size() ? "" : ", ");
  }
  return "<div class=\"cg p\">\n" + group + "</div>\n";
}

std::string front_matter(const Article& article) {
  std::string affiliations;
  for (std::size_t i = 0; i < article.affiliations.size(); ++i) {
    affiliations +=
        fmt::format("    <div id=\"aff{0}\"><sup>{0}</sup>{1}</div>\n", i + 1, escape_html(article.affiliations[i]));
  }
  return fmt::format(R"(<section class="front-matter"><div class="ameta p font-secondary font-xs">
<hgroup><h1>{title}</h1></hgroup>
{authors}<ul class="d-buttons inline-list">
  <li><button class="d-button" aria-controls="aip_a">Author information</button></li>
  <li><button class="d-button" aria-controls="anp_a">Article notes</button></li></ul>
<div class="d-panels font-secondary-light">
  <div id="aip_a" class="d-panel p" style="display: none">
{affiliations}  </div>
  <div id="anp_a" class="d-panel p" style="display: none"><div class="notes p">
    <section class="history"><p>Received {before} Jul 4; Accepted {date} 2.</p></section></div></div>
  <div id="clp_a" class="d-panel p" style="display: none"><div>© The Demo Authors {year}</div>
    <p>Made-up text, free to use under
    <a href="https://creativecommons.org/publicdomain/zero/1.0/" class="usa-link">CC0 1.0</a>.</p></div>
</div>
<div>PMCID: {pmcid}&nbsp;&nbsp;PMID: <a href="{pubmed}/{pmid}/" class="usa-link">{pmid}</a></div>
</div></section></section>
)",
                     fmt::arg("title", article.title_html), fmt::arg("authors", author_group(article)),
                     fmt::arg("affiliations", affiliations), fmt::arg("before", article.year - 1),
                     fmt::arg("date", article.date_text()), fmt::arg("year", article.year),
                     fmt::arg("pmcid", article.pmcid), fmt::arg("pubmed", kPubmedOrigin),
                     fmt::arg("pmid", article.pmid));
}

std::string abstract(const Article& article) {
  if (article.abstract.empty()) return "";
  std::string text, keywords;
  for (const auto& [label, html] : article.abstract) {
    auto title = label.substr(0, label.find(':'));
    text += title.empty() ? "<p>" + html + "</p>\n"
                          : "<section><h3 class=\"pmc_sec_title\">" + title + "</h3>\n<p>" + html + "</p></section>\n";
  }
  for (const auto& word : article.keywords) keywords += (keywords.empty() ? "" : ", ") + escape_html(word);
  if (!keywords.empty()) {
    keywords =
        "<section id=\"kwd-group1\" class=\"kwd-group\"><p><strong>Keywords:</strong> " + keywords + "</p></section>\n";
  }
  return "<section class=\"abstract\" id=\"abstract1\"><h2>Abstract</h2>\n" + text + keywords + "</section>\n";
}

std::string figure(const Figure& figure, std::size_t number) {
  return fmt::format(R"(<figure class="fig xbox font-sm" id="F{0}"><h3 class="obj_head">{1}.</h3>
<p class="img-box"><img class="graphic" src="http://{2}" loading="lazy" alt="{1}"></p>
<figcaption><p>{3}</p></figcaption></figure>
)",
                     number, figure.label, figure.image, figure.caption_html);
}

std::string section(const Section& part, const std::string& id, int level) {
  auto html = fmt::format("<section id=\"{}\"><h{} class=\"pmc_sec_title\">{}</h{}>\n", id, level,
                          escape_html(part.title), level);
  for (const auto& paragraph : part.paragraphs_html) html += "<p>" + paragraph + "</p>\n";
  return html;
}

std::string body_sections(const Article& article) {
  std::string html;
  for (std::size_t i = 0; i < article.sections.size(); ++i) {
    auto id = fmt::format("sec{}", i + 1);
    html += section(article.sections[i], id, 2);
    const auto& parts = article.sections[i].parts;
    for (std::size_t j = 0; j < parts.size(); ++j)
      html += section(parts[j], fmt::format("{}-{}", id, j + 1), 3) + "</section>\n";
    if (article.sections[i].title == "Results") {
      for (std::size_t f = 0; f < article.figures.size(); ++f) html += figure(article.figures[f], f + 1);
    }
    html += "</section>\n";
  }
  return html;
}

std::string supplement(const Article& article) {
  if (article.sections.empty() || article.index % 4 != 0) return "";
  return fmt::format(R"(<section id="sec-s"><h2 class="pmc_sec_title">Supplementary Material</h2>
<section class="sm xbox font-sm" id="SM1"><div class="media p"><div class="caption">
<a href="/articles/instance/{}/bin/measurements.csv" class="usa-link">Supplementary Data 1</a><sup> (1KB, csv)</sup>
</div></div></section></section>
)",
                     article.pmid);
}

std::string reference(const Reference& reference, std::size_t number) {
  std::string links;
  auto link = [&](const std::string& href, const char* text) {
    links += fmt::format(" [<a href=\"{}\" class=\"usa-link\">{}</a>]", escape_html(href), text);
  };
  if (!reference.doi.empty()) link("https://doi.org/" + reference.doi, "DOI");
  if (!reference.pmcid.empty()) link("/articles/" + reference.pmcid + "/", "PMC free article");
  if (!reference.pmid.empty()) link(fmt::format("{}/{}/", kPubmedOrigin, reference.pmid), "PubMed");
  link("https://scholar.google.com/scholar_lookup?" + query_escape(reference.text), "Google Scholar");
  return fmt::format("<li id=\"B{0}\"><span class=\"label\">{0}.</span><cite>{1}</cite>{2}</li>\n", number,
                     escape_html(reference.text), links);
}

std::string reference_list(const Article& article) {
  if (article.references.empty()) return "";
  std::string items;
  for (std::size_t i = 0; i < article.references.size(); ++i) items += reference(article.references[i], i + 1);
  return "<section id=\"ref-list1\" class=\"ref-list\"><h2 class=\"pmc_sec_title\">References</h2>\n<section "
         "id=\"ref-list1_sec2\">"
         "<ul class=\"ref-list font-sm\" style=\"list-style-type:none\">\n" +
         items + "</ul></section></section>\n";
}

}  // namespace

std::string pmc_article_page(const Article& article, const Noise& noise) {
  Head head{plain_text(article.title_html) + " - PMC", pmc_meta(article), article_url(article)};
  auto body = fmt::format(R"(<main id="main-content"><section class="pmc-journal-banner" aria-label="Journal banner">
<img src="{}/pmc/banners/logo-{}.png" alt="{} logo" width="500" height="75"></section>
<article lang="en">
)",
                          kCdnOrigin, to_lower_ascii(article.journal->doi_code), escape_html(article.journal->title));
  body += citation(article) + front_matter(article);
  body += "<section aria-label=\"Article content\"><section class=\"body main-article-body\">\n" + abstract(article) +
          body_sections(article);
  if (!article.conflict_of_interest.empty()) {
    body += "<section id=\"coi\"><h2 class=\"pmc_sec_title\">Competing interests</h2>\n<p>" +
            escape_html(article.conflict_of_interest) + "</p></section>\n";
  }
  body += supplement(article) + reference_list(article) + "</section></section>\n</article></main>\n";
  body += fmt::format("<aside class=\"pmc-sidenav\"><a href=\"pdf/{}.pdf\" class=\"usa-link\">PDF</a></aside>\n",
                      article.pmcid);
  return pmc_frame(head, noise, body);
}

}  // namespace vellum::demo
