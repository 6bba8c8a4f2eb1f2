#include "tools/replay/article_body.h"

#include "tools/replay/record_view.h"
#include "tools/replay/target.h"

namespace vellum::replay {
namespace {

using storage::Archive;

void add_fact(Markup& facts, std::string_view name, std::string_view value) {
  if (!value.empty()) facts.raw("<dt>").text(name).raw("</dt><dd>").text(value).raw("</dd>");
}

std::string where_published(const Json& record) {
  const Json& journal = part_of(record, "journal");
  std::string text = text_of(journal, "title");
  if (text.empty()) text = text_of(journal, "abbreviation");
  const std::string volume = text_of(record, "volume"), issue = text_of(record, "issue");
  if (!volume.empty()) text += " " + volume;
  if (!issue.empty()) text += "(" + issue + ")";
  const std::string pages = text_of(record, "pages");
  if (const std::string place = pages.empty() ? text_of(record, "elocator") : pages; !place.empty())
    text += ": " + place;
  return text;
}

std::string dates(const Json& record) {
  std::string text;
  for (const Json& event : list_of(record, "history")) {
    if (!text.empty()) text += " · ";
    text += text_of(event, "event") + " " + text_of(event, "date");
  }
  return text;
}

std::string terms(const Json& list) {
  std::string text;
  for (const Json& item : list) {
    if (!text.empty()) text += " · ";
    text += item.is_string() ? item.get<std::string>() : text_of(item, "term");
  }
  return text;
}

Markup facts(const Json& record) {
  const Json& ids = part_of(record, "ids");
  Markup body;
  body.raw("<dl class=\"facts\">");
  add_fact(body, "Published in", where_published(record));
  add_fact(body, "Published", text_of(record, "published"));
  add_fact(body, "History", dates(record));
  add_fact(body, "DOI", text_of(ids, "doi"));
  add_fact(body, "PMID", text_of(ids, "pmid"));
  add_fact(body, "PMCID", text_of(ids, "pmcid"));
  add_fact(body, "arXiv", text_of(ids, "arxiv"));
  add_fact(body, "Publisher", text_of(record, "publisher"));
  add_fact(body, "Type", terms(list_of(record, "publication_types")));
  add_fact(body, "Keywords", joined(list_of(record, "keywords"), " · "));
  add_fact(body, "MeSH", terms(list_of(record, "mesh")));
  add_fact(body, "License", text_of(record, "license"));
  add_fact(body, "Language", text_of(record, "language"));
  return body.raw("</dl>");
}

void add_authors(Markup& body, const Json& record) {
  const Json& authors = list_of(record, "authors");
  if (authors.empty()) return;
  body.raw("<p>");
  bool is_first = true;
  for (const Json& author : authors) {
    if (!is_first) body.raw(", ");
    is_first = false;
    const std::string affiliations = joined(list_of(author, "affiliations"), "; ");
    if (!affiliations.empty()) body.raw("<span title=\"").text(affiliations).raw("\">");
    body.text(text_of(author, "name"));
    if (!affiliations.empty()) body.raw("</span>");
  }
  body.raw("</p>");
}

void add_notices(Markup& body, const Json& record) {
  for (const Json& notice : list_of(record, "notices")) {
    body.raw("<p class=\"notice\"><strong>").text(text_of(notice, "type")).raw("</strong> ");
    body.text(text_of(notice, "text")).raw("</p>");
  }
}

void add_abstract(Markup& body, const Json& record) {
  const Json& parts = list_of(record, "abstract");
  if (parts.empty()) return;
  add_heading(body, "Abstract");
  body.raw("<div class=\"measure\">");
  for (const Json& part : parts) {
    const std::string label = text_of(part, "label");
    body.raw("<p>");
    if (!label.empty()) body.raw("<strong>").text(label).raw("</strong> ");
    add_rich_text(body, part, "text");
    body.raw("</p>");
  }
  body.raw("</div>");
}

// An archived image of this server, or nothing: never an address of the live web.
void add_image(Markup& body, const Archive& archive, const storage::StoredArticle& article, const Json& figure) {
  const auto page = Url::parse(article.url);
  const auto url = Url::parse(text_of(figure, "image"), page ? &*page : nullptr);
  if (text_of(figure, "image").empty() || !url || !url->is_http()) return;
  const auto image = archive.find(*url, {.at = article.captured, .even_quarantined = false, .only_success = true});
  if (!image) return;
  body.raw("<img src=\"").text(web_path(image->captured, image->url)).raw("\" loading=\"lazy\" alt=\"");
  body.text(text_of(figure, "label")).raw("\">");
}

void add_captioned(Markup& body, const Archive& archive, const storage::StoredArticle& article, const char* key,
                   std::string_view heading) {
  const Json& figures = list_of(article.record, key);
  if (figures.empty()) return;
  add_heading(body, heading);
  for (const Json& figure : figures) {
    body.raw("<figure>");
    add_image(body, archive, article, figure);
    body.raw("<figcaption><strong>").text(text_of(figure, "label")).raw("</strong> ");
    add_rich_text(body, figure, "caption");
    body.raw("</figcaption></figure>");
  }
}

void add_sections(Markup& body, const Json& record) {
  const Json& sections = list_of(record, "sections");
  if (sections.empty()) return;
  add_heading(body, "Text");
  for (const Json& section : sections) {
    const std::string title = text_of(section, "title");
    body.raw("<details><summary>").text(title.empty() ? "(untitled)" : title).raw("</summary><p class=\"measure\">");
    body.text(text_of(section, "text")).raw("</p></details>");
  }
}

void add_paragraph(Markup& body, std::string_view heading, const std::string& text) {
  if (text.empty()) return;
  add_heading(body, heading);
  body.raw("<p class=\"measure\">").text(text).raw("</p>");
}

void add_supplements(Markup& body, const Archive& archive, const Json& record) {
  const Json& supplements = list_of(record, "supplements");
  if (supplements.empty()) return;
  add_heading(body, "Supplements");
  body.raw("<ul>");
  for (const Json& supplement : supplements) {
    const std::string title = text_of(supplement, "title"), label = text_of(supplement, "label");
    body.raw("<li>").text(title.empty() ? (label.empty() ? text_of(supplement, "url") : label) : title);
    add_archived_tag(body, archived_path(archive, supplement));
    body.raw("</li>");
  }
  body.raw("</ul>");
}

void add_reference_ids(Markup& body, const Json& reference, const std::optional<std::string>& path) {
  const std::string doi = text_of(reference, "doi");
  if (!doi.empty()) {
    body.raw(" <span class=\"mono\">");
    if (path) body.link(*path, doi);
    if (!path) body.text(doi);
    body.raw("</span>");
  }
  for (const auto& [key, name] : {std::pair("pmid", "PMID "), std::pair("pmcid", "")}) {
    const std::string id = text_of(reference, key);
    if (!id.empty()) body.raw(" <span class=\"soft small\">").text(name + id).raw("</span>");
  }
}

void add_entries(Markup& body, const Archive& archive, const Json& list, std::string_view heading) {
  constexpr std::size_t kMostShown = 200;
  if (list.empty()) return;
  add_heading(body, heading);
  body.raw("<ul>");
  std::size_t count = 0;
  for (const Json& entry : list) {
    if (count++ == kMostShown) break;
    const std::string title = text_of(entry, "title");
    body.raw("<li>").text(title.empty() ? text_of(entry, "url") : title);
    add_archived_tag(body, archived_path(archive, entry));
    body.raw("</li>");
  }
  body.raw("</ul>");
}

}  // namespace

Markup article_head(const storage::StoredArticle& article) {
  const Json& record = article.record;
  Markup body;
  add_notices(body, record);
  const std::string kind = text_of(record, "kind");
  if (!kind.empty() && kind != "article") body.raw("<span class=\"tag\">").text(kind).raw("</span>");
  body.raw("<h1 class=\"measure\">");
  if (text_of(record, "title").empty()) body.text(article.url);
  add_rich_text(body, record, "title");
  body.raw("</h1>");
  add_authors(body, record);
  return body.add(facts(record)).raw("<p class=\"soft small mono\">").text(article.url).raw("</p>");
}

Markup article_text(const Archive& archive, const storage::StoredArticle& article) {
  const Json& record = article.record;
  Markup body;
  add_abstract(body, record);
  add_captioned(body, archive, article, "figures", "Figures");
  add_captioned(body, archive, article, "tables", "Tables");
  add_sections(body, record);
  add_paragraph(body, "Conflict of interest", text_of(record, "conflict_of_interest"));
  add_supplements(body, archive, record);
  return body;
}

Markup article_references(const Archive& archive, const Json& record) {
  const Json& references = list_of(record, "references");
  Markup body;
  if (references.empty()) return body;
  Markup entries;
  std::size_t archived = 0;
  for (const Json& reference : references) {
    const auto path = archived_path(archive, reference);
    archived += path ? 1 : 0;
    entries.raw("<li>");
    add_rich_text(entries, reference, "text");
    add_reference_ids(entries, reference, path);
    add_archived_tag(entries, path);
    entries.raw("</li>");
  }
  add_heading(body, "References");
  body.raw("<p class=\"soft small\">").number(references.size()).raw(" references, ").number(archived);
  body.raw(" of them in this archive");
  if (record.contains("references_complete") && !flag_of(record, "references_complete")) {
    body.raw("; the page shows only a part of its list");
  }
  return body.raw(".</p><ol class=\"refs\">").add(entries).raw("</ol>");
}

Markup article_neighbours(const Archive& archive, const Json& record) {
  Markup body;
  add_entries(body, archive, list_of(record, "items"), "Listed here");
  add_entries(body, archive, list_of(record, "similar"), "Similar articles");
  const Json& cited_by = part_of(record, "cited_by");
  const std::int64_t count = integer_of(cited_by, "count", -1);
  if (count >= 0) {
    add_heading(body, "Cited by");
    body.raw("<p>").number(static_cast<std::uint64_t>(count)).text(count == 1 ? " article" : " articles");
    body.raw(", as the page says.</p>");
  }
  if (!list_of(cited_by, "items").empty()) add_entries(body, archive, list_of(cited_by, "items"), "Citing articles");
  return body;
}

}  // namespace vellum::replay
