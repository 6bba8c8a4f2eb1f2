#include "tools/vellum/records/record_fields.h"

#include <charconv>

#include "base/text.h"

namespace vellum::cli {

const Json& member(const Json& object, const char* key) {
  static const Json kNothing;
  if (!object.is_object()) return kNothing;
  const auto found = object.find(key);
  return found == object.end() ? kNothing : *found;
}

std::vector<CitedPerson> people(const Json& record, const char* key) {
  std::vector<CitedPerson> list;
  for (const Json& person : member(record, key)) {
    CitedPerson one{text_of(person, "given"), text_of(person, "family"), text_of(person, "name")};
    if (flag_of(person, "collective")) one.given = one.family = "";
    if (one.name.empty()) one.name = one.given.empty() ? one.family : one.given + " " + one.family;
    if (!one.name.empty()) list.push_back(std::move(one));
  }
  return list;
}

CitedDate published(const Json& record) {
  return date_of(text_of(record, "published"));
}

CitedDate date_of(std::string_view text) {
  CitedDate date;
  for (const std::string_view part : split(text, '-')) {
    int value = 0;
    const auto end = std::from_chars(part.data(), part.data() + part.size(), value);
    if (end.ec != std::errc() || end.ptr != part.data() + part.size() || date.parts.size() == 3) break;
    date.parts.push_back(value);
  }
  return date;
}

std::string journal_title(const Json& record) {
  const Json& journal = member(record, "journal");
  std::string title = text_of(journal, "title");
  return title.empty() ? text_of(journal, "abbreviation") : title;
}

std::string identifier(const Json& record, const char* key) {
  return text_of(member(record, "ids"), key);
}

std::string pages_or_elocator(const Json& record) {
  std::string pages = text_of(record, "pages");
  return pages.empty() ? text_of(record, "elocator") : pages;
}

std::string plain_abstract(const Json& record) {
  std::string text;
  for (const Json& part : member(record, "abstract")) {
    if (!text.empty()) text += ' ';
    const std::string label = text_of(part, "label");
    if (!label.empty()) text += label + ": ";
    text += text_of(part, "text");
  }
  return text;
}

std::vector<std::string> texts(const Json& record, const char* key) {
  std::vector<std::string> list;
  for (const Json& item : member(record, key)) {
    if (item.is_string()) list.push_back(item.get<std::string>());
  }
  return list;
}

}  // namespace vellum::cli
