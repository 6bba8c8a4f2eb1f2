// The shortest way from one sequence to another by removing and adding (Myers, "An O(ND) Difference Algorithm and Its
// Variations", Algorithmica 1, 1986; the linear-space form). For words, lines, or the items of a record's lists.
//
// Time is bounded: where two stretches differ in more than a few thousand places, they are given as one replacement, so
// that two unlike pages cost no more than two like ones. Space is linear. Never recursive on the input's depth beyond
// the logarithm of its length.
//
// Threads: any.

#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace vellum {

// Items [old_begin, old_end) became [new_begin, new_end). Where is_same both stretches are equal, else one may be
// empty.
struct Edit {
  bool is_same = false;
  std::size_t old_begin = 0, old_end = 0, new_begin = 0, new_end = 0;
};

// In order, covering both sequences; same and other stretches take turns.
std::vector<Edit> edit_script(std::span<const std::string_view> before, std::span<const std::string_view> after);

}  // namespace vellum
