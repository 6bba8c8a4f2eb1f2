#include "plugins/html/document_tree.h"

#include <algorithm>
#include <array>

namespace vellum::html {
namespace {

struct NamesWithTrait {
  std::string_view names;
  std::uint8_t traits;
};

// A table: https://html.spec.whatwg.org/#the-css-user-agent-style-sheet-and-presentational-hints for what is a block;
// what is hidden is what no reader of the page would read out.
constexpr std::array kTextTraits = {
    NamesWithTrait{"head script style template noscript noframes noembed iframe datalist annotation annotation-xml",
                   kHidden},
    NamesWithTrait{"address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt "
                   "fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li "
                   "listing main menu nav ol optgroup option p plaintext pre search section select summary table tbody "
                   "td textarea tfoot th thead title tr ul xmp",
                   kBlockBox},
    NamesWithTrait{"br", kLineBreak},
    NamesWithTrait{"sub sup i em b strong", kMarkup},
    NamesWithTrait{"p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure article section header footer nav aside "
                   "main form fieldset address hr",
                   kEmptyLines},
    NamesWithTrait{"td th", kCell},
    NamesWithTrait{"pre", kPreformatted},
    NamesWithTrait{"li", kListItem},
};

bool lists(std::string_view names, std::string_view name) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    if (names.substr(0, end) == name) return true;
    names.remove_prefix(std::min(end + 1, names.size()));
  }
  return false;
}

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

}  // namespace

std::uint8_t text_traits_of(std::string_view name) {
  unsigned traits = 0;
  for (const NamesWithTrait& row : kTextTraits) {
    if (lists(row.names, name)) traits |= row.traits;
  }
  return static_cast<std::uint8_t>(traits);
}

const AttributeRecord* Document::Tree::find_attribute(const NodeRecord& node, Atom name) const {
  if (node.type != NodeType::kElement || name == kNoAtom) return nullptr;
  const AttributeRecord* first = attributes.data() + node.first;
  const AttributeRecord* last = first + node.count;
  const AttributeRecord* found = std::find_if(first, last, [&](const AttributeRecord& a) { return a.name == name; });
  return found == last ? nullptr : found;
}

bool Document::Tree::has_class(std::uint32_t node, Atom name) const {
  const std::size_t end = node + 1 < nodes.size() ? nodes[node + 1].first_class : class_tokens.size();
  const auto last = class_tokens.begin() + static_cast<std::ptrdiff_t>(end);
  return name != kNoAtom && std::binary_search(class_tokens.begin() + nodes[node].first_class, last, name);
}

std::uint32_t Document::Tree::next_sibling(std::uint32_t node) const {
  const NodeRecord& record = nodes[node];
  return record.parent != kNoNode && record.end < nodes[record.parent].end ? record.end : kNoNode;
}

std::uint32_t Document::Tree::previous_element(std::uint32_t node) const {
  do {
    node = nodes[node].previous;
  } while (node != kNoNode && !is_element(node));
  return node;
}

std::uint32_t Document::Tree::next_element(std::uint32_t node) const {
  do {
    node = next_sibling(node);
  } while (node != kNoNode && !is_element(node));
  return node;
}

const TextIndex& Document::Tree::text_index(TextIndex::Case letters) const {
  const bool folded = letters == TextIndex::Case::kFolded;
  std::unique_ptr<TextIndex>& index = folded ? folded_ : plain_;
  std::call_once(folded ? folded_once_ : plain_once_, [&] { index = std::make_unique<TextIndex>(*this, letters); });
  return *index;
}

// Pages have a node for each 30 bytes or so; what is reserved in vain is never touched.
TreeBuilder::TreeBuilder(Document::Tree& tree) : tree_(tree) {
  const std::size_t nodes = tree.source.size() / 24 + 16;
  tree.text.reserve(tree.source.size());
  tree.nodes.reserve(nodes);
  tree.attributes.reserve(nodes / 2);
  last_child_.reserve(nodes);
}

std::uint32_t TreeBuilder::open(NodeType type, std::uint32_t parent) {
  const auto node = static_cast<std::uint32_t>(tree_.nodes.size());
  NodeRecord& record = tree_.nodes.emplace_back();
  record.type = type;
  record.parent = parent;
  record.end = node + 1;
  record.first_class = static_cast<std::uint32_t>(tree_.class_tokens.size());
  last_child_.push_back(kNoNode);
  if (parent != kNoNode) {
    record.previous = last_child_[parent];
    last_child_[parent] = node;
  }
  return node;
}

