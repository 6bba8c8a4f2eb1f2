#include "plugins/html/nesting_guard.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "plugins/html/document.h"
#include "plugins/html/document_tree.h"
#include "plugins/html/tag_scanner.h"
#include "tests/base/data_file.h"
#include "tests/plugins/html/random_page.h"

namespace vellum::html {
namespace {

constexpr std::size_t kNoLimit = 100000;

std::size_t guessed(std::string_view html) {
  return measure_nesting(html, kNoLimit).depth;
}

// What the parser really makes of it. Elements that it adds itself below body (tbody) count too.
std::size_t real_depth(std::string_view html) {
  const Result<Document> page = Document::parse(html, {.max_depth = kNoLimit});
  if (!page) return 0;
  const Document::Tree& tree = page->tree();
  std::vector<std::size_t> depths(tree.nodes.size(), 0);
  std::size_t deepest = 0;
  for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
    depths[node] = depths[tree.nodes[node].parent] + (tree.is_element(node) ? 1 : 0);
    deepest = std::max(deepest, depths[node]);
  }
  return deepest;
}

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string tags_of(std::string_view html) {
  TagScanner scanner(html);
  std::string seen;
  Tag tag;
  while (scanner.next(tag)) {
    seen.append(tag.is_end ? "/" : "").append(tag.name).append(tag.is_self_closing ? "! " : " ");
    if (tag.key == tag_key("script") && !tag.is_end) scanner.skip_raw_text(tag.name);
  }
  return seen;
}

TEST(TagScanner, StepsOverAttributeValues) {
  EXPECT_EQ(tags_of("<a href='<b>' title=\"</c>\" x=<d><e>"), "a e ");
  EXPECT_EQ(tags_of("<a =\"<b>\"><c>"), "a c ");  // a name may begin with "=", so the quotes are part of it
  EXPECT_EQ(tags_of("<a x = '>' y><b>"), "a b ");
  EXPECT_EQ(tags_of("<a x='1'y='>'><b>"), "a b ");
  EXPECT_EQ(tags_of("<a x=><b>"), "a b ");
}

TEST(TagScanner, KnowsSelfClosingTags) {
  EXPECT_EQ(tags_of("<a/><b /><c x/><d x=/><e x='y'/><f / ><g/x>"), "a! b! c! d e! f g ");
}

TEST(TagScanner, StepsOverCommentsAndDeclarations) {
  EXPECT_EQ(tags_of("<!-- <a> --><b>"), "b ");
  EXPECT_EQ(tags_of("<!--><a>--><!---><b><!----><c><!-- --!><d><!-- -- > --><e><!--- <x> ---><f>"), "a b c d e f ");
  EXPECT_EQ(tags_of("<!DOCTYPE html><?xml <a>?><b></ <c>><d></><e><1><f>"), "b d e f ");
  EXPECT_EQ(tags_of("<![CDATA[<a>]]><b>"), "b ");
  EXPECT_EQ(tags_of("<!-- <a>"), "");
}

TEST(TagScanner, StepsOverRawText) {
  EXPECT_EQ(tags_of("<script>if (a<b) '<c>' </scriptx> </SCRIPT ><d>"), "script /SCRIPT d ");
  EXPECT_EQ(tags_of("<script></script/><d>"), "script /script! d ");
  EXPECT_EQ(tags_of("<script><a>"), "script ");
}

TEST(TagScanner, IgnoresATagThatTheTextBreaksOff) {
  EXPECT_EQ(tags_of("<a><b"), "a ");
  EXPECT_EQ(tags_of("<a><b c='"), "a ");
  EXPECT_EQ(tags_of("<a><"), "a ");
  EXPECT_EQ(tags_of("<a></"), "a ");
}

// Ordinary ways to write pages, end tags left out where that is allowed: guessed exactly.
TEST(NestingGuard, GuessesTheDepthOfOrdinaryPages) {
  const std::vector<std::string> pages = {
      "",
      "<p>one<p>two<p>three",
      "<div><p>a<div>b</div><p>c</div>",
      "<ul><li>a<li>b<ul><li>c<li>d</ul><li>e</ul>",
      "<dl><dt>a<dd>b<dt>c<dd>d</dl>",
      "<table><tbody><tr><td>1<td>2<tr><td>3</table>",
      "<table><caption>x</caption><colgroup><col><col></colgroup><thead><tr><th>a<tbody><tr><td>b<tfoot><tr><td>c</"
      "table>",
      "<select><option>a<option>b<optgroup><option>c<optgroup><option>d</select>",
      "<p>a<b>b<i>c</i></b><br><img><hr>",
      "<h1>a<h2>b</h2>",
      "<form><input><button>a</button><button>b</button></form>",
      "<a href=1>a<a href=2>b<a href=3>c",
      "<ruby>x<rt>a<rt>b</ruby>",
      "<svg><path/><g><path/><circle/></g><title>x</title><style>a</style></svg><p>x",
      "<math><mrow><mi>x</mi><mo>=</mo></mrow></math>",
      "<script>document.write('<div><div><div>')</script><style><b><b></style><textarea><i><i><i></textarea><p>x",
      "<!-- <div><div><div> --><p title='<div><div>'>x",
      "<div><span>a</div><div><span>b</div>",
      "<object><p>a</object><p>b",
      "<b>a<div>b</b><p><i>c</i></div>",
      "<p><object></p><b><i>x</i></b></object>",
      "<iframe><div><div></iframe><xmp><i><i></xmp><noscript><p>x</noscript>",
  };
  for (const std::string& page : pages) EXPECT_EQ(guessed(page), real_depth(page)) << page;
}

TEST(NestingGuard, IsNotFooledByLongFlatPages) {
  for (const char* item : {"<p>x",
                           "<li>x",
                           "<dd>x<dt>y",
                           "<br>",
                           "<p><font size=2>x",
                           "<option>x",
                           "<img>",
                           "<a href=x>y",
                           "<tr><td>x",
                           "<div><span>x</div>",
                           "<p><b>x</b>",
                           "<h2>x",
                           "<input>",
                           "<hr/>",
                           "<button>x",
                           "<!-- <div> -->",
                           "</div>",
                           "<td>x",
                           "<select><option>x</select>",
                           "<table><tr><td>x<font></table>",
                           "<svg><path/><path/></svg>",
                           "<form>x",
                           "<p><b>x",
                           "<font><p>x",
                           "<span><li>x"}) {
    const std::string page = repeat(item, 2000);
    EXPECT_LE(guessed(page), 10u) << item;
    EXPECT_TRUE(Document::parse(page)) << item;
  }
}

TEST(NestingGuard, SaysWhereThePageIsTooDeep) {
  const Nesting nesting = measure_nesting(repeat("<div>", 20), 12);
  EXPECT_EQ(nesting.depth, 13u);
  EXPECT_EQ(nesting.offset, 10u * 5);
  const Result<Document> page = Document::parse(repeat("<div>", 600));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(page.error().message, "page nests deeper than 512 elements at byte 2550");
}

TEST(NestingGuard, LetsThroughWhatIsAtTheLimitAndNoMore) {
  EXPECT_TRUE(Document::parse(repeat("<div>", 510)));
  EXPECT_FALSE(Document::parse(repeat("<div>", 511)));
  EXPECT_TRUE(Document::parse(repeat("<table><tr><td>", 127)));  // each is four with its tbody
  EXPECT_FALSE(Document::parse(repeat("<table><tr><td>", 128)));
}

// Well-formed trees of chance: exact.
TEST(NestingGuard, AgreesWithTheParserOnWellFormedTrees) {
  for (std::uint32_t seed = 1; seed <= 300; ++seed) {
    test::Chance chance(seed);
    const std::string page = test::random_tree(chance, 1 + chance.below(60));
    EXPECT_EQ(guessed(page), real_depth(page)) << page;
  }
}

std::string random_soup(test::Chance& chance) {
  static constexpr auto kTags = {"a",
                                 "b",
                                 "i",
                                 "font",
                                 "nobr",
                                 "div",
                                 "p",
                                 "table",
                                 "tr",
                                 "td",
                                 "tbody",
                                 "caption",
                                 "select",
                                 "option",
                                 "template",
                                 "svg",
                                 "math",
                                 "mi",
                                 "foreignObject",
                                 "title",
                                 "form",
                                 "button",
                                 "object",
                                 "ul",
                                 "li",
                                 "dd",
                                 "h1",
                                 "frameset",
                                 "html",
                                 "body",
                                 "script",
                                 "textarea",
                                 "br",
                                 "span",
                                 "x-y",
                                 "noscript",
                                 "ruby",
                                 "rt",
                                 "optgroup"};
  std::vector<std::string_view> few;
  for (std::size_t i = 2 + chance.below(6); i > 0; --i) few.emplace_back(kTags.begin()[chance.below(kTags.size())]);
  std::string soup;
  for (std::size_t i = 1 + chance.below(120); i > 0; --i) {
    const std::string_view tag = chance.pick(few);
    soup.append(chance.one_in(3) ? "</" : "<").append(tag);
    if (chance.one_in(6)) soup.append(" a=").append(chance.pick({"1", "2", "'>'", "\"<b>\""}));
    soup.append(chance.one_in(12) ? "/>" : ">");
    if (chance.one_in(5)) soup.append(chance.pick({"x", " ", "<!-- y -->", "<![CDATA[z]]>", "<"}));
  }
  return soup;
}

// Tags of chance: whatever the guess is, no tree deeper than the limit comes out, and what is refused is not far from
// it.
TEST(NestingGuard, NoSoupGetsDeeperThanTheLimit) {
  constexpr std::size_t kLimit = 24;
  int refused = 0, too_strict = 0;
  for (std::uint32_t seed = 1; seed <= 2000; ++seed) {
    test::Chance chance(seed);
    const std::string page = random_soup(chance);
    const std::size_t real = real_depth(page);
    if (real == 0) continue;  // the parser gave up
    const bool taken = Document::parse(page, {.max_depth = kLimit}).has_value();
    EXPECT_FALSE(taken && real > kLimit) << page;
    if (!taken) ++refused;
    if (!taken && real <= kLimit) ++too_strict;
  }
  EXPECT_GT(refused, 100);
  EXPECT_LT(too_strict, refused / 10);
}

}  // namespace
}  // namespace vellum::html
