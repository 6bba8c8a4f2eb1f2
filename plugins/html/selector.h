// CSS selectors over html::Document: the part that site plugins need, compiled once, matched in linear-ish time.
//
// Grammar: type, *, #id, .class, [a], [a=v], [a~=v], [a|=v], [a^=v], [a$=v], [a*=v] with optional i flag; combinators
// descendant, >, +, ~; lists with commas; pseudo-classes
//   :is(list) :where(list) :not(list) :has(relative list)
//   :first-child :last-child :only-child :first-of-type :last-of-type :nth-child(an+b) :nth-of-type(an+b) :empty
//   :scope               the node that is searched; a combinator at the beginning is relative to it
//   :has-text("words")   text contains, white space folded, case ignored      (ours)
//   :matches-text("re2") text matches the pattern; (?i) ignores case          (ours)
// A pseudo-class or syntax outside that list is kInvalid with its column: a rule file must not silently match nothing.
// Text is that of Node::text(). As on HTML pages in browsers, values of rel, type, lang and the like are compared
// without case (flag s: with case), classes and ids with case; an empty value of ^=, $= and *= fits nothing.
//
// A search is linear in the page for each part of the selector, whatever the page looks like; where the last part names
// an id, class, attribute or tag, only elements that have it are visited. Limits: 8 KiB of text, 64 parts in a row, 8
// levels of nesting, :has() not inside :has(); :matches-text() reads 256 MiB in one search and fits nothing after that.
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
  Node first(Node scope) const;  // falsy if none; stops at the first match
  bool matches(Node element) const;
  const std::string& text() const;

  struct Impl;

 private:
  explicit Selector(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::html
