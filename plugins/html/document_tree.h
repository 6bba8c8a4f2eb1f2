// The arena behind html::Document: flat vectors in document order, so that a node is a number and a sub-tree a range.
//
// For document.cpp, node.cpp, the text functions and the selector engine; no one else includes it.
//
// Threads: immutable once built, but for the text indexes, which are made on first use under a once_flag.

#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/html/atoms.h"
#include "plugins/html/document.h"
#include "plugins/html/text_index.h"

namespace vellum::html {

inline constexpr std::uint32_t kNoNode = 0xFFFFFFFF;
inline constexpr std::uint32_t kNoOffset = 0xFFFFFFFF;

// How an element counts when text is read from it.
enum TextTrait : std::uint8_t {
  kHidden = 1u << 0,     // not for readers: script, style, head, ...
  kBlockBox = 1u << 1,   // begins and ends a line
  kLineBreak = 1u << 2,  // br
  kMarkup = 1u << 3,     // sub, sup, i, em, b, strong: kept in inline HTML
  // How a block is laid out in plain text.
  kEmptyLines = 1u << 4,  // before and after it: p, h1, table, ...
  kCell = 1u << 5,        // td, th
  kPreformatted = 1u << 6,
  kListItem = 1u << 7,
  kLayout = kEmptyLines | kCell | kPreformatted | kListItem,
};

struct NodeRecord {
  std::uint32_t parent = kNoNode;
  std::uint32_t end = 0;             // one past the last node of the sub-tree
  std::uint32_t previous = kNoNode;  // sibling
  Atom name = kNoAtom;
  std::uint32_t first = 0;           // attribute, or byte of `text`
  std::uint32_t count = 0;           // attributes, or bytes
  std::uint32_t first_class = 0;     // in class_tokens; up to the next node's
  std::uint32_t offset = kNoOffset;  // in source: start tag, text
  std::uint32_t content_begin = 0;   // in source: inner source; both 0 if there is none
  std::uint32_t content_end = 0;
  NodeType type = NodeType::kDocument;
  std::uint8_t traits = 0;  // TextTrait
};

struct AttributeRecord {
  Atom name;
  std::uint32_t begin, size;  // of the value, in `text`
};

struct Document::Tree {
  std::string source;
  std::string charset;
  bool is_xml = false;
  std::string text;               // text nodes, comments, attribute values, as parsed
  std::vector<NodeRecord> nodes;  // [0] is the document
  std::vector<AttributeRecord> attributes;
  std::vector<Atom> class_tokens;  // sorted for each node
  Atoms atoms;
  PostingLists by_name, by_class, by_id, by_attribute;
  std::uint32_t html = kNoNode, head = kNoNode, body = kNoNode;

  std::string_view text_of(const NodeRecord& node) const { return view(node.first, node.count); }
  std::string_view value_of(const AttributeRecord& attribute) const { return view(attribute.begin, attribute.size); }
  const AttributeRecord* find_attribute(const NodeRecord& node, Atom name) const;
  bool has_class(std::uint32_t node, Atom name) const;
  bool is_element(std::uint32_t node) const { return nodes[node].type == NodeType::kElement; }
  std::uint32_t next_sibling(std::uint32_t node) const;
  // The nearest sibling before it that is an element; kNoNode if there is none.
  std::uint32_t previous_element(std::uint32_t node) const;
  std::uint32_t next_element(std::uint32_t node) const;

  // Text of every node for :has-text (case folded) and :matches-text (as it is); made when first asked for.
  const TextIndex& text_index(TextIndex::Case letters) const;

 private:
  std::string_view view(std::uint32_t begin, std::uint32_t size) const {
    return std::string_view(text.data() + begin, size);
  }
  mutable std::once_flag plain_once_, folded_once_;
  mutable std::unique_ptr<TextIndex> plain_, folded_;
};

// Fills a Tree in document order. Whoever parses calls it; it knows no parser.
class TreeBuilder {
 public:
  explicit TreeBuilder(Document::Tree& tree);

  // Returns the new node's number. Close what you open.
  std::uint32_t open(NodeType type, std::uint32_t parent);
  Atom set_name(std::uint32_t node, std::string_view lower_case_name);  // returns the name's
  void set_name(std::uint32_t node, Atom known_name);                   // one that the other gave
  void add_attribute(std::uint32_t node, std::string_view lower_case_name, std::string_view value);
  void set_text(std::uint32_t node, std::string_view text);
  void close(std::uint32_t node) { tree_.nodes[node].end = static_cast<std::uint32_t>(tree_.nodes.size()); }
  // After the last node: makes the indexes and finds html, head and body.
  void finish();

 private:
  void add_classes(std::uint32_t node, std::string_view value);
  void find_landmarks();
  std::uint32_t store(std::string_view text);

  Document::Tree& tree_;
  std::vector<std::uint32_t> last_child_;  // by node
  std::vector<std::uint16_t> traits_;      // by atom; 0x100 set where known
  std::vector<PostingLists::Pair> classes_, ids_;
};

// By tag name; TextTrait.
std::uint8_t text_traits_of(std::string_view name);

}  // namespace vellum::html
