// The value of one <meta name="citation_reference">: "citation_title=...; citation_author=...; citation_doi=...", or a
// reference as plain text.
//
// Threads: any; pure.     Source: Google Scholar's inclusion guidelines and HighWire's practice

#pragma once

#include <string_view>

#include "base/json.h"

namespace vellum::plugins {

// {"text", "title", "doi", "pmid", "url"} as far as the value says; an empty object if it says nothing.
// Values may contain semicolons (DOIs of SICI form do), so only "; citation_" ends one.
Json read_citation_reference(std::string_view value);

}  // namespace vellum::plugins
