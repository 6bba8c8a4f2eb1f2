#include "base/article.h"

#include <algorithm>
#include <set>
#include <span>

#include "base/scholarly_id.h"
#include "base/text.h"

namespace vellum::article {
namespace {

enum class Type { kText, kInteger, kFlag, kObject, kTexts, kObjects };
enum class Need { kOptional, kRequired };

// One key of the schema.
struct Field {
  std::string_view name;
  Type type = Type::kText;
  std::span<const Field> shape{};  // of the object, or of each object in the list
  std::string_view choices{};      // the words that the text may be, each between bars; empty: any text
  Need need = Need::kOptional;
};
using Shape = std::span<const Field>;

// The schema: keys in order. Every text may have an `_html` companion right behind it, for inline sub, sup and i.
constexpr Field kSource[] = {{"url"}, {"captured"}, {"digest"}, {"role", Type::kText, {}, "|page|fragment|file|"}};
constexpr Field kPerson[] = {
    {"name"}, {"given"}, {"family"}, {"orcid"}, {"affiliations", Type::kTexts}, {"collective", Type::kFlag}};
constexpr Field kJournal[] = {{"title"}, {"abbreviation"}, {"issn", Type::kTexts}};
constexpr Field kEvent[] = {{"event"}, {"date"}};
constexpr Field kIds[] = {{"doi"}, {"pmid"}, {"pmcid"}, {"arxiv"}};
constexpr Field kParagraph[] = {{"label"}, {"text"}};
constexpr Field kTerm[] = {{"term"}, {"major", Type::kFlag}, {"descriptor"}, {"qualifier"}};  // "term" is both
constexpr Field kSection[] = {{"title"}, {"level", Type::kInteger}, {"text"}};
// Figures, tables and supplements.
constexpr Field kExhibit[] = {{"label"}, {"title"}, {"caption"}, {"text"}, {"image"}, {"url"}};
// References, similar and citing articles, items of a listing.
constexpr Field kWork[] = {
    {"position", Type::kInteger}, {"label"}, {"title"}, {"text"}, {"doi"}, {"pmid"}, {"pmcid"}, {"arxiv"}, {"url"}};
constexpr Field kCitedBy[] = {{"count", Type::kInteger}, {"items", Type::kObjects, kWork}};
constexpr Field kLink[] = {{"rel", Type::kText, {}, "|self|reference|fulltext|pdf|supplement|dataset|related|share|"},
                           {"url"},
                           {"doi"},
                           {"text"}};
constexpr Field kNotice[] = {{"type", Type::kText, {}, "|retraction|correction|expression-of-concern|update|comment|"},
                             {"text"},
                             {"pmid"},
                             {"pmcid"},
                             {"doi"},
                             {"url"}};
constexpr Field kVerdict[] = {
    {"substance", Type::kText, {}, "|article|abstract|listing|login|captcha|block|soft-404|truncated|stub|other|"},
    {"evidence", Type::kTexts}};

constexpr Field kRecord[] = {
    {"schema", Type::kText, {}, "|vellum.article/1|", Need::kRequired},
    {"url", Type::kText, {}, {}, Need::kRequired},
    {"captured"},
    {"sources", Type::kObjects, kSource},
    {"plugin"},
    {"plugin_version"},
    {"layout"},
    {"kind", Type::kText, {}, "|article|search|issue|journal|book|file|other|", Need::kRequired},
    {"title"},
    {"authors", Type::kObjects, kPerson},
    {"editors", Type::kObjects, kPerson},
    {"journal", Type::kObject, kJournal},
    {"publisher"},
    {"isbn", Type::kTexts},
    {"published"},
    {"history", Type::kObjects, kEvent},
    {"volume"},
    {"issue"},
    {"pages"},
    {"elocator"},
    {"version"},
    {"language"},
    {"license"},
    {"ids", Type::kObject, kIds},
    {"abstract", Type::kObjects, kParagraph},
    {"keywords", Type::kTexts},
    {"conflict_of_interest"},
    {"publication_types", Type::kTexts},
    {"mesh", Type::kObjects, kTerm},
    {"substances", Type::kTexts},
    {"grants", Type::kTexts},
    {"sections", Type::kObjects, kSection},
    {"figures", Type::kObjects, kExhibit},
    {"tables", Type::kObjects, kExhibit},
    {"supplements", Type::kObjects, kExhibit},
    {"references", Type::kObjects, kWork},
    {"references_complete", Type::kFlag},
    {"similar", Type::kObjects, kWork},
    {"cited_by", Type::kObject, kCitedBy},
    {"items", Type::kObjects, kWork},
    {"next"},
    {"links", Type::kObjects, kLink},
    {"notices", Type::kObjects, kNotice},
    {"verdict", Type::kObject, kVerdict},
};

constexpr std::size_t kMaxFaults = 100;

std::size_t index_of(Shape shape, std::string_view key) {
  const auto found = std::find_if(shape.begin(), shape.end(), [&](const Field& field) { return field.name == key; });
  return static_cast<std::size_t>(found - shape.begin());
}

std::string_view without_html_suffix(std::string_view key) {
  return key.ends_with("_html") ? key.substr(0, key.size() - 5) : std::string_view();
}

// Where a key stands in its object: fields at even places, `_html` companions right behind, unknown keys last.
std::size_t place_of(Shape shape, std::string_view key) {
  if (const std::size_t index = index_of(shape, key); index < shape.size()) return 2 * index;
  const std::size_t index = index_of(shape, without_html_suffix(key));
  return index < shape.size() && shape[index].type == Type::kText ? 2 * index + 1 : 2 * shape.size();
}

bool is_nothing(const Json& value) {
  if (value.is_string()) return value.get_ref<const std::string&>().empty();
  return value.is_null() || (value.is_structured() && value.empty());
}

bool is_plain_ascii(std::string_view text) {
  bool after_space = true;
  for (char c : text) {
    const bool space = c == ' ';
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E || (space && after_space))
      return false;
    after_space = space;
  }
  return text.empty() || !after_space;
}

void tidy_value(Json& value, Shape shape);

void tidy_object(Json& object, Shape shape) {
  struct Member {
    std::size_t place;
    Json::object_t::value_type* member;
  };
  auto& from = object.get_ref<Json::object_t&>();
  std::vector<Member> members;
  members.reserve(from.size());
  for (auto& member : from) {
    const std::size_t index = index_of(shape, member.first);
    tidy_value(member.second, index < shape.size() ? shape[index].shape : Shape());
    if (!is_nothing(member.second)) members.push_back({place_of(shape, member.first), &member});
  }
  std::stable_sort(members.begin(), members.end(), [](const Member& a, const Member& b) { return a.place < b.place; });
  Json::object_t to;
  to.reserve(members.size());
  for (const Member& m : members) {
    // ordered_map::emplace would look for the key among all before it.
    static_cast<Json::object_t::Container&>(to).emplace_back(m.member->first, std::move(m.member->second));
  }
  object = std::move(to);
}

// Recursion goes as deep as the value, which parse_json limits.
void tidy_value(Json& value, Shape shape) {
  if (value.is_string()) {
    auto& text = value.get_ref<std::string&>();
    if (!is_plain_ascii(text)) text = fold_space(to_nfc(text));
  } else if (value.is_array()) {
    for (Json& item : value) tidy_value(item, shape);
    auto& items = value.get_ref<Json::array_t&>();
    items.erase(std::remove_if(items.begin(), items.end(), is_nothing), items.end());
  } else if (value.is_object()) {
    tidy_object(value, shape);
  }
}

// Collects faults, and knows where in the record it stands.
class Checker {
 public:
  void check_object(const Json& object, Shape shape, const std::string& at) {
    for (const Field& field : shape) {
      if (field.need == Need::kRequired && !object.contains(field.name))
        report(at, "no `" + std::string(field.name) + "`");
    }
    for (const auto& [key, value] : object.items()) check_member(key, value, shape, at + "/" + key);
  }
  std::vector<std::string> take() { return std::move(faults_); }
  void report(const std::string& at, const std::string& what) {
    if (faults_.size() < kMaxFaults) faults_.push_back((at.empty() ? "/" : at) + ": " + what);
  }

