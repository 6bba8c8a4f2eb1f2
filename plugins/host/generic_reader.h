// What any page says of itself: Highwire, EPrints, PRISM, bepress, Open Graph, Dublin Core, JSON-LD.
//
// The floor that site plugins must beat, and what fills the fields that a site plugin leaves out. For each field the
// vocabularies are asked in one order, and authors come from one vocabulary only (Nature prints them in two).
//
// Threads: any.

#pragma once

#include "base/json.h"
#include "plugins/host/page_view.h"

namespace vellum::plugins {

inline constexpr std::string_view kGenericId = "org.vellum.generic";
inline constexpr int kGenericVersion = 1;

// A record without head and verdict; "kind" is "article", "book" or "other".
Json read_generic(const PageView& page);

// Fields of the page's JSON-LD work (ScholarlyArticle, Book, ...); an empty object if it has none.
Json read_json_ld(const PageView& page);

}  // namespace vellum::plugins
