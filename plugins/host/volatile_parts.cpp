#include "plugins/host/volatile_parts.h"

#include "plugins/host/registry_impl.h"
#include "plugins/html/selector.h"

namespace vellum::plugins {
namespace {

// One past the `>` of the tag that begins at `begin`.
std::size_t end_of_tag(std::string_view text, std::size_t begin) {
  char quote = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text[i] == '>') {
      return i + 1;
    }
  }
  return text.size();
}

ByteSpan span_of(const html::Node& node, std::string_view text) {
  const auto begin = static_cast<std::size_t>(node.offset());
  const std::string_view content = node.inner_source();
  if (content.empty() || node.is("script") || node.is("style")) return {begin, end_of_tag(text, begin)};
  return {begin, static_cast<std::size_t>(content.data() - text.data()) + content.size()};
}

}  // namespace

VolatileParts read_volatile_parts(const Registry& registry, const Answer& answer) {
  const auto page = PageView::parse(answer);
  if (!page) return {answer.body, {}};
  VolatileParts parts{page->document().source(), {}};
  const auto held = registry.share();
  const Rule* rule = held->rule_of(*page);
  if (rule == nullptr) return parts;
  for (const SelectorPtr& selector : rule->volatile_parts) {
    for (const html::Node& node : selector->select(page->document().root())) {
      if (node.offset() >= 0) parts.spans.push_back(span_of(node, page->document().source()));
    }
  }
  return parts;
}

}  // namespace vellum::plugins
