#include "plugins/host/record_shape.h"

#include <algorithm>

namespace vellum::plugins {
namespace {

constexpr FieldShape kRecordFields[] = {
    {"title", Shape::kMarkup},
    {"kind"},
    {"journal.title"},
    {"journal.abbreviation"},
    {"journal.issn", Shape::kTexts, "issn"},
    {"publisher"},
    {"isbn", Shape::kTexts},
    {"published", Shape::kText, "date"},
    {"history", Shape::kHistory},
    {"history.received", Shape::kText, "date"},
    {"history.accepted", Shape::kText, "date"},
    {"history.epub", Shape::kText, "date"},
    {"volume"},
    {"issue"},
    {"pages", Shape::kText, "pages"},
    {"elocator", Shape::kText, "elocator"},
    {"version"},
    {"language"},
    {"license"},
    {"ids.doi", Shape::kText, "doi"},
    {"ids.pmid", Shape::kText, "pmid"},
    {"ids.pmcid", Shape::kText, "pmcid"},
    {"ids.arxiv", Shape::kText, "arxiv"},
    {"keywords", Shape::kTexts},
    {"conflict_of_interest"},
    {"publication_types", Shape::kTexts},
    {"mesh", Shape::kTerms},
    {"substances", Shape::kTexts},
    {"grants", Shape::kTexts},
    {"cited_by.count", Shape::kInteger, "int"},
    {"next", Shape::kUrl},
};

// `index` is the form that an index sorts by ("Kim YH"), `marks` point to the group `affiliations`.
constexpr FieldShape kPerson[] = {{"name"},
                                  {"index"},
                                  {"given"},
                                  {"family"},
                                  {"orcid", Shape::kText, "orcid"},
                                  {"affiliations", Shape::kTexts},
                                  {"marks", Shape::kTexts},
                                  {"collective"}};
constexpr FieldShape kAffiliation[] = {{"mark"}, {"text"}};
constexpr FieldShape kParagraph[] = {{"label", Shape::kText, "no_colon"}, {"text", Shape::kMarkup}};
constexpr FieldShape kSection[] = {{"title"}, {"text"}};
constexpr FieldShape kExhibit[] = {
    {"label"}, {"title"}, {"caption", Shape::kMarkup}, {"text"}, {"image", Shape::kUrl}, {"url", Shape::kUrl}};
constexpr FieldShape kReference[] = {{"label"},
                                     {"title"},
                                     {"text", Shape::kText, "reference"},
                                     {"doi", Shape::kText, "doi"},
                                     {"pmid", Shape::kText, "pmid"},
                                     {"pmcid", Shape::kText, "pmcid"},
                                     {"arxiv", Shape::kText, "arxiv"},
                                     {"url", Shape::kUrl}};
constexpr FieldShape kWork[] = {{"label"},
                                {"title", Shape::kText},
                                {"text"},
                                {"doi", Shape::kText, "doi"},
                                {"pmid", Shape::kText, "pmid"},
                                {"pmcid", Shape::kText, "pmcid"},
                                {"arxiv", Shape::kText, "arxiv"},
                                {"url", Shape::kUrl}};
constexpr FieldShape kNotice[] = {{"type", Shape::kText, "notice_type"}, {"text"},
                                  {"pmid", Shape::kText, "pmid"},        {"pmcid", Shape::kText, "pmcid"},
                                  {"doi", Shape::kText, "doi"},          {"url", Shape::kUrl}};

constexpr GroupShape kGroups[] = {
    {"authors", kPerson},     {"editors", kPerson},      {"affiliations", kAffiliation},
    {"abstract", kParagraph}, {"sections", kSection},    {"figures", kExhibit},
    {"tables", kExhibit},     {"supplements", kExhibit}, {"references", kReference},
    {"similar", kWork},       {"cited_by", kWork},       {"items", kWork},
    {"notices", kNotice},
};

}  // namespace

std::span<const FieldShape> record_fields() {
  return kRecordFields;
}
std::span<const GroupShape> record_groups() {
  return kGroups;
}

const FieldShape* find_field(std::span<const FieldShape> fields, std::string_view name) {
  auto it = std::find_if(fields.begin(), fields.end(), [&](const FieldShape& field) { return field.name == name; });
  return it == fields.end() ? nullptr : &*it;
}

const GroupShape* find_group(std::string_view name) {
  auto it = std::find_if(std::begin(kGroups), std::end(kGroups), [&](const GroupShape& g) { return g.name == name; });
  return it == std::end(kGroups) ? nullptr : &*it;
}

std::vector<std::string> names_of(std::span<const FieldShape> fields) {
  std::vector<std::string> names;
  for (const FieldShape& field : fields) names.emplace_back(field.name);
  return names;
}

}  // namespace vellum::plugins
