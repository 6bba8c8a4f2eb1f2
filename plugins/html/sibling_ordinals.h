// The how-manieth child a node is, of all elements and of those with its name. Counted once for each parent that is
// asked about, so that a list of 100,000 items costs one pass.
//
// Threads: one search, one thread.

#pragma once

#include <cstdint>
#include <vector>

#include "plugins/html/document_tree.h"

namespace vellum::html {

class SiblingOrdinals {
 public:
  explicit SiblingOrdinals(const Document::Tree& tree) : tree_(tree) {}

  // From 1.
  std::uint32_t among_all(std::uint32_t node) { return counted(node).among_all; }
  std::uint32_t among_named(std::uint32_t node) { return counted(node).among_named; }
  bool is_last_named(std::uint32_t node) { return counted(node).is_last_named; }

 private:
  struct Ordinal {
    std::uint32_t among_all = 0;  // 0: not counted yet
    std::uint32_t among_named : 31 = 0;
    std::uint32_t is_last_named : 1 = 0;
  };

  const Ordinal& counted(std::uint32_t node);
  void count_children(std::uint32_t parent);

  const Document::Tree& tree_;
  std::vector<Ordinal> ordinals_;     // by node
  std::vector<std::uint32_t> named_;  // by atom; all 0 between calls
};

}  // namespace vellum::html