 private:
  void check_member(const std::string& key, const Json& value, Shape shape, const std::string& at) {
    const std::size_t place = place_of(shape, key);
    if (place == 2 * shape.size()) return report(at, unknown(key, shape));
    if (place % 2 == 1) {
      if (!value.is_string()) report(at, "is not a text");
      return;
    }
    check_value(shape[place / 2], value, at);
    if (key == "doi" && value.is_string()) check_doi(value.get_ref<const std::string&>(), at);
  }

  void check_value(const Field& field, const Json& value, const std::string& at) {
    switch (field.type) {
      case Type::kText:
        return check_text(field, value, at);
      case Type::kInteger:
        if (!value.is_number_integer()) report(at, "is not an integer");
        return;
      case Type::kFlag:
        if (!value.is_boolean()) report(at, "is not true or false");
        return;
      case Type::kObject:
        return value.is_object() ? check_object(value, field.shape, at) : report(at, "is not an object");
      case Type::kTexts:
      case Type::kObjects:
        return check_list(field, value, at);
    }
  }

  void check_text(const Field& field, const Json& value, const std::string& at) {
    if (!value.is_string()) return report(at, "is not a text");
    if (field.choices.empty()) return;
    const auto& text = value.get_ref<const std::string&>();
    if (text.find('|') == std::string::npos && field.choices.find("|" + text + "|") != std::string_view::npos) return;
    report(at, "`" + text.substr(0, 40) + "` is none of " + std::string(field.choices));
  }

