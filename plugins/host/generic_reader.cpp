#include "plugins/host/generic_reader.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "base/url_key.h"
#include "plugins/host/citation_line.h"
#include "plugins/host/citation_reference.h"
#include "plugins/host/cleaners.h"
#include "plugins/host/dates.h"
#include "plugins/host/person.h"

namespace vellum::plugins {
namespace {

using Names = std::initializer_list<std::string_view>;

// Reads the <meta> vocabularies of one page into a record.
class MetaReader {
 public:
  explicit MetaReader(const PageView& page) : page_(page), meta_(page.metadata()) {}

  Json read() {
    put("title", first({"citation_title", "eprints.title", "bepress_citation_title", "og:title", "dcterms.title",
                        "dc.title", "twitter:title"}));
    read_people();
    read_journal();
    read_dates();
    read_numbers();
    read_ids();
    read_texts();
    read_references();
    read_links();
    return std::move(record_);
  }

 private:
  std::string first(Names names) const {
    for (std::string_view name : names) {
      std::string value = meta_.first(name);
      if (!value.empty()) return value;
    }
    return {};
  }

  // All values of the first name that has any.
  std::vector<std::string> all(Names names) const {
    for (std::string_view name : names) {
      auto values = meta_.all(name);
      if (!values.empty()) return values;
    }
    return {};
  }

  void put(const char* key, const std::string& value) {
    if (!value.empty()) record_[key] = value;
  }

  void add_person(const std::string& name) {
    Json person = read_person(name);
    if (!person.empty()) record_["authors"].push_back(std::move(person));
  }

  // citation_author, each followed by what is said of that author.
  bool read_citation_authors() {
    bool last_was_person = false;
    for (const auto& [name, value] : meta_.entries()) {
      if (name == "citation_author" || name == "bepress_citation_author") {
        std::size_t before = record_.contains("authors") ? record_["authors"].size() : 0;
        for (const std::string& one : value.find(';') == std::string::npos ? std::vector{value} : split_names(value)) {
          add_person(one);
        }
        last_was_person = record_.contains("authors") && record_["authors"].size() == before + 1;
      } else if (last_was_person && name == "citation_author_institution") {
        record_["authors"].back()["affiliations"].push_back(value);
      } else if (last_was_person && name == "citation_author_orcid") {
        if (auto orcid = normalise_orcid(value)) record_["authors"].back()["orcid"] = *orcid;
      }
    }
    return record_.contains("authors");
  }

  void read_people() {
    if (read_citation_authors()) return;
    for (const std::string& list : all({"citation_authors"})) {
      for (const std::string& name : split_names(list)) add_person(name);
    }
    for (std::string_view vocabulary : {"eprints.creators_name", "dcterms.creator", "dc.creator", "dc.contributor",
                                        "dc.creator.personalname", "article:author", "parsely-author"}) {
      if (record_.contains("authors")) return;
      for (const std::string& name : meta_.all(vocabulary)) {
        if (name.find("://") == std::string::npos) add_person(name);
      }
    }
  }

  void read_journal() {
    Json journal = Json::object();
    std::string title = first({"citation_journal_title", "eprints.publication", "prism.publicationname",
                               "bepress_citation_journal_title", "dc.source.journaltitle", "dc.relation.ispartof"});
    if (!title.empty()) journal["title"] = title;
    std::string abbreviation = first({"citation_journal_abbrev", "citation_journal_abbreviation"});
    if (!abbreviation.empty()) journal["abbreviation"] = abbreviation;
    for (std::string_view name :
         {"citation_issn", "citation_eissn", "prism.issn", "prism.eissn", "eprints.issn", "dc.source.issn"}) {
      for (const std::string& value : meta_.all(name)) {
        auto issn = normalise_issn(value);
        if (!issn) continue;
        Json& list = journal["issn"];
        if (std::find(list.begin(), list.end(), *issn) == list.end()) list.push_back(*issn);
      }
    }
    if (!journal.empty()) record_["journal"] = journal;
    put("publisher", first({"citation_publisher", "dc.publisher", "dcterms.publisher", "eprints.publisher"}));
  }

