// What the citation formats need of a record, read leniently.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace vellum::cli {

struct CitedPerson {
  std::string given, family;  // empty: only `name` is known, or it is a group
  std::string name;
};

struct CitedDate {
  std::vector<int> parts;  // year, month, day; as many as are known
};

const Json& member(const Json& object, const char* key);  // null where absent
std::vector<CitedPerson> people(const Json& record, const char* key);
CitedDate published(const Json& record);
CitedDate date_of(std::string_view text);  // "2019-01"
std::string journal_title(const Json& record);
std::string identifier(const Json& record, const char* key);
std::string pages_or_elocator(const Json& record);
std::string plain_abstract(const Json& record);  // paragraphs joined, labels before them
std::vector<std::string> texts(const Json& record, const char* key);

}  // namespace vellum::cli