  void check_list(const Field& field, const Json& value, const std::string& at) {
    if (!value.is_array()) return report(at, "is not a list");
    std::size_t index = 0;
    for (const Json& item : value) {
      const std::string here = at + "/" + std::to_string(index++);
      if (field.type == Type::kTexts) {
        if (!item.is_string()) report(here, "is not a text");
      } else if (!item.is_object()) {
        report(here, "is not an object");
      } else {
        check_object(item, field.shape, here);
      }
    }
  }

  void check_doi(const std::string& doi, const std::string& at) {
    std::string field;  // in a field, '#', '?' and '%' of a DOI have to be encoded, or they mean something else
    for (char c : doi) field += c == '#' ? "%23" : c == '?' ? "%3F" : c == '%' ? "%25" : std::string(1, c);
    if (normalise_doi(field) != doi) report(at, "`" + doi.substr(0, 80) + "` is not a DOI in normal form");
  }

  static std::string unknown(const std::string& key, Shape shape) {
    std::vector<std::string> known;
    for (const Field& field : shape) known.emplace_back(field.name);
    const std::string near = nearest_word(key, known);
    return near.empty() ? "unknown key" : "unknown key, did you mean `" + near + "`?";
  }

  std::vector<std::string> faults_;
};

}  // namespace

void tidy(Json& record) {
  if (!record.is_object()) record = Json::object();
  record["schema"] = kSchema;
  tidy_object(record, kRecord);
}

std::vector<std::string> faults(const Json& record) {
  Checker checker;
  if (record.is_object()) {
    checker.check_object(record, kRecord, "");
  } else {
    checker.report("", "is not an object");
  }
  return checker.take();
}

const std::vector<std::string>& field_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const Field& field : kRecord) all.emplace_back(field.name);
    return all;
  }();
  return names;
}

std::size_t cited_doi_count(const Json& record) {
  std::set<std::string> dois;
  const auto references = record.is_object() ? record.find("references") : record.end();
  if (references == record.end() || !references->is_array()) return 0;
  for (const Json& reference : *references) {
    if (std::string doi = text_of(reference, "doi"); !doi.empty()) dois.insert(std::move(doi));
  }
  return dois.size();
}

}  // namespace vellum::article
