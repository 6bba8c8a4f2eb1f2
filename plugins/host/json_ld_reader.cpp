#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "plugins/host/dates.h"
#include "plugins/host/field_reader.h"
#include "plugins/host/generic_reader.h"
#include "plugins/host/person.h"

namespace vellum::plugins {
namespace {

bool has_type(const Json& object, std::span<const std::string_view> types) {
  auto type = object.find("@type");
  if (type == object.end()) return false;
  auto known = [&](const Json& t) {
    return t.is_string() && std::find(types.begin(), types.end(), t.get_ref<const std::string&>()) != types.end();
  };
  return type->is_array() ? std::any_of(type->begin(), type->end(), known) : known(*type);
}

// The page's work: an object of a scholarly type, else of a looser one, or what a WebPage is about.
const Json* find_work(const std::vector<Json>& objects) {
  static constexpr std::array<std::string_view, 2> kScholarly = {"ScholarlyArticle", "MedicalScholarlyArticle"};
  static constexpr std::array<std::string_view, 6> kLoose = {"Article", "Report",  "Thesis",
                                                             "Book",    "Chapter", "Dataset"};
  for (std::span<const std::string_view> types :
       {std::span<const std::string_view>(kScholarly), std::span<const std::string_view>(kLoose)}) {
    for (const Json& object : objects) {
      if (!object.is_object()) continue;
      if (has_type(object, types)) return &object;
      auto about = object.find("mainEntity");
      if (about != object.end() && about->is_object() && has_type(*about, types)) return &*about;
    }
  }
  return nullptr;
}

std::string first_at(const Json& work, std::initializer_list<std::string_view> paths) {
  for (std::string_view path : paths) {
    for (const std::string& value : values_at(work, path)) {
      std::string folded = fold_space(unescape_html(value));
      if (!folded.empty()) return folded;
    }
  }
  return {};
}

void put(Json& record, const char* key, const std::string& value) {
  if (!value.empty()) record[key] = value;
}

Json person_of(const Json& author) {
  if (author.is_string()) return read_person(author.get<std::string>());
  if (!author.is_object()) return Json::object();
  std::string given = first_at(author, {"givenName"});
  std::string family = first_at(author, {"familyName"});
  std::string name = first_at(author, {"name"});
  Json person = read_person(name.empty() ? given + " " + family : name);
  if (person.empty()) return person;
  put(person, "given", given);
  put(person, "family", family);
  for (const std::string& place : values_at(author, "affiliation[*].name")) person["affiliations"].push_back(place);
  for (const std::string& place : values_at(author, "affiliation[*]")) person["affiliations"].push_back(place);
  for (std::string_view path : {"@id", "sameAs[*]", "identifier[*]", "url"}) {
    for (const std::string& value : values_at(author, path)) {
      auto orcid = value.find("orcid") == std::string::npos ? std::nullopt : normalise_orcid(value);
      if (orcid) person["orcid"] = *orcid;
    }
  }
  return person;
}

void read_people(const Json& work, Json& record) {
  auto authors = work.find("author");
  if (authors == work.end()) authors = work.find("creator");
  if (authors == work.end()) return;
  Json list = authors->is_array() ? *authors : Json::array({*authors});
  for (const Json& author : list) {
    Json person = person_of(author);
    if (!person.empty()) record["authors"].push_back(std::move(person));
  }
}

// isPartOf is an issue in a volume in a journal, in any order and depth that sites make of it.
void read_journal(const Json& work, Json& record) {
  const Json* part = &work;
  Json journal = Json::object();
  for (int depth = 0; depth < 4; ++depth) {
    auto next = part->find("isPartOf");
    if (next == part->end()) break;
    part = next->is_array() && !next->empty() ? &next->front() : &*next;
    if (!part->is_object()) break;
    put(record, "volume", first_at(*part, {"volumeNumber"}));
    put(record, "issue", first_at(*part, {"issueNumber"}));
    std::string type = first_at(*part, {"@type", "@type[*]"});
    if (type != "PublicationVolume" && type != "PublicationIssue") put(journal, "title", first_at(*part, {"name"}));
    for (const std::string& value : values_at(*part, "issn[*]")) {
      auto issn = normalise_issn(value);
      if (issn) journal["issn"].push_back(*issn);
    }
  }
  if (!journal.empty()) record["journal"] = journal;
}

void read_doi(const Json& work, Json& record) {
  for (std::string_view path :
       {"doi", "identifier[*].value", "identifier[*]", "identifier.value", "@id", "sameAs[*]", "url"}) {
    for (const std::string& value : values_at(work, path)) {
      auto doi = normalise_doi(value);
      if (!doi) continue;
      record["ids"]["doi"] = *doi;
      return;
    }
  }
}

}  // namespace

Json read_json_ld(const PageView& page) {
  Json record = Json::object();
  const Json* work = find_work(page.json_ld());
  if (!work) return record;
  record["kind"] = "article";
  put(record, "title", first_at(*work, {"headline", "name"}));
  read_people(*work, record);
  read_journal(*work, record);
  read_doi(*work, record);
  put(record, "publisher", first_at(*work, {"publisher.name", "publisher[*].name"}));
  put(record, "published", read_date(first_at(*work, {"datePublished", "dateCreated"})).value_or(""));
  put(record, "license", first_at(*work, {"license", "license[*]", "license.url"}));
  put(record, "language", first_at(*work, {"inLanguage", "inLanguage.name"}));
  std::string pages = first_at(*work, {"pagination"});
  std::string from = first_at(*work, {"pageStart"});
  std::string to = first_at(*work, {"pageEnd"});
  put(record, "pages", !pages.empty() ? pages : to.empty() || to == from ? from : from + "-" + to);
  std::string abstract = first_at(*work, {"abstract"});
  if (abstract.empty()) abstract = first_at(*work, {"description"});
  if (abstract.size() >= 200 && !abstract.ends_with("...")) record["abstract"] = Json::array({{{"text", abstract}}});
  std::vector<std::string> keywords = values_at(*work, "keywords[*]");
  if (keywords.size() == 1) {
    std::vector<std::string> parts;
    for (std::string_view part : split(keywords.front(), ',')) parts.push_back(fold_space(part));
    keywords = parts;
  }
  if (!keywords.empty()) record["keywords"] = keywords;
  return record;
}

}  // namespace vellum::plugins
