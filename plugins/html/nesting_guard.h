// How deep a page nests its elements, found in one pass over its text, before any parser sees it.
//
// A light model of the tree construction stage: a stack of open tags, with the implied end tags of p, li, td and their
// like, void elements, raw text, comments, CDATA, and end tags that stop at scope borders as the standard has it. It
// does not follow what a parser re-opens behind our back (active formatting elements), so it is exact on ordinary pages
// and may fall short on hostile ones: for these, ParseArena watches the real tree while it grows. Its purpose is that a
// page of 100,000 nested tags costs one quick pass and no parse.
//
// Threads: any. Spec: https://html.spec.whatwg.org/#tree-construction

#pragma once

#include <cstddef>
#include <string_view>

namespace vellum::html {

struct Nesting {
  std::size_t depth = 0;   // of the deepest element; html and body count as two
  std::size_t offset = 0;  // where its tag begins
};

// Stops at the first tag that is deeper than `limit`. Time is linear in the text, times `limit` at worst.
Nesting measure_nesting(std::string_view html, std::size_t limit);

}  // namespace vellum::html
