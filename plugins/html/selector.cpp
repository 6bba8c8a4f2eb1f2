#include "plugins/html/selector.h"

#include "plugins/html/selector_ast.h"
#include "plugins/html/selector_match.h"

namespace vellum::html {

struct Selector::Impl {
  SelectorAst ast;
};

Selector::Selector(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Selector::Selector(Selector&&) noexcept = default;
Selector& Selector::operator=(Selector&&) noexcept = default;
Selector::~Selector() = default;

Result<Selector> Selector::compile(std::string_view text) {
  VELLUM_TRY(SelectorAst ast, parse_selector(text));
  return Selector(std::make_unique<Impl>(Impl{std::move(ast)}));
}

std::vector<Node> Selector::select(Node scope) const {
  std::vector<Node> nodes;
  if (!scope) return nodes;
  const Document& document = scope.document();
  const std::vector<std::uint32_t> found = SelectorMatch(impl_->ast, document.tree(), scope.index()).all();
  nodes.reserve(found.size());
  for (const std::uint32_t index : found) nodes.push_back(document.node(index));
  return nodes;
}

Node Selector::first(Node scope) const {
  if (!scope) return {};
  const std::uint32_t found = SelectorMatch(impl_->ast, scope.document().tree(), scope.index()).first();
  return found == kNoNode ? Node() : scope.document().node(found);
}

bool Selector::matches(Node element) const {
  return element && SelectorMatch(impl_->ast, element.document().tree(), element.index()).matches(element.index());
}

const std::string& Selector::text() const {
  return impl_->ast.text;
}

}  // namespace vellum::html
