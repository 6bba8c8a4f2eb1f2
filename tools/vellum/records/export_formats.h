// Article records in the formats of reference managers and publishers: CSL-JSON, BibTeX, RIS, JATS, schema.org.
//
// Pure functions over a vellum.article/1 record; what the record does not have is left out.
//
// Threads: any. Spec: CSL-JSON 1.0.2 schema; BibTeX as biber and bibtex8 read it (UTF-8); RIS 2011; JATS 1.3
// (Archiving); schema.org 2024.

#pragma once

#include <string>

#include "base/json.h"

namespace vellum::cli {

// Has a title and is a work: an article, book or file. Searches, issues and blocked pages are not cited.
bool is_citable(const Json& record);

Json to_csl(const Json& record);

// "kim2019cellular": first author, year, first long word of the title, ASCII only; "untitled" where nothing is known.
std::string citation_key(const Json& record);
// One entry, ending in a line break. `key` as the caller made it unique.
std::string to_bibtex(const Json& record, const std::string& key);

// One reference, "TY  - ..." to "ER  - ", lines ending in CRLF as the format asks.
std::string to_ris(const Json& record);

// One <article> with front matter and reference list. Where it does not stand alone, what is around it declares xlink.
std::string to_jats(const Json& record, bool stands_alone);

// A ScholarlyArticle or Book as JSON-LD, with its context.
Json to_schema_org(const Json& record);

}  // namespace vellum::cli
