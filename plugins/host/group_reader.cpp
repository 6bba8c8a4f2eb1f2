#include "plugins/host/group_reader.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "plugins/host/dates.h"
#include "plugins/host/node_text.h"
#include "plugins/host/person.h"

namespace vellum::plugins {
namespace {

using html::Node;

constexpr std::size_t kMaxItems = 20'000;

// "Coronavirus / genetics*" is a descriptor with a qualifier; qualifiers begin with a small letter. The asterisk of a
// major topic stands behind either.
Json term_of(std::string value) {
  bool major = false;
  const auto drop_star = [&](std::string_view part) {
    part = trim(part);
    major = major || part.ends_with('*');
    return std::string(trim(part.substr(0, part.find_last_not_of("* ") + 1)));
  };
  const std::size_t slash = value.rfind('/');
  const std::string qualifier = slash == std::string::npos ? "" : drop_star(std::string_view(value).substr(slash + 1));
  if (qualifier.empty() || !(qualifier[0] >= 'a' && qualifier[0] <= 'z')) {
    major = false;
    value = drop_star(value);
    return {{"term", value}, {"major", major}};
  }
  const std::string descriptor = drop_star(std::string_view(value).substr(0, slash));
  const bool is_spaced = slash > 0 && value[slash - 1] == ' ';
  return {{"term", descriptor + (is_spaced ? " / " : "/") + qualifier},
          {"major", major},
          {"descriptor", descriptor},
          {"qualifier", qualifier}};
}

Json terms_of(const std::vector<std::string>& values) {
  Json terms = Json::array();
  for (const std::string& value : values) terms.push_back(term_of(value));
  return terms;
}

Json history_of(const std::vector<std::string>& values) {
  Json history = Json::array();
  for (const std::string& value : values) {
    for (Json& event : read_history(value)) {
      if (std::find(history.begin(), history.end(), event) == history.end()) history.push_back(std::move(event));
    }
  }
  return history;
}

// What marks the affiliation: "1", "a", "*"; a mark may have blanks and commas around it.
std::string mark_of(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c != ' ' && c != ',' && c != ';' && c != '.' && c != '(' && c != ')') out += c;
  }
  return out;
}

// "1,2" and "1 2" are two marks.
std::vector<std::string> marks_of(const Reading& reading) {
  std::vector<std::string> marks;
  for (std::string value : reading.values) {
    std::replace(value.begin(), value.end(), ' ', ',');
    for (std::string_view part : split(value, ',')) {
      std::string mark = mark_of(part);
      if (!mark.empty() && std::find(marks.begin(), marks.end(), mark) == marks.end()) marks.push_back(std::move(mark));
    }
  }
  return marks;
}

const FieldRule* field_named(const GroupRule& group, std::string_view name) {
  for (const FieldRule& field : group.fields) {
    if (field.shape->name == name) return &field;
  }
  return nullptr;
}

void place_level(std::vector<Node>& open, Node section) {
  while (!open.empty() && !is_inside(section, open.back())) open.pop_back();
  open.push_back(section);
}

}  // namespace

void put(Json& object, const std::string& key, const FieldShape& shape, const Reading& reading, const Url& base) {
  if (reading.empty()) return;
  switch (shape.shape) {
    case Shape::kText:
      object[key] = reading.first();
      return;
    case Shape::kMarkup:
      object[key] = reading.first();
      if (!reading.markup.empty()) object[key + "_html"] = reading.markup;
      return;
    case Shape::kTexts:
      object[key] = reading.values;
      return;
    case Shape::kInteger:
      object[key] = std::stoll(reading.first());
      return;
    case Shape::kUrl:
      if (auto url = Url::parse(reading.first(), &base)) object[key] = url->href();
      return;
    case Shape::kTerms:
      object[key] = terms_of(reading.values);
      return;
    case Shape::kHistory:
      object[key] = history_of(reading.values);
      return;
  }
}

std::vector<Place> GroupReader::items(const GroupRule& group) const {
  std::vector<Place> out;
  for (const SelectorPtr& selector : group.items) {
    for (Node node : selector->select(page_.document().root())) {
      if (group.skip && group.skip->matches(node)) continue;
      if (!out.empty()) out.back().until = node;
      out.push_back({node, {}, nullptr, nullptr});
      if (out.size() == kMaxItems) return out;
    }
    if (!out.empty()) return out;
  }
  if (!group.json_items) return out;
  for (const Json* item : fields_.json_items(*group.json_items)) {
    if (out.size() == kMaxItems) break;
    out.push_back({page_.document().root(), {}, nullptr, item});
  }
  return out;
}

