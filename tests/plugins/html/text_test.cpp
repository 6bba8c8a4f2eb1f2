#include <gtest/gtest.h>

#include <random>

#include "base/text.h"
#include "plugins/html/document.h"
#include "plugins/html/document_tree.h"
#include "plugins/html/plain_text.h"
#include "plugins/html/text_sink.h"

namespace vellum::html {
namespace {

std::string text_of(std::string_view html) {
  return Document::parse(html)->body().text();
}
std::string inline_of(std::string_view html) {
  return Document::parse(html)->body().inline_html();
}
std::string plain(std::string_view html) {
  return plain_text(*Document::parse(html));
}

TEST(NodeText, FoldsWhiteSpaceAsBaseDoes) {
  EXPECT_EQ(text_of("<p>  a\n\t b &nbsp; c\u2009d\u3000e\u200Bf  </p>"), "a b c d e\u200Bf");
  const std::string odd = " \u00E9 x\u00A0\u00A0y \u1680\u2000z\u2028 \u205F\u202F q\u00C2 ";
  EXPECT_EQ(Document::parse("<title>" + odd)->head().first_child().text(), fold_space(odd));
}

// One character after another, as the words of the manual have it.
std::string folded_slowly(std::string_view text) {
  std::string out;
  bool pending = false;
  while (!text.empty()) {
    const Utf8Step step = next_utf8(text);
    const bool space = step.valid && is_unicode_space(step.code_point);
    if (!space && pending && !out.empty()) out += ' ';
    if (!space) out += text.substr(0, step.bytes);
    pending = space;
    text.remove_prefix(step.bytes);
  }
  return out;
}

TEST(NodeText, FoldsTextOfAnyMixtureAsCharacterByCharacter) {
  static constexpr std::string_view kPieces[] = {"word",   "a",      "bc",   ".",       " ",      " ",
                                                 "  ",     "\n",     "\t ",  "\u00A0",  "\u2009", "\u00E9",
                                                 "\u2013", "\u3000", "\x7F", "eightbyt"};
  std::mt19937 random(20261124);
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (std::size_t n = random() % 24; n > 0; --n) text += kPieces[random() % std::size(kPieces)];
    std::string out;
    SpaceFolder(out).add(text);
    EXPECT_EQ(out, folded_slowly(text)) << text;
    EXPECT_EQ(fold_space(text), folded_slowly(text)) << text;
  }
}

TEST(NodeText, HasTextWhereTextIsNotEmpty) {
  for (const char* html : {"", "<p> &nbsp; </p>", "<script>a</script><template>b</template>", "<p>a", "<img alt=a>",
                           "<div><script>a</script> <b>\u2009</b>\u00E9</div>", "<noscript>a</noscript>"}) {
    const Result<Document> page = Document::parse(html);
    EXPECT_EQ(page->body().has_text(), !page->body().text().empty()) << html;
  }
  EXPECT_FALSE(Node().has_text());
  EXPECT_TRUE(Document::parse("<script>a</script>")->head().first_child().has_text());
}

TEST(NodeText, KeepsInlineElementsTogetherAndBlocksApart) {
  EXPECT_EQ(text_of("H<sub>2</sub>O <b>is</b><i> wet</i>"), "H2O is wet");
  EXPECT_EQ(text_of("<p>one</p><p>two</p>three<div>four</div>five"), "one two three four five");
  EXPECT_EQ(text_of("one<br>two<ul><li>three<li>four</ul>"), "one two three four");
  EXPECT_EQ(text_of("<table><tr><td>1<td>2<tr><td>3</table>"), "1 2 3");
  EXPECT_EQ(text_of("a<img alt=x>b<wbr>c<span></span>d"), "abcd");
}

TEST(NodeText, LeavesOutWhatReadersDoNotSee) {
  EXPECT_EQ(text_of("a<script>b()</script><style>c{}</style><template>d</template><noscript>e</noscript>"
                    "<!-- f --><iframe>g</iframe><math><mi>x</mi><annotation>\\x</annotation></math>"),
            "ax");
  const Result<Document> page = Document::parse("<title>t</title><p>b");
  EXPECT_EQ(page->html().text(), "b");
  EXPECT_EQ(page->root().text(), "b");
}

TEST(NodeText, OfAHiddenElementItselfIsItsOwn) {
  const Result<Document> page = Document::parse("<title> the\ntitle </title><script> x = 1 </script>");
  EXPECT_EQ(page->head().text(), "the title");
  EXPECT_EQ(page->head().first_child().text(), "the title");
  EXPECT_EQ(page->head().first_child().next_sibling().text(), "x = 1");
}

TEST(NodeText, IsWithoutBlanksAtItsEnds) {
  EXPECT_EQ(text_of("<div> <p> a </p> </div>"), "a");
  EXPECT_EQ(text_of("<p>a</p><p> </p>"), "a");
  EXPECT_EQ(text_of(""), "");
}

TEST(InlineHtml, KeepsSixTagsAndEscapesTheRest) {
  EXPECT_EQ(inline_of("H<sub>2</sub>O <a href=x>1 < 2 &amp; <em class=y>3</em></a>"),
            "H<sub>2</sub>O 1 &lt; 2 &amp; <em>3</em>");
  EXPECT_EQ(inline_of("<b>a</b><strong>b</strong><i>c</i><sup>d</sup><u>e</u>"),
            "<b>a</b><strong>b</strong><i>c</i><sup>d</sup>e");
}

TEST(InlineHtml, FoldsBlanksAroundTags) {
  EXPECT_EQ(inline_of("<p> a <i> b </i> c </p>"), "a <i>b</i> c");
  EXPECT_EQ(inline_of("<i>a</i> <i>b</i>"), "<i>a</i> <i>b</i>");
}

TEST(InlineHtml, LeavesEmptyTagsOut) {
  EXPECT_EQ(inline_of("a<i></i>b<b><i> </i></b>c<sup><!-- x --></sup>"), "ab c");
  EXPECT_EQ(inline_of("<b><i>x</i></b>"), "<b><i>x</i></b>");
}

TEST(InlineHtml, LeavesOutTheTagsOfTheNodeItself) {
  const Result<Document> page = Document::parse("<i>a<b>b</b></i>");
  EXPECT_EQ(page->body().first_child().inline_html(), "a<b>b</b>");
}

TEST(RawText, KeepsEveryCharacter) {
  const Result<Document> page = Document::parse("<script>\n{\"a\": \"<b>\"}\n</script><p> x <b>&lt;</b>\n");
  EXPECT_EQ(page->head().first_child().raw_text(), "\n{\"a\": \"<b>\"}\n");
  EXPECT_EQ(page->body().raw_text(), " x <\n");
}

// The index must say for every node what text() says.
TEST(TextIndex, AgreesWithNodeText) {
  const std::string html =
      "<title>T t</title><script>var x</script><p>One <b> two</b><i>three </i> four</p> five <template>in <p>side"
      "<script>deep</script></template><table><tr><td>a<td> b </table><ul><li>x<li>y</ul><noscript>no <b>script"
      "</noscript> <svg><title>s</title><style>q</style></svg> <!-- c --> \u00C9\u00DF end ";
  const Result<Document> page = Document::parse(html);
  const TextIndex index(page->tree(), TextIndex::Case::kKept);
  const TextIndex folded(page->tree(), TextIndex::Case::kFolded);
  int elements = 0;
  for (Node node = page->root(); node; node = node.next_in_tree(page->root())) {
    if (!node.is_element()) continue;
    ++elements;
    EXPECT_EQ(index.text_of(node.index()), node.text()) << node.name();
  }
  EXPECT_GT(elements, 20);
  EXPECT_TRUE(folded.text_of(page->body().index()).ends_with("\u00E9ss end"));
  EXPECT_TRUE(folded.text_of(page->body().index()).starts_with("one two"));
}

TEST(PlainText, PutsBlocksOnLines) {
  EXPECT_EQ(plain("<title>A title</title><h1>Head</h1>Text <b>bold</b>\nmore<div>a</div><div>b</div><p>p"),
            "A title\n\nHead\n\nText bold more\na\nb\n\np\n");
}

TEST(PlainText, MarksItemsAndCells) {
  EXPECT_EQ(plain("<ul><li>one<li><p>two</p></ul><table> <tr> <td> a </td> <td>b</td></tr><tr><th>c<td></table>x"),
            "- one\n\n- two\n\na\tb\nc\n\nx\n");
}

TEST(PlainText, KeepsTheLinesOfPre) {
  EXPECT_EQ(plain("<p>a<pre>x  y\n  z\n\nw</pre>b<br>c"), "a\n\nx  y\n  z\n\nw\n\nb\nc\n");
}

TEST(PlainText, OfNothingIsEmpty) {
  EXPECT_EQ(plain(""), "");
  EXPECT_EQ(plain("<script>x</script><p> </p>"), "");
}

}  // namespace
}  // namespace vellum::html
