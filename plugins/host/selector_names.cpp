#include "plugins/host/selector_names.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/text.h"

namespace vellum::plugins {
namespace {

using html::Node;

constexpr std::size_t kMaxClasses = 4;
constexpr int kMaxAround = 4;

bool is_plain_word(std::string_view word) {
  const auto fits = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_'; };
  return !word.empty() && word.size() <= 48 && std::isalpha(static_cast<unsigned char>(word[0])) != 0 &&
         std::all_of(word.begin(), word.end(), fits);
}

// "title", "article-header": said by a person. "css-1x9k2", "id00123", "sc-aBcDeF9": made by a program.
bool is_lasting(std::string_view word) {
  const auto digits =
      std::count_if(word.begin(), word.end(), [](char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; });
  return is_plain_word(word) && digits <= 1 && !word.starts_with("css-") && !word.starts_with("sc-");
}

bool is_plain_value(std::string_view value) {
  return !value.empty() && value.size() <= 48 && value.find_first_of("\"\\\n") == std::string_view::npos;
}

}  // namespace

std::vector<std::string> selectors_of(Node element) {
  std::vector<std::string> out;
  if (!element.is_element() || !is_plain_word(element.name())) return out;
  const std::string tag(element.name());
  if (const auto id = element.attribute("id"); id && is_lasting(*id)) out.push_back("#" + std::string(*id));
  for (const char* name : {"itemprop", "property", "data-test", "data-testid", "rel"}) {
    const auto value = element.attribute(name);
    if (value && is_plain_value(*value)) out.push_back(tag + "[" + name + "=\"" + std::string(*value) + "\"]");
  }
  std::size_t classes = 0;
  for (const std::string_view word : split(element.attribute("class").value_or(""), ' ')) {
    if (is_lasting(word) && ++classes <= kMaxClasses) out.push_back(tag + "." + std::string(word));
  }
  out.push_back(tag);
  return out;
}

std::vector<std::string> selectors_in_context(Node element) {
  const std::vector<std::string> own = selectors_of(element);
  std::vector<std::string> out = own;
  Node around = element.parent();
  for (int i = 0; around && around.is_element() && i < kMaxAround; ++i, around = around.parent()) {
    for (const std::string& outer : selectors_of(around)) {
      if (outer == around.name()) continue;  // "div h1" says next to nothing
      for (const std::string& inner : own) {
        if (!inner.starts_with('#')) out.push_back(outer + " " + inner);
      }
    }
  }
  return out;
}

}  // namespace vellum::plugins
