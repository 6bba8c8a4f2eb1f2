// One search with a compiled selector in one document.
//
// Candidates come from the document's lists (id, class, attribute, tag; the shortest wins) and are checked from right
// to left. What has been found out on the way up or to the left is remembered as soon as a search turns out long, so
// that a search is linear in the page for each part of the selector, however the page is built. :has() is answered for
// the whole page at once, from the inner matches outwards; :has-text() from one list of places in the page's text.
//
// Threads: one search, one thread. Memory: views the selector and the tree.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "plugins/html/document_tree.h"
#include "plugins/html/selector_ast.h"
#include "plugins/html/sibling_ordinals.h"

namespace vellum::html {

class SelectorMatch {
 public:
  SelectorMatch(const SelectorAst& selector, const Document::Tree& tree, std::uint32_t scope);

  std::vector<std::uint32_t> all();  // below the scope, in document order
  std::uint32_t first();             // kNoNode if there is none
  bool matches(std::uint32_t node);

 private:
  using Node = std::uint32_t;
  // What is known of "some ancestor (or earlier sibling) fits", by node.
  enum class Known : std::uint8_t { kNothing, kNo, kYes };

  template <class Visit>
  void for_each_candidate(const CompoundSelector& compound, Node from, Node to, Visit visit);
  std::optional<PostingLists::List> shortest_list(const CompoundSelector& compound) const;

  bool can_fit(const ComplexSelector& selector) const;
  bool fits_any(const SelectorList& list, Node node);
  bool fits(const ComplexSelector& selector, std::size_t part, Node node);
  bool fits_before(const ComplexSelector& selector, std::size_t part, Node node);
  bool some_fits(const ComplexSelector& selector, std::size_t part, Node node, Combinator way);
  bool fits_compound(const CompoundSelector& compound, Node node);
  bool fits_attribute(const AttributeTest& test, const NodeRecord& record) const;
  bool fits_pseudo(const PseudoClass& pseudo, Node node);
  bool is_empty(Node node) const;

  bool has(const PseudoClass& pseudo, Node node);
  bool has_inside(const ComplexSelector& selector, Node node);
  const std::vector<bool>& having(const PseudoClass& pseudo);
  void mark_having(const ComplexSelector& selector, std::vector<bool>& marks);
  bool is_cheap_to_read(const PseudoClass& pseudo, Node node);
  bool has_text(const PseudoClass& pseudo, Node node);
  bool matches_text(const PseudoClass& pseudo, Node node);

  Atom atom(NameIndex name) const { return atoms_[name]; }
  Node step(Node node, Combinator way) const;

  const SelectorAst& selector_;
  const Document::Tree& tree_;
  Node scope_;
  std::vector<Atom> atoms_;  // by NameIndex
  SiblingOrdinals ordinals_;
  std::size_t steps_ = 0;
  std::vector<std::vector<Known>> known_;                        // by compound; made when steps_ runs high
  std::vector<std::unique_ptr<std::vector<bool>>> having_;       // by pseudo
  std::vector<std::size_t> nodes_read_;                          // by pseudo
  std::vector<std::optional<std::vector<std::size_t>>> places_;  // by pseudo: where the text occurs in the page
  std::size_t pattern_bytes_ = 0;
};

}  // namespace vellum::html
