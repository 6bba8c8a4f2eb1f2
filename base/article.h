// The article record, "vellum.article/1": what every plugin yields, whatever the site.
//
// It is a JSON object, so that a plugin may run in the program, in a worker process, or in another language; its keys,
// their order and their types are fixed here (article.cpp has the table) and shown in docs/formats.md.
// Absent is absent: no empty strings, no empty lists but where the page shows an empty list, no guesses.
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace vellum::article {

inline constexpr std::string_view kSchema = "vellum.article/1";

// Puts keys in the schema's order at every level, normalises text (NFC, white space folded), drops empty strings,
// nulls, empty objects and empty lists, and sets "schema". Idempotent.
void tidy(Json& record);

// What is wrong against the schema, one line each with a JSON pointer: unknown key, wrong type, bad DOI. Empty: fine.
std::vector<std::string> faults(const Json& record);

// Known top-level keys in order, for rule files ("unknown field `titel`, did you mean `title`?").
const std::vector<std::string>& field_names();

// Number of distinct DOIs that the record cites (references; not its own).
std::size_t cited_doi_count(const Json& record);

}  // namespace vellum::article
