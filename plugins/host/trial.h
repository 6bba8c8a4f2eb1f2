// What each selector of a plugin, and its library, finds on one page: for the author.
//
// Threads: any.

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plugins/host/page.h"
#include "plugins/host/registry.h"

namespace vellum::plugins {

struct SourceTrial {
  std::string field;     // "title", "authors.items", "authors.name" (read on the first item)
  std::string source;    // as the rule file spells it
  std::size_t hits = 0;  // values, or items
  std::string first;     // the first value, "" if none
  bool chosen = false;   // the one that the record's value comes from
};

struct Trial {
  std::string layout;                // the one that fits the page
  std::vector<SourceTrial> sources;  // in the order of the rule file; then what a library gave, source "native"
  std::vector<std::string> log;      // the library's lines
  std::optional<PluginFault> fault;  // of the library
};

// kNotFound: no plugin of that id, or none of its layouts fits the page. kInvalid, kTooLarge: the page cannot be read.
Result<Trial> try_plugin(const Registry& registry, std::string_view plugin_id, const PageInput& input);

}  // namespace vellum::plugins
