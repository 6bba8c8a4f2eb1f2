// Article records as schema.org JSON-LD.

#include <string>

#include "base/text.h"
#include "tools/vellum/records/export_formats.h"
#include "tools/vellum/records/record_fields.h"

namespace vellum::cli {
namespace {

void put(Json& item, const char* key, std::string value) {
  if (!value.empty()) item[key] = std::move(value);
}

void put_list(Json& item, const char* key, Json list) {
  if (!list.empty()) item[key] = std::move(list);
}

Json organization(const std::string& name) {
  return {{"@type", "Organization"}, {"name", name}};
}

Json contributors(const Json& record, const char* key) {
  Json list = Json::array();
  for (const Json& source : member(record, key)) {
    const Json one = {{key, Json::array({source})}};
    for (const CitedPerson& person : people(one, key)) {
      Json item = {{"@type", flag_of(source, "collective") ? "Organization" : "Person"}};
      const std::string orcid = text_of(source, "orcid");
      put(item, "@id", orcid.empty() ? "" : "https://orcid.org/" + orcid);
      item["name"] = person.name;
      put(item, "givenName", person.given);
      put(item, "familyName", person.family);
      Json places = Json::array();
      for (const std::string& place : texts(source, "affiliations")) places.push_back(organization(place));
      put_list(item, "affiliation", std::move(places));
      list.push_back(std::move(item));
    }
  }
  return list;
}

// The periodical, around it the volume, around that the issue: what the record has of them.
Json container(const Json& record) {
  const Json& journal = member(record, "journal");
  Json part;
  if (!journal_title(record).empty()) {
    part = {{"@type", "Periodical"}, {"name", journal_title(record)}};
    put(part, "alternateName", text_of(journal, "abbreviation"));
    put_list(part, "issn", Json(texts(journal, "issn")));
  }
  const auto wrap = [&part](const char* type, const char* key, const std::string& number) {
    if (number.empty()) return;
    Json outer = {{"@type", type}, {key, number}};
    if (!part.is_null()) outer["isPartOf"] = std::move(part);
    part = std::move(outer);
  };
  wrap("PublicationVolume", "volumeNumber", text_of(record, "volume"));
  wrap("PublicationIssue", "issueNumber", text_of(record, "issue"));
  return part;
}

// Identifiers as schema.org wants them, and the addresses that they stand for.
void put_identifiers(Json& item, const Json& ids) {
  static constexpr std::pair<const char*, const char*> kResolvers[] = {
      {"doi", "https://doi.org/"},
      {"pmid", "https://pubmed.ncbi.nlm.nih.gov/"},
      {"pmcid", "https://pmc.ncbi.nlm.nih.gov/articles/"},
      {"arxiv", "https://arxiv.org/abs/"}};
  Json values = Json::array(), same = Json::array();
  for (const auto& [key, resolver] : kResolvers) {
    const std::string id = text_of(ids, key);
    if (id.empty()) continue;
    values.push_back({{"@type", "PropertyValue"}, {"propertyID", key}, {"value", id}});
    same.push_back(resolver + id);
  }
  put_list(item, "identifier", std::move(values));
  put_list(item, "sameAs", std::move(same));
}

Json citations(const Json& record) {
  Json list = Json::array();
  for (const Json& work : member(record, "references")) {
    Json item = {{"@type", "CreativeWork"}};
    put(item, "name", text_of(work, "text"));
    put_identifiers(item, work);
    put(item, "url", text_of(work, "url"));
    list.push_back(std::move(item));
  }
  return list;
}

void put_pages(Json& item, const Json& record) {
  const std::string pages = text_of(record, "pages");
  put(item, "pagination", pages_or_elocator(record));
  const std::size_t dash = pages.find('-');
  put(item, "pageStart", pages.substr(0, dash));
  put(item, "pageEnd", dash == std::string::npos ? "" : pages.substr(dash + 1));
}

}  // namespace

Json to_schema_org(const Json& record) {
  Json item = {{"@context", "https://schema.org"}};
  const std::string doi = identifier(record, "doi");
  item["@type"] = text_of(record, "kind") == "book" ? "Book" : "ScholarlyArticle";
  put(item, "@id", doi.empty() ? text_of(record, "url") : "https://doi.org/" + doi);
  put(item, "name", text_of(record, "title"));
  put(item, "headline", text_of(record, "title"));
  put_list(item, "author", contributors(record, "authors"));
  put_list(item, "editor", contributors(record, "editors"));
  if (Json part = container(record); !part.is_null()) item["isPartOf"] = std::move(part);
  if (const std::string name = text_of(record, "publisher"); !name.empty()) item["publisher"] = organization(name);
  put(item, "datePublished", text_of(record, "published"));
  put_pages(item, record);
  put_list(item, "isbn", Json(texts(record, "isbn")));
  put_identifiers(item, member(record, "ids"));
  put(item, "abstract", plain_abstract(record));
  put_list(item, "keywords", Json(texts(record, "keywords")));
  put(item, "inLanguage", text_of(record, "language"));
  put(item, "license", text_of(record, "license"));
  put(item, "url", text_of(record, "url"));
  put_list(item, "citation", citations(record));
  return item;
}

}  // namespace vellum::cli
