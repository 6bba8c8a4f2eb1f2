#include "plugins/host/gaps.h"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"

namespace vellum::plugins {
namespace {

bool lists(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

// The last word of the family name, "" where the name has none.
std::string name_key(const Json& person) {
  const std::string family = text_of(person, "family");
  const std::string name = to_lower_ascii(family.empty() ? text_of(person, "name") : family);
  const std::size_t blank = name.rfind(' ');
  return blank == std::string::npos ? name : name.substr(blank + 1);
}

void add_details(Json& person, const Json& other) {
  for (const char* key : {"affiliations", "orcid"}) {
    if (!person.contains(key) && other.contains(key)) person[key] = other[key];
  }
}

// Two lists of the same people, as the head and the body of a page have them. Namesakes are told by their place.
void enrich_people(Json& people, const Json& others) {
  if (!people.is_array() || !others.is_array()) return;
  std::map<std::string, std::vector<const Json*>> by_name;
  for (const Json& other : others) by_name[name_key(other)].push_back(&other);
  const bool same_size = people.size() == others.size();
  for (std::size_t i = 0; i < people.size(); ++i) {
    const std::string key = name_key(people[i]);
    const auto named = by_name.find(key);
    if (key.empty() || named == by_name.end()) continue;
    if (same_size && name_key(others[i]) == key) {
      add_details(people[i], others[i]);
    } else if (named->second.size() == 1) {
      add_details(people[i], *named->second.front());
    }
  }
}

bool is_people(const std::string& key) {
  return key == "authors" || key == "editors";
}

void put_first(Json& record, const std::string& key, const Json& generic) {
  if (!generic.contains(key)) return;
  const Json own = record.contains(key) ? record[key] : Json();
  record[key] = generic[key];
  if (is_people(key)) enrich_people(record[key], own);
}

void fill_key(Json& record, const std::string& key, const Json& value) {
  if (!record.contains(key)) {
    record[key] = value;
  } else if (is_people(key)) {
    enrich_people(record[key], value);
  } else if (record[key].is_object() && value.is_object()) {
    for (const auto& [inner, inner_value] : value.items()) {
      if (!record[key].contains(inner)) record[key][inner] = inner_value;
    }
  }
}

}  // namespace

void fill_gaps(Json& record, const Json& generic, const Body& body) {
  for (const std::string& key : body.generic_first) put_first(record, key, generic);
  const bool numbered = record.contains("pages") || record.contains("elocator");
  for (const auto& [key, value] : generic.items()) {
    const bool known_number = numbered && (key == "pages" || key == "elocator");
    if (!lists(body.not_from_generic, key) && key != "kind" && !known_number) fill_key(record, key, value);
  }
}

}  // namespace vellum::plugins