Atom TreeBuilder::set_name(std::uint32_t node, std::string_view name) {
  constexpr std::uint16_t kKnown = 0x100;
  const Atom atom = tree_.atoms.intern(name);
  if (atom >= traits_.size()) traits_.resize(atom + 1, 0);
  std::uint16_t& traits = traits_[atom];
  if (traits == 0) traits = static_cast<std::uint16_t>(kKnown | text_traits_of(name));
  set_name(node, atom);
  return atom;
}

void TreeBuilder::set_name(std::uint32_t node, Atom name) {
  NodeRecord& record = tree_.nodes[node];
  record.name = name;
  record.first = static_cast<std::uint32_t>(tree_.attributes.size());
  record.traits = static_cast<std::uint8_t>(traits_[name]);
}

std::uint32_t TreeBuilder::store(std::string_view text) {
  const auto begin = static_cast<std::uint32_t>(tree_.text.size());
  tree_.text += text;
  return begin;
}

void TreeBuilder::add_attribute(std::uint32_t node, std::string_view name, std::string_view value) {
  tree_.attributes.push_back({tree_.atoms.intern(name), store(value), static_cast<std::uint32_t>(value.size())});
  ++tree_.nodes[node].count;
  if (name == "class") add_classes(node, value);
  if (name == "id" && !value.empty()) ids_.emplace_back(tree_.atoms.intern(value), node);
}

void TreeBuilder::add_classes(std::uint32_t node, std::string_view value) {
  const auto first = static_cast<std::ptrdiff_t>(tree_.class_tokens.size());
  for (std::size_t at = 0; at < value.size();) {
    while (at < value.size() && is_space(value[at])) ++at;
    std::size_t end = at;
    while (end < value.size() && !is_space(value[end])) ++end;
    if (end > at) tree_.class_tokens.push_back(tree_.atoms.intern(value.substr(at, end - at)));
    at = end;
  }
  const auto begin = tree_.class_tokens.begin() + first;
  std::sort(begin, tree_.class_tokens.end());
  tree_.class_tokens.erase(std::unique(begin, tree_.class_tokens.end()), tree_.class_tokens.end());
  for (auto token = tree_.class_tokens.begin() + first; token != tree_.class_tokens.end(); ++token) {
    classes_.emplace_back(*token, node);
  }
}

void TreeBuilder::set_text(std::uint32_t node, std::string_view text) {
  tree_.nodes[node].first = store(text);
  tree_.nodes[node].count = static_cast<std::uint32_t>(text.size());
}

void TreeBuilder::finish() {
  std::vector<PostingLists::Pair> names, attributes;
  names.reserve(tree_.nodes.size());
  attributes.reserve(tree_.attributes.size());
  for (std::uint32_t node = 0; node < tree_.nodes.size(); ++node) {
    const NodeRecord& record = tree_.nodes[node];
    if (record.type != NodeType::kElement) continue;
    names.emplace_back(record.name, node);
    for (std::uint32_t i = 0; i < record.count; ++i) {
      attributes.emplace_back(tree_.attributes[record.first + i].name, node);
    }
  }
  const std::size_t atoms = tree_.atoms.size();
  tree_.by_name.build(names, atoms);
  tree_.by_attribute.build(attributes, atoms);
  tree_.by_class.build(classes_, atoms);
  tree_.by_id.build(ids_, atoms);
  find_landmarks();
}

// html is the document's element; head and body (or frameset) are its children.
void TreeBuilder::find_landmarks() {
  for (std::uint32_t node = 1; node < tree_.nodes.size(); node = tree_.nodes[node].end) {
    if (tree_.is_element(node)) tree_.html = node;
  }
  if (tree_.html == kNoNode) return;
  for (std::uint32_t node = tree_.html + 1; node < tree_.nodes[tree_.html].end; node = tree_.nodes[node].end) {
    const std::string_view name = tree_.atoms.text(tree_.nodes[node].name);
    if (name == "head" && tree_.head == kNoNode) tree_.head = node;
    if ((name == "body" || name == "frameset") && tree_.body == kNoNode) tree_.body = node;
  }
}

}  // namespace vellum::html
