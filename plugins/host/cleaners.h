// The clean-up steps that rule files call by name: text in, text out, or nothing where the text is not what the step
// reads.
//
//   find_cleaner("doi")->apply("doi: 10.1128/JVI.79.2.884-895.2005.")   -> "10.1128/jvi.79.2.884-895.2005"
//   find_cleaner("cit_volume")->apply("2005 Jan;79(2):884-95.")         -> "79"
//
// docs/plugins.md lists them; `summary` is what stands there.
//
// Threads: any; pure functions.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace vellum::plugins {

struct Cleaner {
  std::string_view name;
  std::string_view summary;
  std::optional<std::string> (*apply)(std::string_view text);
};

std::span<const Cleaner> all_cleaners();
const Cleaner* find_cleaner(std::string_view name);  // nullptr if there is none

}  // namespace vellum::plugins
