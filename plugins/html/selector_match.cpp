#include "plugins/html/selector_match.h"

#include <string.h>

#include <algorithm>

#include "base/case_fold.h"
#include "base/text.h"
#include "plugins/html/text_sink.h"

namespace vellum::html {
namespace {

using Kind = PseudoClass::Kind;

// Below this many steps to ancestors and siblings, remembering costs more than it saves.
constexpr std::size_t kStepsBeforeRemembering = 2048;
// All texts that one search gives to :matches-text() patterns; nested candidates share most of theirs.
constexpr std::size_t kMaxPatternBytes = 256u << 20;

bool is_space(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

bool equal(std::string_view a, std::string_view b, bool ignore_case) {
  return ignore_case ? equals_ignore_case(a, b) : a == b;
}

bool includes_word(std::string_view value, std::string_view word, bool ignore_case) {
  for (std::size_t at = 0; at < value.size();) {
    while (at < value.size() && is_space(value[at])) ++at;
    std::size_t end = at;
    while (end < value.size() && !is_space(value[end])) ++end;
    if (end > at && equal(value.substr(at, end - at), word, ignore_case)) return true;
    at = end;
  }
  return false;
}

// memmem, since it is linear where find() is not.
const char* find_in(std::string_view text, std::string_view part) {
  return static_cast<const char*>(memmem(text.data(), text.size(), part.data(), part.size()));
}

bool contains(std::string_view value, std::string_view part, bool ignore_case = false) {
  if (ignore_case) return contains(to_lower_ascii(value), to_lower_ascii(part));
  return find_in(value, part) != nullptr;
}

std::vector<std::size_t> places_of(std::string_view text, std::string_view part) {
  std::vector<std::size_t> places;
  for (std::string_view rest = text; const char* found = find_in(rest, part);) {
    places.push_back(static_cast<std::size_t>(found - text.data()));
    rest = text.substr(places.back() + 1);
  }
  return places;
}

// `part` is not empty: the standard has the empty string match nothing.
bool fits_value(const AttributeTest& test, std::string_view value) {
  using Operator = AttributeTest::Operator;
  const std::string_view part = test.value;
  const bool ignore_case = test.ignore_case;
  switch (test.op) {
    case Operator::kExists:
      return true;
    case Operator::kEquals:
      return equal(value, part, ignore_case);
    case Operator::kIncludes:
      return includes_word(value, part, ignore_case);
    case Operator::kDashMatch:
      return equal(value.substr(0, part.size()), part, ignore_case) &&
             (value.size() == part.size() || value[part.size()] == '-');
    case Operator::kPrefix:
      return !part.empty() && equal(value.substr(0, part.size()), part, ignore_case);
    case Operator::kSuffix:
      return !part.empty() && value.size() >= part.size() &&
             equal(value.substr(value.size() - part.size()), part, ignore_case);
    case Operator::kSubstring:
      return !part.empty() && contains(value, part, ignore_case);
  }
  return false;
}

// Whether ordinal = step * n + offset for some n >= 0.
bool fits_nth(const PseudoClass& pseudo, std::int64_t ordinal) {
  const std::int64_t distance = ordinal - pseudo.offset;
  if (pseudo.step == 0) return distance == 0;
  return distance % pseudo.step == 0 && distance / pseudo.step >= 0;
}

}  // namespace

SelectorMatch::SelectorMatch(const SelectorAst& selector, const Document::Tree& tree, std::uint32_t scope)
    : selector_(selector), tree_(tree), scope_(scope), ordinals_(tree) {
  atoms_.reserve(selector.names.size());
  for (const std::string& name : selector.names) atoms_.push_back(tree.atoms.find(name));
}

std::vector<std::uint32_t> SelectorMatch::all() {
  std::vector<Node> found;
  for (const ComplexSelector& selector : selector_.list) {
    if (!can_fit(selector)) continue;
    const std::size_t last = selector.parts.size() - 1;
    for_each_candidate(selector.parts[last].compound, scope_ + 1, tree_.nodes[scope_].end, [&](Node node) {
      if (fits(selector, last, node)) found.push_back(node);
      return true;
    });
  }
  if (selector_.list.size() > 1) {
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
  }
  return found;
}

std::uint32_t SelectorMatch::first() {
  Node best = kNoNode;
  for (const ComplexSelector& selector : selector_.list) {
    if (!can_fit(selector)) continue;
    const std::size_t last = selector.parts.size() - 1;
    const Node end = std::min(best, tree_.nodes[scope_].end);
    for_each_candidate(selector.parts[last].compound, scope_ + 1, end, [&](Node node) {
      if (!fits(selector, last, node)) return true;
      best = node;
      return false;
    });
  }
  return best;
}

bool SelectorMatch::matches(Node node) {
  return tree_.is_element(node) && fits_any(selector_.list, node);
}

std::optional<PostingLists::List> SelectorMatch::shortest_list(const CompoundSelector& compound) const {
  std::optional<PostingLists::List> best;
  const auto offer = [&best](const PostingLists::List& list) {
    if (!best || list.size() < best->size()) best = list;
  };
  for (const NameIndex id : compound.ids) offer(tree_.by_id.of(atom(id)));
  for (const NameIndex name : compound.classes) offer(tree_.by_class.of(atom(name)));
  for (const AttributeTest& test : compound.attributes) offer(tree_.by_attribute.of(atom(test.name)));
  if (compound.tag) offer(tree_.by_name.of(atom(*compound.tag)));
  return best;
}

// Visits elements in [from, to) that may fit, in order, until `visit` returns false.
template <class Visit>
void SelectorMatch::for_each_candidate(const CompoundSelector& compound, Node from, Node to, Visit visit) {
  if (from >= to) return;
  if (const auto list = shortest_list(compound)) {
    for (const Node node : list->within(from, to)) {
      if (!visit(node)) return;
    }
    return;
  }
  for (Node node = from; node < to; ++node) {
    if (tree_.is_element(node) && !visit(node)) return;
  }
}

// False if a part asks for a name that the page does not have: then nothing need be tried.
bool SelectorMatch::can_fit(const ComplexSelector& selector) const {
  return std::all_of(selector.parts.begin(), selector.parts.end(), [&](const ComplexSelector::Part& part) {
    const auto list = shortest_list(part.compound);
    return !list || list->size() > 0;
  });
}

bool SelectorMatch::fits_any(const SelectorList& list, Node node) {
  return std::any_of(list.begin(), list.end(),
                     [&](const ComplexSelector& selector) { return fits(selector, selector.parts.size() - 1, node); });
}

bool SelectorMatch::fits(const ComplexSelector& selector, std::size_t part, Node node) {
  return fits_compound(selector.parts[part].compound, node) && (part == 0 || fits_before(selector, part, node));
}

// The nearest node in the direction of a combinator, kNoNode if there is none.
SelectorMatch::Node SelectorMatch::step(Node node, Combinator way) const {
  if (way == Combinator::kNextSibling || way == Combinator::kLaterSibling) return tree_.previous_element(node);
  // The document counts as a parent, since it may be the scope.
  return tree_.nodes[node].parent;
}

bool SelectorMatch::fits_before(const ComplexSelector& selector, std::size_t part, Node node) {
  const Combinator way = selector.parts[part].combinator;
  if (way == Combinator::kDescendant || way == Combinator::kLaterSibling) {
    return some_fits(selector, part - 1, node, way);
  }
  const Node next = step(node, way);
  return next != kNoNode && fits(selector, part - 1, next);
}

// Whether some node on the way fits. Answers are the same for all nodes that were passed, and are kept once it pays.
bool SelectorMatch::some_fits(const ComplexSelector& selector, std::size_t part, Node node, Combinator way) {
  const std::uint32_t id = selector.parts[part].compound.id;
  bool found = false;
  Node at = node;
  while (true) {
    if (!known_.empty() && !known_[id].empty() && known_[id][at] != Known::kNothing) {
      found = known_[id][at] == Known::kYes;
      break;
    }
    const Node next = step(at, way);
    if (next == kNoNode) break;
    ++steps_;
    found = fits(selector, part, next);
    if (found) break;
    at = next;
  }
  if (steps_ < kStepsBeforeRemembering) return found;
  if (known_.empty()) known_.resize(selector_.compound_count);
  if (known_[id].empty()) known_[id].resize(tree_.nodes.size(), Known::kNothing);
  for (Node passed = node;; passed = step(passed, way)) {
    known_[id][passed] = found ? Known::kYes : Known::kNo;
    if (passed == at) break;
  }
  return found;
}

bool SelectorMatch::fits_compound(const CompoundSelector& compound, Node node) {
  const NodeRecord& record = tree_.nodes[node];
  const bool named = compound.tag || !compound.ids.empty() || !compound.classes.empty() || !compound.attributes.empty();
  // The document is no element: only :scope fits it.
  if (record.type != NodeType::kElement && (named || compound.pseudos.empty())) return false;
  if (compound.tag && record.name != atom(*compound.tag)) return false;
  for (const NameIndex id : compound.ids) {
    if (!tree_.by_id.of(atom(id)).contains(node)) return false;
  }
  for (const NameIndex name : compound.classes) {
    if (!tree_.has_class(node, atom(name))) return false;
  }
  for (const AttributeTest& test : compound.attributes) {
    if (!fits_attribute(test, record)) return false;
  }
  return std::all_of(compound.pseudos.begin(), compound.pseudos.end(),
                     [&](const PseudoClass& pseudo) { return fits_pseudo(pseudo, node); });
}

bool SelectorMatch::fits_attribute(const AttributeTest& test, const NodeRecord& record) const {
  const AttributeRecord* attribute = tree_.find_attribute(record, atom(test.name));
  return attribute && fits_value(test, tree_.value_of(*attribute));
}

bool SelectorMatch::fits_pseudo(const PseudoClass& pseudo, Node node) {
  if (pseudo.kind == Kind::kScope) return node == scope_;
  if (!tree_.is_element(node)) return false;
  switch (pseudo.kind) {
    case Kind::kIs:
      return fits_any(pseudo.list, node);
    case Kind::kNot:
      return !fits_any(pseudo.list, node);
    case Kind::kHas:
      return has(pseudo, node);
    case Kind::kFirstChild:
      return tree_.previous_element(node) == kNoNode;
    case Kind::kLastChild:
      return tree_.next_element(node) == kNoNode;
    case Kind::kOnlyChild:
      return tree_.previous_element(node) == kNoNode && tree_.next_element(node) == kNoNode;
    case Kind::kFirstOfType:
      return ordinals_.among_named(node) == 1;
    case Kind::kLastOfType:
      return ordinals_.is_last_named(node);
    case Kind::kNthChild:
      return fits_nth(pseudo, ordinals_.among_all(node));
    case Kind::kNthOfType:
      return fits_nth(pseudo, ordinals_.among_named(node));
    case Kind::kEmpty:
      return is_empty(node);
    case Kind::kHasText:
      return has_text(pseudo, node);
    case Kind::kMatchesText:
      return matches_text(pseudo, node);
    case Kind::kScope:
      break;
  }
  return false;
}

bool SelectorMatch::is_empty(Node node) const {
  for (Node child = node + 1; child < tree_.nodes[node].end; child = tree_.nodes[child].end) {
    if (tree_.nodes[child].type != NodeType::kComment) return false;
  }
  return true;
}

// Few nodes are looked into one by one, as long as that is little work; else the page is marked once for all of them.
bool SelectorMatch::has(const PseudoClass& pseudo, Node node) {
  const bool is_below = std::all_of(pseudo.list.begin(), pseudo.list.end(), [](const ComplexSelector& selector) {
    const Combinator way = selector.parts[0].combinator;
    return selector.parts.size() == 1 && (way == Combinator::kDescendant || way == Combinator::kChild);
  });
  if (!is_below || !is_cheap_to_read(pseudo, node)) return having(pseudo)[node];
  return std::any_of(pseudo.list.begin(), pseudo.list.end(),
                     [&](const ComplexSelector& selector) { return has_inside(selector, node); });
}

bool SelectorMatch::has_inside(const ComplexSelector& selector, Node node) {
  const ComplexSelector::Part& part = selector.parts[0];
  bool found = false;
  for_each_candidate(part.compound, node + 1, tree_.nodes[node].end, [&](Node inner) {
    const bool in_place = part.combinator == Combinator::kDescendant || tree_.nodes[inner].parent == node;
    found = in_place && fits_compound(part.compound, inner);
    return !found;
  });
  return found;
}

const std::vector<bool>& SelectorMatch::having(const PseudoClass& pseudo) {
  if (having_.empty()) having_.resize(selector_.pseudo_count);
  std::unique_ptr<std::vector<bool>>& marks = having_[pseudo.id];
  if (!marks) {
    marks = std::make_unique<std::vector<bool>>(tree_.nodes.size(), false);
    for (const ComplexSelector& selector : pseudo.list) mark_having(selector, *marks);
  }
  return *marks;
}

// From the nodes that fit the last part, goes back part by part to everything that stands in the right relation to some
// of them. A node is passed once for each part, since all before a marked one are marked.
void SelectorMatch::mark_having(const ComplexSelector& selector, std::vector<bool>& marks) {
  std::vector<Node> fitting;
  const std::size_t last = selector.parts.size() - 1;
  for_each_candidate(selector.parts[last].compound, 0, static_cast<Node>(tree_.nodes.size()), [&](Node node) {
    if (fits_compound(selector.parts[last].compound, node)) fitting.push_back(node);
    return true;
  });
  for (std::size_t part = last + 1; part-- > 0;) {
    const Combinator way = selector.parts[part].combinator;
    const bool far = way == Combinator::kDescendant || way == Combinator::kLaterSibling;
    std::vector<bool> seen(tree_.nodes.size(), false);
    std::vector<Node> related;
    for (const Node from : fitting) {
      for (Node node = step(from, way); node != kNoNode && !seen[node]; node = far ? step(node, way) : kNoNode) {
        seen[node] = true;
        related.push_back(node);
      }
    }
    if (part == 0) {
      for (const Node node : related) marks[node] = true;
      return;
    }
    const CompoundSelector& left = selector.parts[part - 1].compound;
    related.erase(std::remove_if(related.begin(), related.end(), [&](Node node) { return !fits_compound(left, node); }),
                  related.end());
    fitting = std::move(related);
  }
}

// Few nodes are read one by one; when they come to a good part of the page, the page's text is indexed once for all.
bool SelectorMatch::is_cheap_to_read(const PseudoClass& pseudo, Node node) {
  if (nodes_read_.empty()) nodes_read_.resize(selector_.pseudo_count);
  nodes_read_[pseudo.id] += tree_.nodes[node].end - node;
  return nodes_read_[pseudo.id] <= tree_.nodes.size() / 4;
}

bool SelectorMatch::has_text(const PseudoClass& pseudo, Node node) {
  if (is_cheap_to_read(pseudo, node)) return contains(fold_case(read_text(tree_, node)), pseudo.text);
  const TextIndex& index = tree_.text_index(TextIndex::Case::kFolded);
  if (places_.empty()) places_.resize(selector_.pseudo_count);
  std::optional<std::vector<std::size_t>>& places = places_[pseudo.id];
  if (!places) places = places_of(index.all(), pseudo.text);
  const TextIndex::Range range = index.range_of(node);
  const auto place = std::lower_bound(places->begin(), places->end(), range.begin);
  return place != places->end() && *place + pseudo.text.size() <= range.end;
}

bool SelectorMatch::matches_text(const PseudoClass& pseudo, Node node) {
  if (is_cheap_to_read(pseudo, node)) return pseudo.pattern->matches(read_text(tree_, node));
  const std::string_view text = tree_.text_index(TextIndex::Case::kKept).text_of(node);
  pattern_bytes_ += text.size();
  return pattern_bytes_ <= kMaxPatternBytes && pseudo.pattern->matches(text);
}

}  // namespace vellum::html
