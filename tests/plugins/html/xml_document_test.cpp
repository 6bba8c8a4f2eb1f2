#include <gtest/gtest.h>

#include <string>

#include "plugins/html/document.h"
#include "plugins/html/selector.h"

namespace vellum::html {
namespace {

Result<Document> parse(std::string_view xml) {
  return Document::parse_xml(xml, ParseOptions());
}

std::string text_at(const Document& document, const char* css) {
  return Selector::compile(css)->first(document.root()).text();
}

TEST(XmlDocument, IsReadBySelectorsWithNamesInLowerCaseAndWithoutPrefix) {
  auto document =
      parse("<a:Set xmlns:a='x'><PubmedArticle><Article PubModel='Print'>T</Article></PubmedArticle></a:Set>");
  ASSERT_TRUE(document) << document.error().message;
  EXPECT_TRUE(document->is_xml());
  EXPECT_EQ(document->html().name(), "set");
  EXPECT_EQ(text_at(*document, "set > pubmedarticle > article[pubmodel=Print]"), "T");
}

TEST(XmlDocument, SeparatesWordsOfElementsButNotOfFormatting) {
  auto document = parse(
      "<x><name><surname>Kim</surname><given-names>YH</given-names></name><p>CO<sub>2</sub> in "
      "<italic>E. coli</italic>.</p></x>");
  ASSERT_TRUE(document);
  EXPECT_EQ(text_at(*document, "name"), "Kim YH");
  EXPECT_EQ(text_at(*document, "p"), "CO2 in E. coli.");
  EXPECT_EQ(Selector::compile("p")->first(document->root()).inline_html(), "CO<sub>2</sub> in <i>E. coli</i>.");
}

TEST(XmlDocument, KnowsTheCharsetOfItsDeclarationAndHtmlsEntitiesOfAnUnreadDtd) {
  auto latin = parse("<?xml version='1.0' encoding='ISO-8859-1'?><x>caf\xE9</x>");
  ASSERT_TRUE(latin) << latin.error().message;
  EXPECT_EQ(text_at(*latin, "x"), "café");
  auto named = parse("<!DOCTYPE x PUBLIC 'a' 'b.dtd'><x>5&nbsp;&alpha;&amp;&#223;</x>");
  ASSERT_TRUE(named) << named.error().message;
  EXPECT_EQ(text_at(*named, "x"), "5 α&ß");
}

TEST(XmlDocument, GivesOffsetsIntoItsSource) {
  auto document = parse("<x>\n<y a='1'>t</y></x>");
  ASSERT_TRUE(document);
  Node y = Selector::compile("y")->first(document->root());
  EXPECT_EQ(y.offset(), 4);
  EXPECT_EQ(y.inner_source(), "t");
  EXPECT_EQ(y.first_child().offset(), 13);
}

TEST(XmlDocument, ReadsNoDtdThatDeclaresEntities) {
  auto bomb = parse("<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;&a;'>]><x>&b;</x>");
  ASSERT_FALSE(bomb);
  EXPECT_EQ(bomb.error().kind, ErrorKind::kTooLarge);
  EXPECT_FALSE(parse("<!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'>]><x>&f;</x>"));
}

TEST(XmlDocument, RefusesDeepNesting) {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  auto document = parse(deep);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().kind, ErrorKind::kTooLarge);
  EXPECT_NE(document.error().message.find("deeper than 512"), std::string::npos);
}

TEST(XmlDocument, SaysWhatIsNotWellFormed) {
  auto document = parse("<x>\n<y></x>");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().kind, ErrorKind::kInvalid);
  EXPECT_NE(document.error().message.find("line 2"), std::string::npos) << document.error().message;
  EXPECT_FALSE(parse("plain"));
  EXPECT_FALSE(parse(""));
}

}  // namespace
}  // namespace vellum::html
