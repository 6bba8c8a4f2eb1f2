// How right the plugins are: recall and precision of each field, site by site, beside what the generic reader alone
// gets, and on how many pages the field is right as a whole.
//
// Expected records are NDJSON, one page a line:
// {"file":"pages/x/a.html","site":"x","url":"https://...","expect":{...}}, `file` relative to the folder above the
// NDJSON's. Keys of `expect` are the record's; `doi`, `pmid` and `pmcid` are those of `ids`, `journal` is a title or
// its abbreviation.
//
// Texts are compared by their words, without case, accents and punctuation; long ones are alike from a share of words
// in common on (F1): abstracts 0.95, captions of figures and printed references 0.85. Recall and precision count
// values, items of lists one by one, references by their distinct DOIs. A list is right on a page only if it has the
// same items in the same order; of references, whose texts are compared there, one in twenty may differ.
//
// Threads: any.

#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <utility>

#include "base/error.h"
#include "plugins/host/registry.h"

namespace vellum::plugins {

struct FieldScore {
  std::size_t wanted = 0, found = 0, right = 0;  // values (items of lists)
  std::size_t pages = 0, whole = 0;              // that expect the field; on which all of it is right
  double recall() const { return wanted == 0 ? 1.0 : static_cast<double>(right) / static_cast<double>(wanted); }
  double precision() const { return found == 0 ? 1.0 : static_cast<double>(right) / static_cast<double>(found); }
};

struct ScoreBoard {
  std::size_t pages = 0;
  // By site ("" is all) and field: the plugin's, and the generic reader's.
  std::map<std::pair<std::string, std::string>, std::pair<FieldScore, FieldScore>> rows;
};

// kNotFound: the file, or a page that it names; kInvalid: a line that is no such object (file:line).
Result<ScoreBoard> score_plugins(const Registry& registry, const std::filesystem::path& expected);

}  // namespace vellum::plugins
