// What rule files can fill: the record's fields and the keys of its repeated groups, with the clean-up that each gets
// where the rule names none.
//
// Threads: any; constant data.

#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vellum::plugins {

enum class Shape {
  kText,     // the first value
  kMarkup,   // the first value; its inline markup is kept in <key>_html
  kTexts,    // all values
  kInteger,  // the first value, as a number
  kUrl,      // the first value, resolved against the page
  kTerms,    // MeSH terms; a trailing '*' marks a major topic
  kHistory,  // "Received 2024 Aug 27; Accepted ..." or, with `event`, one date
};

struct FieldShape {
  std::string_view name;  // "journal.title"
  Shape shape = Shape::kText;
  std::string_view clean = {};  // name of the default clean-up step, "" for white space only
};

struct GroupShape {
  std::string_view name;
  std::span<const FieldShape> fields;
};

std::span<const FieldShape> record_fields();
std::span<const GroupShape> record_groups();

const FieldShape* find_field(std::span<const FieldShape> fields, std::string_view name);  // nullptr if unknown
const GroupShape* find_group(std::string_view name);                                      // nullptr if unknown
std::vector<std::string> names_of(std::span<const FieldShape> fields);

}  // namespace vellum::plugins
