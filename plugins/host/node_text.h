// The text of a part of a page with some of its parts left out: a caption without its label, a reference without its
// link words, a section without its sub-sections.
//
// Threads: any.

#pragma once

#include <string>
#include <vector>

#include "plugins/html/document.h"
#include "plugins/html/selector.h"

namespace vellum::plugins {

// Nodes to leave out, by Node::index(), ascending.
using NodeSet = std::vector<std::uint32_t>;

bool contains(const NodeSet& set, const html::Node& node);
void add_matches(NodeSet& set, const html::Selector& selector, html::Node scope);

// What is left out of a text: parts of its own, and parts that a whole list of texts shares.
struct Cut {
  NodeSet own;
  const NodeSet* shared = nullptr;
  bool empty() const { return own.empty() && (!shared || shared->empty()); }
  bool holds(const html::Node& node) const { return contains(own, node) || (shared && contains(*shared, node)); }
};

// Like Node::text() with the sub-trees in `without` left out. White space folded. Linear.
std::string text_without(html::Node node, const Cut& without);

// The same with sub, sup, i, em, b and strong kept as bare tags and the rest escaped; "" if none of them occurs, since
// then it says no more than the text.
std::string inline_html_without(html::Node node, const Cut& without);

// The next node in document order that is not below `node`, inside `scope`; falsy at its end.
html::Node next_after(html::Node node, html::Node scope);

// True if `node` is `ancestor` or below it.
bool is_inside(html::Node node, html::Node ancestor);

}  // namespace vellum::plugins
