// How values of the record may be written on a page.

#include <array>

#include "base/text.h"
#include "plugins/host/field_reader.h"
#include "plugins/host/value_search.h"

namespace vellum::plugins {
namespace {

constexpr std::array<const char*, 12> kMonths = {"January", "February", "March",     "April",   "May",      "June",
                                                 "July",    "August",   "September", "October", "November", "December"};

// "2019-01-03" also as "3 January 2019", "January 3, 2019", "2019 Jan 3" and "03/01/2019".
std::vector<std::string> dates(const std::string& date) {
  std::vector<std::string> out = {date};
  const auto parts = split(date, '-');
  const std::size_t month = parts.size() > 1 && parts[1].size() == 2
                                ? static_cast<std::size_t>((parts[1][0] - '0') * 10 + (parts[1][1] - '0'))
                                : 0;
  if (month < 1 || month > kMonths.size()) return out;
  const std::string year(parts[0]);
  const std::string long_name = kMonths[month - 1];
  for (const std::string& name : {long_name, long_name.substr(0, 3)}) {
    if (parts.size() == 2) {
      out.insert(out.end(), {name + year, year + name});
      continue;
    }
    std::string day(parts[2]);
    if (day.starts_with('0')) day.erase(0, 1);
    out.insert(out.end(), {day + name + year, std::string(parts[2]) + name + year, name + day + year,
                           name + std::string(parts[2]) + year, year + name + day});
  }
  if (parts.size() == 3) out.push_back(std::string(parts[2]) + std::string(parts[1]) + year);
  return out;
}

// "Ann Lee" also as "Lee, Ann".
std::vector<std::string> people(const Json& person) {
  const std::string name = text_of(person, "name"), given = text_of(person, "given"),
                    family = text_of(person, "family");
  std::vector<std::string> out = {name};
  if (!given.empty() && !family.empty()) out.insert(out.end(), {given + family, family + given});
  const std::size_t last = name.rfind(' ');
  if (last != std::string::npos) out.push_back(name.substr(last) + name.substr(0, last));
  return out;
}

}  // namespace

std::vector<std::string> spellings_of(const Json& record, std::string_view field) {
  if (field == "published") return dates(text_of(record, "published"));
  if (field == "abstract" && record.contains("abstract") && !record["abstract"].empty()) {
    return {text_of(record["abstract"][0], "text")};
  }
  if (field == "history" && record.contains("history") && !record["history"].empty()) {
    return dates(text_of(record["history"][0], "date"));
  }
  std::string path(field);
  if (record.contains(path) && record[path].is_array()) path += "[0]";
  const std::string value = record_text(record, path);
  return value.empty() ? values_at(record, std::string(field) + "[0]") : std::vector<std::string>{value};
}

std::vector<std::vector<std::string>> item_spellings(const Json& record, std::string_view field) {
  std::vector<std::vector<std::string>> out;
  const auto list = record.find(std::string(field));
  if (list == record.end() || !list->is_array()) return out;
  for (const Json& item : *list) {
    if (item.is_string()) {
      out.push_back({item.get<std::string>()});
      continue;
    }
    if (!item.is_object()) continue;
    std::vector<std::string> ways = item.contains("name") ? people(item) : std::vector<std::string>();
    for (const char* key : {"text", "title", "caption", "label", "term"}) {
      if (!text_of(item, key).empty()) ways.push_back(text_of(item, key));
    }
    if (!ways.empty()) out.push_back(std::move(ways));
  }
  return out;
}

}  // namespace vellum::plugins
