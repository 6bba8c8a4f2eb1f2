// The text of every node of a document at once, so that asking a thousand nodes for words costs one pass over the page.
//
// One long string holds the page's text as Node::text() gives it; a node's text is a stretch of it. What readers do not
// see (script, head, template, ...) lies behind in stretches of its own.
//
// Threads: immutable. Memory: owns its text; of the Document's Tree, which it must not outlive, it keeps nothing.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/html/document.h"

namespace vellum::html {

class TextIndex {
 public:
  enum class Case { kKept, kFolded };

  TextIndex(const Document::Tree& tree, Case letters);

  struct Range {
    std::size_t begin, end;
  };
  // Of the node's text in all(), without white space at its ends.
  Range range_of(std::uint32_t node) const;
  std::string_view text_of(std::uint32_t node) const;
  // Every node's text; stretches that do not belong together have a line feed between them.
  std::string_view all() const { return text_; }

 private:
  std::string text_;
  std::vector<std::size_t> begins_, ends_;  // by node
};

}  // namespace vellum::html