  void read_dates() {
    for (std::string_view name :
         {"citation_publication_date", "citation_cover_date", "citation_date", "citation_online_date", "citation_year",
          "eprints.date", "prism.publicationdate", "prism.coverdate", "bepress_citation_date", "article:published_time",
          "dcterms.issued", "dc.date.issued", "dc.date", "dcterms.date", "dcterms.created"}) {
      auto date = read_date(meta_.first(name));
      if (!date) continue;
      record_["published"] = *date;
      return;
    }
  }

  void read_numbers() {
    put("volume", first({"citation_volume", "eprints.volume", "prism.volume", "bepress_citation_volume",
                         "dc.source.volume", "dc.citation.volume"}));
    put("issue", first({"citation_issue", "eprints.number", "prism.number", "prism.issueidentifier",
                        "bepress_citation_issue", "dc.source.issue", "dc.citation.issue"}));
    std::string from =
        first({"citation_firstpage", "prism.startingpage", "bepress_citation_firstpage", "dc.citation.spage"});
    std::string to = first({"citation_lastpage", "prism.endingpage", "bepress_citation_lastpage", "dc.citation.epage"});
    std::string pages =
        clean_pages(from.empty() ? first({"citation_pages", "eprints.pagerange", "prism.pagerange"}) : from);
    if (!to.empty() && to != from && !pages.empty() && pages.find('-') == std::string::npos)
      pages += "-" + clean_pages(to);
    put(is_article_number(pages) ? "elocator" : "pages", pages);
    put("language", first({"citation_language", "dc.language", "dcterms.language"}));
    for (const std::string& isbn : meta_.all("citation_isbn")) record_["isbn"].push_back(isbn);
  }

  void read_ids() {
    Json ids = Json::object();
    for (std::string_view name : {"citation_doi", "eprints.doi", "prism.doi", "bepress_citation_doi", "doi",
                                  "dc.identifier.doi", "dc.identifier", "dcterms.identifier", "eprints.id_number",
                                  "publication_doi", "rft_id", "citation_id", "dc.source.identifier", "evt-doipage"}) {
      for (const std::string& value : meta_.all(name)) {
        auto doi = normalise_doi(value);
        if (doi && !ids.contains("doi")) ids["doi"] = *doi;
      }
    }
    if (auto pmid = normalise_pmid(meta_.first("citation_pmid"))) ids["pmid"] = *pmid;
    if (auto pmcid = normalise_pmcid(meta_.first("citation_pmcid"))) ids["pmcid"] = *pmcid;
    if (auto arxiv = normalise_arxiv(meta_.first("citation_arxiv_id"))) ids["arxiv"] = *arxiv;
    if (!ids.empty()) record_["ids"] = ids;
  }

  // Descriptions for search engines are cut off; those are no abstract.
  static bool is_whole(const std::string& text) {
    return text.size() >= 200 && !text.ends_with("...") && !text.ends_with("\u2026");
  }

  void read_texts() {
    std::string abstract =
        first({"citation_abstract", "dcterms.abstract", "eprints.abstract", "dc.description.abstract"});
    for (std::string_view name : {"dc.description", "dcterms.description", "og:description", "description"}) {
      std::string text = meta_.first(name);
      if (abstract.empty() && is_whole(text)) abstract = text;
    }
    abstract = page_text(abstract);
    if (!abstract.empty()) record_["abstract"] = Json::array({{{"text", abstract}}});
    for (const std::string& value : all({"citation_keywords", "citation_keyword", "prism.keyword", "eprints.keywords",
                                         "dc.subject", "dcterms.subject"})) {
      add_keywords(value);
    }
  }

  // Some sites put markup into their descriptions.
  static std::string page_text(const std::string& text) {
    if (text.find("</") == std::string::npos) return text;
    auto parsed = html::Document::parse(text);
    return parsed ? parsed->body().text() : text;
  }

  void add_keywords(const std::string& value) {
    char separator = value.find(';') != std::string::npos ? ';' : ',';
    for (std::string_view part : split(value, separator)) {
      std::string keyword = fold_space(part);
      Json& list = record_["keywords"];
      if (!keyword.empty() && std::find(list.begin(), list.end(), keyword) == list.end()) list.push_back(keyword);
    }
  }

  void read_references() {
    for (const std::string& value : all({"citation_reference"})) {
      Json work = read_citation_reference(value);
      if (work.empty()) continue;
      Json& list = record_["references"];
      work["position"] = list.size() + 1;
      list.push_back(std::move(work));
    }
    if (record_.contains("references")) record_["references_complete"] = true;
  }

