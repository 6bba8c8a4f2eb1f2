#include "base/text.h"
#include "plugins/html/document.h"
#include "plugins/html/document_tree.h"
#include "plugins/html/text_sink.h"

namespace vellum::html {
namespace {

struct PlainReader {
  std::string& out;
  SpaceFolder folder{out};

  void enter(std::uint32_t, const NodeRecord& record) {
    if ((record.traits & (kBlockBox | kLineBreak)) != 0) folder.separate();
  }
  void leave(std::uint32_t, const NodeRecord& record) {
    if ((record.traits & kBlockBox) != 0) folder.separate();
  }
  void hidden(std::uint32_t) {}
  void text(std::string_view piece) { folder.add(piece); }
};

// Start tags are held back until there is text for them, so that "<i></i>" leaves nothing.
struct InlineReader {
  const Document::Tree& tree;
  std::uint32_t root;
  std::string& out;
  SpaceFolder folder{out};
  std::vector<Atom> held{};

  void enter(std::uint32_t node, const NodeRecord& record) {
    if ((record.traits & (kBlockBox | kLineBreak)) != 0) folder.separate();
    if ((record.traits & kMarkup) != 0 && node != root) held.push_back(record.name);
  }
  void leave(std::uint32_t node, const NodeRecord& record) {
    if ((record.traits & kBlockBox) != 0) folder.separate();
    if ((record.traits & kMarkup) == 0 || node == root) return;
    if (!held.empty()) {
      held.pop_back();
    } else {
      out.append("</").append(tree.atoms.text(record.name)).append(">");
    }
  }
  void hidden(std::uint32_t) {}
  void text(std::string_view piece) {
    folder.add(piece, [this](std::string_view word) {
      for (const Atom name : held) out.append("<").append(tree.atoms.text(name)).append(">");
      held.clear();
      out += escape_html(word);
    });
  }
};

}  // namespace

std::string read_text(const Document::Tree& tree, std::uint32_t node) {
  std::string out;
  PlainReader reader{.out = out};
  // Most links and headings hold one text and nothing else.
  if (tree.nodes[node].end == node + 2 && tree.nodes[node + 1].type == NodeType::kText) {
    reader.text(tree.text_of(tree.nodes[node + 1]));
    return out;
  }
  walk_text(tree, node, reader);
  return out;
}

std::string Node::text() const {
  return document_ ? read_text(*document_->tree_, index_) : std::string();
}

bool Node::has_text() const {
  if (!document_) return false;
  const Document::Tree& tree = *document_->tree_;
  for (std::uint32_t node = index_; node < tree.nodes[index_].end;) {
    const NodeRecord& record = tree.nodes[node];
    const bool is_text = record.type == NodeType::kText;
    if (is_text && !fold_space(tree.text_of(record)).empty()) return true;
    const bool is_left_out = !is_text && (record.traits & kHidden) != 0 && node != index_;
    node = is_left_out ? record.end : node + 1;
  }
  return false;
}

std::string Node::inline_html() const {
  std::string out;
  if (!document_) return out;
  InlineReader reader{.tree = *document_->tree_, .root = index_, .out = out};
  walk_text(*document_->tree_, index_, reader);
  return out;
}

std::string Node::raw_text() const {
  std::string out;
  if (!document_) return out;
  const Document::Tree& tree = *document_->tree_;
  for (std::uint32_t node = index_; node < tree.nodes[index_].end; ++node) {
    if (tree.nodes[node].type == NodeType::kText) out += tree.text_of(tree.nodes[node]);
  }
  return out;
}

}  // namespace vellum::html