Json GroupReader::read_item(const GroupRule& group, const Place& item) const {
  Json object = Json::object();
  for (const FieldRule& field : group.fields) {
    put(object, std::string(field.shape->name), *field.shape, fields_.read(field, item), page_.base_url());
  }
  return object;
}

Json GroupReader::read(const GroupRule& group) const {
  Json list = Json::array();
  for (const Place& item : items(group)) {
    Json object = read_item(group, item);
    const bool again = !list.empty() && list.back() == object;  // a part and its copy for another view
    if (!object.empty() && !again) list.push_back(std::move(object));
  }
  return list;
}

namespace {

// Full and short view, or a list and its hidden copy: one list that stands twice is one list.
void drop_repeat(Json& people) {
  const std::size_t half = people.size() / 2;
  if (people.size() < 4 || people.size() % 2 != 0) return;
  for (std::size_t i = 0; i < half; ++i) {
    if (people[i]["name"] != people[half + i]["name"]) return;
  }
  for (std::size_t i = 0; i < half; ++i) {
    for (const char* key : {"affiliations", "orcid"}) {
      if (!people[i].contains(key) && people[half + i].contains(key)) people[i][key] = people[half + i][key];
    }
  }
  people.erase(people.begin() + static_cast<std::ptrdiff_t>(half), people.end());
}

}  // namespace

// One element that holds all names, "A. Lee, B. Ek and C. Ng", where the rule of `name` says what to split it at.
bool GroupReader::add_split_names(const GroupRule& people, const Place& item, Json& list) const {
  const FieldRule* name = field_named(people, "name");
  const auto splits = [](const Source& source) { return !source.split.empty(); };
  if (!name || std::none_of(name->sources.begin(), name->sources.end(), splits)) return false;
  const Reading names = fields_.read(*name, item);
  if (names.values.size() < 2) return false;
  for (const std::string& value : names.values) {
    for (const std::string& one : split_names(value)) {
      Json person = read_person(one);
      if (!person.empty()) list.push_back(std::move(person));
    }
  }
  return true;
}

Json GroupReader::read_people(const GroupRule& people, const GroupRule* affiliations) const {
  std::map<std::string, std::string> by_mark;
  if (affiliations) {
    for (const Json& one : read(*affiliations)) by_mark[mark_of(text_of(one, "mark"))] = text_of(one, "text");
  }
  const FieldRule* marks = field_named(people, "marks");
  Json list = Json::array();
  for (const Place& item : items(people)) {
    Json object = read_item(people, item);
    if (add_split_names(people, item, list)) continue;
    const bool collective = object.contains("collective") && object.contains("name");
    Json person =
        collective ? Json{{"name", object["name"]}} : read_person(text_of(object, "name"), text_of(object, "index"));
    if (person.empty()) continue;
    for (const char* key : {"given", "family", "orcid"}) {
      if (object.contains(key)) person[key] = object[key];
    }
    if (object.contains("collective")) person["collective"] = true;
    Json places = object.value("affiliations", Json::array());
    for (const std::string& mark :
         places.empty() && marks ? marks_of(fields_.read(*marks, item)) : std::vector<std::string>()) {
      auto it = by_mark.find(mark);
      if (it != by_mark.end()) places.push_back(it->second);
    }
    if (!places.empty()) person["affiliations"] = std::move(places);
    list.push_back(std::move(person));
  }
  drop_repeat(list);
  return list;
}

Json GroupReader::read_sections(const GroupRule& sections) const {
  std::vector<Place> all = items(sections);
  NodeSet nested;
  for (const Place& item : all) nested.push_back(item.node.index());
  Json list = Json::array();
  std::vector<Node> open;
  for (Place& item : all) {
    place_level(open, item.node);
    item.leave_out = &nested;
    Json section = read_item(sections, item);
    if (section.empty()) continue;
    section["level"] = open.size();
    list.push_back(std::move(section));
  }
  return list;
}

Json GroupReader::read_works(const GroupRule& works) const {
  Json list = read(works);
  for (Json& work : list) {
    std::string url = text_of(work, "url");
    if (!work.contains("pmid")) {
      if (auto pmid = pmid_of_link(url)) work["pmid"] = *pmid;
    }
    if (!work.contains("pmcid")) {
      if (auto pmcid = pmcid_of_link(url)) work["pmcid"] = *pmcid;
    }
    if (!work.contains("doi")) {
      if (auto doi = doi_of_resolver_link(url)) work["doi"] = *doi;
    }
  }
  return list;
}

}  // namespace vellum::plugins