  void read_links() {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kLinks = {
        {{"citation_pdf_url", "pdf"},
         {"eprints.document_url", "pdf"},
         {"bepress_citation_pdf_url", "pdf"},
         {"citation_fulltext_html_url", "fulltext"},
         {"citation_full_html_url", "fulltext"}}};
    for (const auto& [name, rel] : kLinks) {
      for (const std::string& value : meta_.all(name)) {
        auto url = Url::parse(value, &page_.base_url());
        bool itself = url && surt(*url) == surt(page_.answer().url);
        if (url && url->is_http() && !itself)
          record_["links"].push_back({{"rel", std::string(rel)}, {"url", url->href()}});
      }
    }
  }

  const PageView& page_;
  const html::Metadata& meta_;
  Json record_ = Json::object();
};

void fill(Json& into, const Json& from) {
  for (const auto& [key, value] : from.items()) {
    if (!into.contains(key)) {
      into[key] = value;
    } else if (into[key].is_object() && value.is_object()) {
      for (const auto& [inner, inner_value] : value.items()) {
        if (!into[key].contains(inner)) into[key][inner] = inner_value;
      }
    }
  }
}

// Addresses of publishers hold the DOI: /doi/10.1021/..., /article?id=10.1371/journal.pone.0213978.
std::optional<std::string> doi_in_address(const PageView& page) {
  for (html::Node node = page.document().head().first_child(); node; node = node.next_sibling()) {
    if (!node.is("link") || node.attribute("rel") != "canonical") continue;
    auto found = find_dois(percent_decode(node.attribute("href").value_or("")));
    if (!found.empty()) return normalise_doi(found.front().text);
  }
  auto found = find_dois(percent_decode(page.answer().url.path_and_query()));
  return found.empty() ? std::nullopt : normalise_doi(found.front().text);
}

std::string only_heading(const PageView& page) {
  std::string heading;
  for (html::Node node = page.document().body(); node; node = node.next_in_tree(page.document().body())) {
    if (!node.is("h1")) continue;
    if (!heading.empty()) return {};
    heading = node.text();
  }
  return heading;
}

// Addresses of lists, as the platforms have them.
std::string listed_kind(const Url& url) {
  const std::string path = to_lower_ascii(url.path_and_query());
  const auto has = [&](std::string_view word) { return path.find(word) != std::string::npos; };
  const bool searched = has("/search") || has("dosearch") || has("?term=") || has("?query=") || has("?q=");
  if (searched) return "search";
  if (has("/toc/") || has("/issue/") || has("/issues/") || has(".toc")) return "issue";
  return has("/loi/") ? "journal" : "";
}

std::string kind_of(const PageView& page, const Json& record) {
  // Papers of proceedings carry the ISBN of the volume.
  bool part = record.contains("journal") || record.contains("pages") ||
              !page.metadata().first("citation_conference_title").empty();
  if (record.contains("isbn") && !part) return "book";
  bool titled = record.contains("title");
  bool named = !page.metadata().first("citation_title").empty();
  bool scholarly = named || (record.contains("journal") && record.contains("authors")) ||
                   (record.contains("ids") && titled) || text_of(record, "kind") == "article";
  const std::string listed = listed_kind(page.answer().url);
  if (!named && !record.contains("authors") && !listed.empty()) return listed;
  bool described = record.contains("authors") && (record.contains("published") || record.contains("abstract"));
  bool dublin_core = !page.metadata().first("dc.title").empty() || !page.metadata().first("eprints.title").empty();
  return titled && (scholarly || (described && dublin_core)) ? "article" : "other";
}

}  // namespace

Json read_generic(const PageView& page) {
  Json record = MetaReader(page).read();
  fill(record, read_json_ld(page));
  record["kind"] = kind_of(page, record);
  bool known_work = record["kind"] != "other";
  if (known_work && (!record.contains("ids") || !record["ids"].contains("doi"))) {
    if (auto doi = doi_in_address(page)) record["ids"]["doi"] = *doi;
  }
  if (!record.contains("title")) {
    std::string heading = only_heading(page);
    std::string title = heading.empty() ? find_cleaner("no_site_name")->apply(page.title()).value_or("") : heading;
    if (!title.empty()) record["title"] = title;
  }
  return record;
}

}  // namespace vellum::plugins
