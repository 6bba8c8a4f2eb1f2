#include "plugins/html/document.h"
#include "plugins/html/document_tree.h"

namespace vellum::html {

// Every accessor of a falsy Node answers with nothing, so that rules can chain without asking at each step.

NodeType Node::type() const {
  return document_ ? document_->tree_->nodes[index_].type : NodeType::kDocument;
}

std::string_view Node::name() const {
  if (!document_) return {};
  const Document::Tree& tree = *document_->tree_;
  return tree.atoms.text(tree.nodes[index_].name);
}

std::optional<std::string_view> Node::attribute(std::string_view name) const {
  if (!document_) return std::nullopt;
  const Document::Tree& tree = *document_->tree_;
  const AttributeRecord* found = tree.find_attribute(tree.nodes[index_], tree.atoms.find(name));
  if (!found) return std::nullopt;
  return tree.value_of(*found);
}

std::vector<std::pair<std::string_view, std::string_view>> Node::attributes() const {
  std::vector<std::pair<std::string_view, std::string_view>> all;
  if (!is_element()) return all;
  const Document::Tree& tree = *document_->tree_;
  const NodeRecord& record = tree.nodes[index_];
  all.reserve(record.count);
  for (std::uint32_t i = 0; i < record.count; ++i) {
    const AttributeRecord& attribute = tree.attributes[record.first + i];
    all.emplace_back(tree.atoms.text(attribute.name), tree.value_of(attribute));
  }
  return all;
}

bool Node::has_class(std::string_view name) const {
  if (!document_) return false;
  const Document::Tree& tree = *document_->tree_;
  return tree.has_class(index_, tree.atoms.find(name));
}

std::string_view Node::own_text() const {
  if (!document_) return {};
  const NodeRecord& record = document_->tree_->nodes[index_];
  const bool has_text = record.type == NodeType::kText || record.type == NodeType::kComment;
  return has_text ? document_->tree_->text_of(record) : std::string_view();
}

Node Node::parent() const {
  if (!document_) return {};
  const std::uint32_t parent = document_->tree_->nodes[index_].parent;
  return parent == kNoNode ? Node() : Node(document_, parent);
}

Node Node::first_child() const {
  if (!document_) return {};
  return document_->tree_->nodes[index_].end > index_ + 1 ? Node(document_, index_ + 1) : Node();
}

Node Node::next_sibling() const {
  if (!document_) return {};
  const std::uint32_t next = document_->tree_->next_sibling(index_);
  return next == kNoNode ? Node() : Node(document_, next);
}

Node Node::previous_sibling() const {
  if (!document_) return {};
  const std::uint32_t previous = document_->tree_->nodes[index_].previous;
  return previous == kNoNode ? Node() : Node(document_, previous);
}

Node Node::next_in_tree(Node scope) const {
  if (!document_ || scope.document_ != document_) return {};
  return index_ + 1 < document_->tree_->nodes[scope.index_].end ? Node(document_, index_ + 1) : Node();
}

std::string_view Node::inner_source() const {
  if (!document_) return {};
  const NodeRecord& record = document_->tree_->nodes[index_];
  const std::string_view source = document_->tree_->source;
  return source.substr(record.content_begin, record.content_end - record.content_begin);
}

bool Node::is_block() const {
  return document_ && (document_->tree_->nodes[index_].traits & kBlockBox) != 0;
}

std::int64_t Node::offset() const {
  if (!document_) return -1;
  const std::uint32_t offset = document_->tree_->nodes[index_].offset;
  return offset == kNoOffset ? -1 : std::int64_t{offset};
}

}  // namespace vellum::html
