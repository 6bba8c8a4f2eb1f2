// The selector engine against one that anybody can read: for each element it asks each part of the selector in turn, by
// the definition, with no list, no index and no memory.

#include <gtest/gtest.h>

#include <algorithm>

#include "base/case_fold.h"
#include "base/text.h"
#include "plugins/html/selector.h"
#include "plugins/html/selector_ast.h"
#include "tests/plugins/html/random_page.h"

namespace vellum::html {
namespace {

using Kind = PseudoClass::Kind;

class SlowSelector {
 public:
  SlowSelector(const SelectorAst& ast, Node scope) : ast_(ast), scope_(scope) {}

  std::vector<Node> select() const {
    std::vector<Node> found;
    for (Node node = scope_.next_in_tree(scope_); node; node = node.next_in_tree(scope_)) {
      if (node.is_element() && any(ast_.list, node)) found.push_back(node);
    }
    return found;
  }

 private:
  bool any(const SelectorList& list, Node node) const {
    return std::any_of(list.begin(), list.end(),
                       [&](const ComplexSelector& each) { return complex(each, each.parts.size() - 1, node, Node()); });
  }

  // `anchor` is the element that :has() is asked of, falsy outside of it.
  bool complex(const ComplexSelector& selector, std::size_t part, Node node, Node anchor) const {
    if (!compound(selector.parts[part].compound, node)) return false;
    if (part == 0 && !anchor) return true;
    const auto left = [&](Node other) {
      return part == 0 ? other == anchor : other && complex(selector, part - 1, other, anchor);
    };
    switch (selector.parts[part].combinator) {
      case Combinator::kChild:
        return left(node.parent());
      case Combinator::kNextSibling:
        return left(previous_element(node));
      case Combinator::kDescendant:
        for (Node up = node.parent(); up; up = up.parent()) {
          if (left(up)) return true;
        }
        return false;
      case Combinator::kLaterSibling:
        for (Node before = previous_element(node); before; before = previous_element(before)) {
          if (left(before)) return true;
        }
        return false;
      case Combinator::kNone:
        break;
    }
    return false;
  }

  bool compound(const CompoundSelector& parts, Node node) const {
    if (!node.is_element()) return false;
    if (parts.tag && node.name() != name(*parts.tag)) return false;
    for (const NameIndex id : parts.ids) {
      if (node.attribute("id") != std::string_view(name(id))) return false;
    }
    const std::string classes = fold_space(node.attribute("class").value_or(""));
    const auto words = split(classes, ' ');
    for (const NameIndex each : parts.classes) {
      if (std::find(words.begin(), words.end(), name(each)) == words.end()) return false;
    }
    return std::all_of(parts.attributes.begin(), parts.attributes.end(),
                       [&](const AttributeTest& test) { return attribute(test, node); }) &&
           std::all_of(parts.pseudos.begin(), parts.pseudos.end(),
                       [&](const PseudoClass& test) { return pseudo(test, node); });
  }

  bool attribute(const AttributeTest& test, Node node) const {
    using Operator = AttributeTest::Operator;
    const auto found = node.attribute(name(test.name));
    if (!found) return false;
    const std::string value = test.ignore_case ? to_lower_ascii(*found) : std::string(*found);
    const std::string wanted = test.ignore_case ? to_lower_ascii(test.value) : test.value;
    const auto words = split(value, ' ');
    switch (test.op) {
      case Operator::kExists:
        return true;
      case Operator::kEquals:
        return value == wanted;
      case Operator::kIncludes:
        return std::find(words.begin(), words.end(), wanted) != words.end();
      case Operator::kDashMatch:
        return value == wanted || value.starts_with(wanted + "-");
      case Operator::kPrefix:
        return value.starts_with(wanted);
      case Operator::kSuffix:
        return value.ends_with(wanted);
      case Operator::kSubstring:
        return value.find(wanted) != std::string::npos;
    }
    return false;
  }

