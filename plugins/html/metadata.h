// What a page says of itself in its head: meta names, JSON-LD, embedded JSON.
// Threads: any.

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "plugins/html/document.h"

namespace vellum::html {

// All <meta name|property|itemprop content> of a page, in order, names lower-cased.
class Metadata {
 public:
  explicit Metadata(const Document& page);
  // Values in order of appearance, white space folded, empty ones left out. `name` in any case.
  std::vector<std::string> all(std::string_view name) const;
  std::string first(std::string_view name) const;  // "" if none
  const std::vector<std::pair<std::string, std::string>>& entries() const { return entries_; }

 private:
  std::vector<std::pair<std::string, std::string>> entries_;
};

// Every JSON-LD object of the page: arrays and @graph flattened; blocks that do not parse are left out.
std::vector<Json> json_ld(const Document& page);

}  // namespace vellum::html
