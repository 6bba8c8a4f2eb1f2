// What a version of a plugin wins and loses against another, field by field, over any number of pages.
//
// Memory: by plugins, layouts and fields, and a few example addresses for each; not by pages. Threads: one a matrix.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"

namespace vellum::plugins {

enum class FieldChange { kSame, kWon, kLost, kChanged };

struct FieldTally {
  static constexpr std::size_t kExamples = 3;
  std::uint64_t same = 0, won = 0, lost = 0, changed = 0;
  // By FieldChange, at most kExamples: addresses, and what the field was there and is now, around where these part.
  std::array<std::vector<std::string>, 4> examples;
  std::array<std::vector<std::pair<std::string, std::string>>, 4> values;
};

// The record's fields with their values: "title", "journal.title", "authors". Head, layout and verdict are left out;
// kind and the verdict's word are fields here, since a plugin decides them.
std::map<std::string, Json> field_values(const Json& record);

class FieldMatrix {
 public:
  // Of one page; `where` is its address and time.
  void add(const Json& before, const Json& after, const std::string& where);
  std::uint64_t pages() const { return pages_; }
  std::uint64_t pages_with_losses() const { return pages_with_losses_; }
  // By layout that reads the page now ("" where the plugin has none) and field, in order.
  const std::map<std::pair<std::string, std::string>, FieldTally>& rows() const { return rows_; }

 private:
  std::map<std::pair<std::string, std::string>, FieldTally> rows_;
  std::uint64_t pages_ = 0, pages_with_losses_ = 0;
};

}  // namespace vellum::plugins
