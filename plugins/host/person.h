// Names of people and groups as pages print them, to the record's {name, given, family, collective}.
//
// A page seldom says which of "Ana Maria Lopez Garcia" is the family name, and no rule knows. So given and family are
// set only where the page tells them apart: "Lopez Garcia, Ana Maria", "Kim YH", or an index form beside the full name
// (PubMed's author links search for "Kim+YH").
//
// Threads: any; pure functions.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace vellum::plugins {

// {"name": "Young Hwa Kim", ...}. `index_form` is "Kim YH" where the page has one, else "".
// An empty object if `text` holds no name ("et al.", marks only).
Json read_person(std::string_view text, std::string_view index_form = "");

// "Woo PC;Lau SK;" or "A. Smith, B. Jones and C. Doe" to single names. A comma separates names only if no part of the
// list looks like "Family, Given".
std::vector<std::string> split_names(std::string_view list);

}  // namespace vellum::plugins
