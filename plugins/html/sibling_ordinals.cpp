#include "plugins/html/sibling_ordinals.h"

namespace vellum::html {

const SiblingOrdinals::Ordinal& SiblingOrdinals::counted(std::uint32_t node) {
  if (ordinals_.empty()) {
    ordinals_.resize(tree_.nodes.size());
    named_.resize(tree_.atoms.size(), 0);
  }
  if (ordinals_[node].among_all == 0) count_children(tree_.nodes[node].parent);
  return ordinals_[node];
}

void SiblingOrdinals::count_children(std::uint32_t parent) {
  std::uint32_t all = 0;
  const std::uint32_t end = tree_.nodes[parent].end;
  for (std::uint32_t node = parent + 1; node < end; node = tree_.nodes[node].end) {
    if (!tree_.is_element(node)) continue;
    ordinals_[node].among_all = ++all;
    ordinals_[node].among_named = ++named_[tree_.nodes[node].name] & 0x7FFFFFFF;
  }
  for (std::uint32_t node = parent + 1; node < end; node = tree_.nodes[node].end) {
    if (tree_.is_element(node)) {
      ordinals_[node].is_last_named = ordinals_[node].among_named == named_[tree_.nodes[node].name];
    }
  }
  for (std::uint32_t node = parent + 1; node < end; node = tree_.nodes[node].end) {
    if (tree_.is_element(node)) named_[tree_.nodes[node].name] = 0;
  }
}

}  // namespace vellum::html
