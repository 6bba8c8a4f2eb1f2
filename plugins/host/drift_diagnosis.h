// Why a field is lost, and what would find it again: the page as it was read well, held against the page as it is.
//
// Each source of the field's rule is tried on both pages; what hit before and hits no more is dead. Then the value that
// the record had is looked for on the new page, and the ways to it are handed on as sources for the rule file.
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "plugins/host/page.h"
#include "plugins/host/registry.h"

namespace vellum::plugins {

struct DeadSource {
  std::string field;        // "title", "authors.items"
  std::string source;       // as the rule file spells it, or the generic reader's meta name
  std::size_t rank = 0;     // 1: the first of the field's sources
  std::size_t hits = 0;     // on the page as it was
  bool was_chosen = false;  // the record's value came from it
};

struct Repair {
  std::string field;        // key of the rule file: "title", "authors.items"
  std::string source;       // to be written there
  std::string value;        // what it yields on the new page
  bool is_checked = false;  // it yields the value that the record had
};

struct Diagnosis {
  std::string layout_before, layout_now;  // layout_now is "" where none of the plugin's layouts fits
  bool has_layout = true;                 // one of them fits the new page
  std::vector<DeadSource> dead;
  std::vector<Repair> repairs;  // the best first
};

// `record` is what `good` was read as. An error where one of the pages cannot be parsed (kInvalid, kTooLarge) or the
// plugin is gone (kNotFound).
Result<Diagnosis> diagnose(const Registry& registry, std::string_view plugin, std::string_view field,
                           const PageInput& good, const PageInput& bad, const Json& record);

}  // namespace vellum::plugins
