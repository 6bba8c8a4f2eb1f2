#include "plugins/host/node_text.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace vellum::plugins {
namespace {

using html::Node;
using html::NodeType;

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::binary_search(names.begin(), names.end(), name);
}

// Elements that run on in a line; all others separate words.
bool is_inline(Node node) {
  if (node.document().is_xml()) return !node.is_block();
  static constexpr std::array<std::string_view, 33> kInline = {
      "a",    "abbr",  "acronym", "b",      "bdi",    "bdo", "big",   "cite", "code", "data", "del",
      "dfn",  "em",    "font",    "i",      "ins",    "kbd", "label", "mark", "nobr", "q",    "s",
      "samp", "small", "span",    "strike", "strong", "sub", "sup",   "time", "tt",   "u",    "var"};
  static_assert(std::is_sorted(kInline.begin(), kInline.end()));
  return is_one_of(node.name(), kInline);
}

bool is_unread(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kUnread = {"head",  "noscript", "object",  "script",
                                                              "style", "template", "textarea"};
  return is_one_of(name, kUnread);
}

bool is_kept_tag(std::string_view name) {
  static constexpr std::array<std::string_view, 6> kKept = {"b", "em", "i", "strong", "sub", "sup"};
  return is_one_of(name, kKept);
}

// Walks a sub-tree in document order without recursion; calls enter, leave and text.
template <class Enter, class Leave, class Text>
void walk(Node root, const Cut& without, Enter enter, Leave leave, Text text) {
  Node node = root;
  while (node) {
    bool descend = false;
    if (node.type() == NodeType::kText) {
      text(node.own_text());
    } else if (node == root || (node.type() == NodeType::kElement && !is_unread(node.name()) && !without.holds(node))) {
      descend = true;
      enter(node);
    }
    Node next = descend ? node.first_child() : Node();
    if (descend && !next) leave(node);
    while (!next) {
      if (node == root) return;
      next = node.next_sibling();
      if (next) break;
      node = node.parent();
      leave(node);
    }
    node = next;
  }
}

}  // namespace

bool contains(const NodeSet& set, const html::Node& node) {
  return std::binary_search(set.begin(), set.end(), node.index());
}

void add_matches(NodeSet& set, const html::Selector& selector, html::Node scope) {
  for (Node node : selector.select(scope)) set.push_back(node.index());
  std::sort(set.begin(), set.end());
}

std::string text_without(Node node, const Cut& without) {
  std::string out;
  auto separate = [&](Node element) {
    if (!is_inline(element)) out += ' ';
  };
  walk(node, without, separate, separate, [&](std::string_view text) { out += text; });
  return fold_space(out);
}

std::string inline_html_without(Node node, const Cut& without) {
  std::string out;
  bool any = false;
  auto tag = [&](Node element, std::string_view opening) {
    if (element != node && is_kept_tag(element.name())) {
      any = true;
      out.append(opening).append(element.name()).append(">");
    } else if (!is_inline(element)) {
      out += ' ';
    }
  };
  walk(
      node, without, [&](Node element) { tag(element, "<"); }, [&](Node element) { tag(element, "</"); },
      [&](std::string_view text) { out += escape_html(text); });
  return any ? fold_space(out) : std::string();
}

Node next_after(Node node, Node scope) {
  while (node && node != scope) {
    if (Node next = node.next_sibling()) return next;
    node = node.parent();
  }
  return {};
}

bool is_inside(Node node, Node ancestor) {
  for (; node; node = node.parent()) {
    if (node == ancestor) return true;
  }
  return false;
}

}  // namespace vellum::plugins
