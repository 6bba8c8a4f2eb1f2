// How right the plugins are: precision and recall of each field, site by site, beside what the generic reader alone
// gets.
//
// Expected records are NDJSON, one page a line:
// {"file":"pages/x/a.html","site":"x","url":"https://...","expect":{...}}, `file` relative to the folder above the
// NDJSON's. Keys of `expect` are the record's; `doi`, `pmid` and `pmcid` are those of `ids`, `journal` is a title,
// lists (authors, figures, tables, references) are scored item by item, references by their DOIs, texts by their words.
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
