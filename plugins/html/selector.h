// CSS selectors over html::Document: the part that site plugins need, compiled once, matched in linear-ish time.
//
// Grammar: type, *, #id, .class, [a], [a=v], [a~=v], [a|=v], [a^=v], [a$=v], [a*=v] with optional i flag; combinators
// descendant, >, +, ~; lists with commas; pseudo-classes
//   :is(list) :where(list) :not(list) :has(relative list)
//   :first-child :last-child :only-child :first-of-type :last-of-type :nth-child(an+b) :nth-of-type(an+b) :empty
//   :has-text("words")   text contains, white space folded, case ignored      (ours)
//   :matches-text("re2") text matches the pattern                             (ours)
// A pseudo-class or syntax outside that list is kInvalid with its column: a rule file must not silently match nothing.
//
//   Selector::compile("dt:has-text(\"PMID\") + dd a")
//
// Threads: immutable, any. Spec: https://www.w3.org/TR/selectors-4/

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "plugins/html/document.h"

namespace vellum::html {

class Selector {
 public:
  static Result<Selector> compile(std::string_view text);
  Selector(Selector&&) noexcept;
  Selector& operator=(Selector&&) noexcept;
  ~Selector();

  // All matches below `scope` in document order. `:scope` is `scope`; a selector that starts with a combinator
  // ("> li") is relative to it.
  std::vector<Node> select(Node scope) const;
  Node first(Node scope) const;           // falsy if none; stops at the first match
  bool matches(Node element) const;
  const std::string& text() const;

  struct Impl;

 private:
  explicit Selector(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::html