  bool pseudo(const PseudoClass& test, Node node) const {
    switch (test.kind) {
      case Kind::kIs:
        return any(test.list, node);
      case Kind::kNot:
        return !any(test.list, node);
      case Kind::kHas:
        return has(test, node);
      case Kind::kScope:
        return node == scope_;
      case Kind::kFirstChild:
        return place(node, false).first == 1;
      case Kind::kLastChild:
        return place(node, false).first == place(node, false).second;
      case Kind::kOnlyChild:
        return place(node, false).second == 1;
      case Kind::kFirstOfType:
        return place(node, true).first == 1;
      case Kind::kLastOfType:
        return place(node, true).first == place(node, true).second;
      case Kind::kNthChild:
        return nth(test, place(node, false).first);
      case Kind::kNthOfType:
        return nth(test, place(node, true).first);
      case Kind::kEmpty:
        return node.raw_text().empty() && !has_element_child(node);
      case Kind::kHasText:
        return fold_case(node.text()).find(test.text) != std::string::npos;
      case Kind::kMatchesText:
        return test.pattern->matches(node.text());
    }
    return false;
  }

  bool has(const PseudoClass& test, Node node) const {
    for (Node other = node.document().root(); other; other = other.next_in_tree(node.document().root())) {
      for (const ComplexSelector& each : test.list) {
        if (complex(each, each.parts.size() - 1, other, node)) return true;
      }
    }
    return false;
  }

  // Ordinal among the siblings, and how many there are; of the same name, if asked.
  static std::pair<int, int> place(Node node, bool same_name) {
    int ordinal = 0, count = 0;
    for (Node child = node.parent().first_child(); child; child = child.next_sibling()) {
      if (!child.is_element() || (same_name && child.name() != node.name())) continue;
      ++count;
      if (child == node) ordinal = count;
    }
    return {ordinal, count};
  }

  static bool nth(const PseudoClass& test, int ordinal) {
    for (int n = 0; n < 10000; ++n) {
      if (test.step * n + test.offset == ordinal) return true;
    }
    return false;
  }

  static bool has_element_child(Node node) {
    for (Node child = node.first_child(); child; child = child.next_sibling()) {
      if (child.is_element()) return true;
    }
    return false;
  }

  static Node previous_element(Node node) {
    do {
      node = node.previous_sibling();
    } while (node && !node.is_element());
    return node;
  }

  const std::string& name(NameIndex index) const { return ast_.names[index]; }

  const SelectorAst& ast_;
  Node scope_;
};

void compare(const Document& page, const std::string& text, Node scope) {
  const Result<Selector> fast = Selector::compile(text);
  const Result<SelectorAst> ast = parse_selector(text);
  ASSERT_TRUE(fast && ast) << text;
  const std::vector<Node> wanted = SlowSelector(*ast, scope).select();
  const std::vector<Node> found = fast->select(scope);
  ASSERT_EQ(found.size(), wanted.size()) << text << "\n" << page.source();
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], wanted[i]) << text << "\n" << page.source();
  ASSERT_EQ(fast->first(scope), wanted.empty() ? Node() : wanted.front()) << text << "\n" << page.source();
}

TEST(SelectorOracle, AgreesOnSmallTrees) {
  int hits = 0;
  for (std::uint32_t seed = 1; seed <= 800; ++seed) {
    test::Chance chance(seed);
    const Result<Document> page = Document::parse(test::random_tree(chance, 4 + chance.below(30)));
    ASSERT_TRUE(page);
    for (int i = 0; i < 4; ++i) {
      const std::string text = test::random_selector(chance);
      const Node scope = chance.one_in(3) && page->by_id("x") ? page->by_id("x") : page->root();
      compare(*page, text, scope);
      if (HasFatalFailure()) return;
      if (Selector::compile(text)->first(page->root())) ++hits;
    }
  }
  EXPECT_GT(hits, 800);  // else it compares nothing with nothing
}

// Long searches remember what they know; that must not change the answer.
TEST(SelectorOracle, AgreesWhereSearchesRemember) {
  for (std::uint32_t seed = 1; seed <= 12; ++seed) {
    test::Chance chance(seed);
    const Result<Document> page = Document::parse(test::random_tree(chance, 1500));
    ASSERT_TRUE(page);
    for (const char* text : {"div span q", ".a ~ .b ~ .c", "div > .a .b ~ q", "section.a ins .c > span ~ div.b",
                             ".a .b .c .a .b", "q:not(.a .b ~ .c)", "div:is(.a ~ .b, section > .c) ul"}) {
      compare(*page, text, page->root());
      if (HasFatalFailure()) return;
    }
  }
}

}  // namespace
}  // namespace vellum::html
