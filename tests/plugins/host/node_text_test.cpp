#include "plugins/host/node_text.h"

#include <gtest/gtest.h>

namespace vellum::plugins {
namespace {

html::Selector css(const char* text) {
  return std::move(*html::Selector::compile(text));
}

TEST(NodeText, LeavesOutWhatIsCut) {
  auto page = html::Document::parse("<p id=p><strong class=t>METHODS:</strong> We <i>did</i> it.</p>");
  Cut cut;
  add_matches(cut.own, css("strong.t"), page->by_id("p"));
  EXPECT_EQ(text_without(page->by_id("p"), cut), "We did it.");
}

TEST(NodeText, SeparatesBlocksButNotWordsInALine) {
  auto page = html::Document::parse("<div id=d><p>one</p><p>two</p>H<sub>2</sub>O<br>three<script>no</script></div>");
  EXPECT_EQ(text_without(page->by_id("d"), {}), "one two H2O three");
}

TEST(NodeText, KeepsInlineMarkupOnly) {
  auto page = html::Document::parse("<h1 id=h>CO<sub>2</sub> &amp; <a href=x><i class=c>E. coli</i></a></h1>");
  EXPECT_EQ(inline_html_without(page->by_id("h"), {}), "CO<sub>2</sub> &amp; <i>E. coli</i>");
  auto plain = html::Document::parse("<h1 id=h>a &amp; b</h1>");
  EXPECT_EQ(inline_html_without(plain->by_id("h"), {}), "");
}

TEST(NodeText, SharedCutsHoldForNestedItemsButNotForTheItemItself) {
  auto page = html::Document::parse("<section id=a>outer <section id=b>inner</section></section>");
  NodeSet all = {page->by_id("a").index(), page->by_id("b").index()};
  Cut cut;
  cut.shared = &all;
  EXPECT_EQ(text_without(page->by_id("a"), cut), "outer");
  EXPECT_EQ(text_without(page->by_id("b"), cut), "inner");
}

}  // namespace
}  // namespace vellum::plugins
