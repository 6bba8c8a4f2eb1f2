#include "plugins/html/document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vellum::html {
namespace {

using testing::ElementsAre;
using testing::Pair;

Document parse(std::string_view html) {
  Result<Document> page = Document::parse(html);
  EXPECT_TRUE(page) << page.error().message;
  return std::move(*page);
}

Url url(std::string_view text) {
  return *Url::parse(text);
}

TEST(Document, IsHtmlHeadAndBodyEvenWhenEmpty) {
  const Document page = parse("");
  EXPECT_EQ(page.root().type(), NodeType::kDocument);
  EXPECT_EQ(page.root().first_child(), page.html());
  EXPECT_EQ(page.html().name(), "html");
  EXPECT_EQ(page.head().name(), "head");
  EXPECT_EQ(page.body().name(), "body");
  EXPECT_FALSE(page.body().first_child());
  EXPECT_EQ(page.source(), "");
}

TEST(Document, KeepsElementsTextAndCommentsInOrder) {
  const Document page = parse("<p>one<!--two--><B>three</B></p>");
  const Node p = page.body().first_child();
  EXPECT_EQ(p.first_child().type(), NodeType::kText);
  EXPECT_EQ(p.first_child().own_text(), "one");
  const Node comment = p.first_child().next_sibling();
  EXPECT_EQ(comment.type(), NodeType::kComment);
  EXPECT_EQ(comment.own_text(), "two");
  EXPECT_EQ(comment.next_sibling().name(), "b");
  EXPECT_EQ(comment.next_sibling().previous_sibling(), comment);
  EXPECT_EQ(comment.parent(), p);
  EXPECT_FALSE(p.next_sibling());
}

TEST(Document, WalksASubTreeInDocumentOrder) {
  const Document page = parse("<div id=a><p>x</p><p>y</p></div><div id=b>z</div>");
  std::string seen;
  const Node a = page.by_id("a");
  for (Node node = a; node; node = node.next_in_tree(a)) {
    seen += node.is_element() ? std::string(node.name()) : std::string(node.own_text());
    seen += ' ';
  }
  EXPECT_EQ(seen, "div p x p y ");
}

TEST(Document, ReadsAttributesWithEntitiesUndone) {
  const Document page = parse("<a HREF='?a=1&amp;b=2' data-x hidden=''>x</a>");
  const Node a = page.body().first_child();
  EXPECT_EQ(a.attribute("href"), "?a=1&b=2");
  EXPECT_EQ(a.attribute("data-x"), "");
  EXPECT_EQ(a.attribute("title"), std::nullopt);
  EXPECT_THAT(a.attributes(), ElementsAre(Pair("href", "?a=1&b=2"), Pair("data-x", ""), Pair("hidden", "")));
}

TEST(Document, ReadsForeignAttributesByTheirWrittenNamesInLowerCase) {
  const Document page = parse("<svg viewBox='0 0 1 1'><use xlink:href='#x'/><foreignObject>t</foreignObject></svg>");
  const Node svg = page.body().first_child();
  EXPECT_EQ(svg.attribute("viewbox"), "0 0 1 1");
  EXPECT_EQ(svg.first_child().attribute("xlink:href"), "#x");
  EXPECT_EQ(svg.first_child().next_sibling().name(), "foreignobject");
}

TEST(Document, KnowsClassesAsWords) {
  const Document page = parse("<p class=' one\ttwo  two '>x</p>");
  const Node p = page.body().first_child();
  EXPECT_TRUE(p.has_class("one"));
  EXPECT_TRUE(p.has_class("two"));
  EXPECT_FALSE(p.has_class("tw"));
  EXPECT_FALSE(p.has_class(""));
  EXPECT_FALSE(p.has_class("One"));
}

TEST(Document, FindsTheFirstElementWithAnId) {
  const Document page = parse("<p id=x>1</p><p id=x>2</p>");
  EXPECT_EQ(page.by_id("x").text(), "1");
  EXPECT_FALSE(page.by_id("y"));
  EXPECT_FALSE(page.by_id(""));
}

TEST(Document, GivesTheSourceBetweenTheTags) {
  const Document page = parse("<ul><li>a <b>b</b>&amp;<li>c</ul><p>d");
  const Node ul = page.body().first_child();
  EXPECT_EQ(ul.inner_source(), "<li>a <b>b</b>&amp;<li>c");
  EXPECT_EQ(ul.first_child().inner_source(), "a <b>b</b>&amp;");
  EXPECT_EQ(ul.first_child().next_sibling().inner_source(), "c");
  EXPECT_EQ(ul.next_sibling().inner_source(), "d");
  EXPECT_EQ(page.body().inner_source(), "");
}

TEST(Document, KnowsWhereNodesBegin) {
  const Document page = parse("<p>one\r\n<b>two</b></p>");
  const Node p = page.body().first_child();
  EXPECT_EQ(p.offset(), 0);
  EXPECT_EQ(p.first_child().offset(), 3);
  EXPECT_EQ(p.first_child().next_sibling().offset(), 8);
  EXPECT_EQ(p.first_child().next_sibling().inner_source(), "two");
  EXPECT_EQ(page.head().offset(), -1);
}

TEST(Document, GivesNoPlaceToElementsThatTheParserMadeAgain) {
  const Document page = parse("<p><b>one<p>two");
  const Node again = page.body().first_child().next_sibling().first_child();
  EXPECT_EQ(again.name(), "b");
  EXPECT_EQ(again.offset(), -1);
  EXPECT_EQ(again.inner_source(), "");
}

TEST(Document, ResolvesBaseAgainstThePage) {
  const Url address = url("https://example.org/a/b");
  EXPECT_EQ(parse("<base href='/c/'>").base_url(address).href(), "https://example.org/c/");
  EXPECT_EQ(parse("<base target=_top><base href='d'><base href='e'>").base_url(address).href(),
            "https://example.org/a/d");
  EXPECT_EQ(parse("<base href='data:,x'>").base_url(address).href(), address.href());
  EXPECT_EQ(parse("<p>none").base_url(address).href(), address.href());
}

TEST(Document, DecodesByTheHeadersCharset) {
  Result<Document> page = Document::parse("<p>caf\xE9", {.content_type_charset = "ISO-8859-1"});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->charset(), "windows-1252");
  EXPECT_EQ(page->body().text(), "caf\u00E9");
}

TEST(Document, RefusesAPageOverTheSizeLimit) {
  const Result<Document> page = Document::parse("<p>123456", {.max_bytes = 8});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(page.error().message, "page is too large: 9 bytes as stored, limit 8");
}

TEST(Document, AFalsyNodeAnswersWithNothing) {
  const Node none;
  EXPECT_FALSE(none);
  EXPECT_EQ(none.name(), "");
  EXPECT_EQ(none.attribute("x"), std::nullopt);
  EXPECT_TRUE(none.attributes().empty());
  EXPECT_EQ(none.text() + none.inline_html() + none.raw_text(), "");
  EXPECT_EQ(none.own_text(), "");
  EXPECT_EQ(none.inner_source(), "");
  EXPECT_EQ(none.offset(), -1);
  EXPECT_FALSE(none.parent() || none.first_child() || none.next_sibling() || none.previous_sibling());
  EXPECT_FALSE(none.next_in_tree(none));
}

}  // namespace
}  // namespace vellum::html
