// What changed in an article between two of its records, field by field.
//
// Only what a reader of the article would call a change: when, where from and by which plugin version a record was read
// is left out, and so are the numbers of references, which move when one is put in before. Lists are aligned by their
// items, so that an author more is one change and not a shift of all that follow.
//
// Threads: any.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"

namespace vellum::article {

struct FieldChange {
  std::string field;  // path in the record of the old side (of the new side where added): "authors/2/name"
  Json from, to;      // null: absent
  // False for what the site shows around the article and changes at will: similar articles, citations, links.
  bool is_of_article = true;
};

// In the schema's order. Empty: the same article.
std::vector<FieldChange> compare(const Json& from, const Json& to);

}  // namespace vellum::article
