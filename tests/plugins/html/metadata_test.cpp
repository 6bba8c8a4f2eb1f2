#include "plugins/html/metadata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vellum::html {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Metadata metadata(std::string_view html) {
  return Metadata(*Document::parse(html));
}

std::vector<std::string> ld(std::string_view blocks) {
  std::vector<std::string> lines;
  for (const Json& object : json_ld(*Document::parse(blocks))) lines.push_back(to_line(object));
  return lines;
}

std::string block(std::string_view json) {
  return "<script type=\"application/ld+json\">" + std::string(json) + "</script>";
}

TEST(Metadata, ReadsNamesPropertiesAndItempropsInOrder) {
  const Metadata meta = metadata(
      "<meta name=Citation_Title content='  A   title '><meta property='og:title' content=B><p><meta itemprop=name "
      "content=C><meta name=empty content=' '><meta content=nameless><meta name=bare><meta name=dc.title "
      "property='dc:title og:title' content=D>");
  EXPECT_THAT(meta.entries(), ElementsAre(Pair("citation_title", "A title"), Pair("og:title", "B"), Pair("name", "C"),
                                          Pair("dc.title", "D"), Pair("dc:title", "D"), Pair("og:title", "D")));
}

TEST(Metadata, FindsNamesInAnyCase) {
  const Metadata meta = metadata("<meta name=DC.Creator content=X><meta name=dc.creator content='Y &amp; Z'>");
  EXPECT_THAT(meta.all("dc.CREATOR"), ElementsAre("X", "Y & Z"));
  EXPECT_EQ(meta.first("Dc.Creator"), "X");
  EXPECT_EQ(meta.first("dc.title"), "");
  EXPECT_THAT(meta.all("dc.title"), IsEmpty());
}

TEST(JsonLd, FlattensArraysAndGraphs) {
  EXPECT_THAT(
      ld(block(R"({"@type":"A"})") + block(R"([{"@type":"B"},[{"@type":"C"}], 1])") +
         block(R"({"@context":"x","@graph":[{"@type":"D"},{"@type":"E"}]})")),
      ElementsAre(R"({"@type":"A"})", R"({"@type":"B"})", R"({"@type":"C"})", R"({"@type":"D"})", R"({"@type":"E"})"));
}

TEST(JsonLd, KeepsTheTypedHolderOfAGraph) {
  EXPECT_THAT(ld(block(R"({"@context":"x","@type":"W","name":"n","@graph":[{"@type":"D"}]})")),
              ElementsAre(R"({"@type":"W","name":"n"})", R"({"@type":"D"})"));
}

TEST(Metadata, ReadsLettersThatNatureSpelledOut) {
  const Metadata meta =
      metadata("<meta name=a content='Kn|[ouml]|pfel, |[Eacute]|'><meta name=b content='|[x]| |[ouml'>");
  EXPECT_EQ(meta.first("a"), "Kn\u00f6pfel, \u00c9");
  EXPECT_EQ(meta.first("b"), "|[x]| |[ouml");
}

TEST(JsonLd, ReadsWhatPublishersWrapAndBreak) {
  const std::string a = R"({"a":1})";
  EXPECT_THAT(ld(block("<!-- " + a + " -->")), ElementsAre(a));
  EXPECT_THAT(ld(block("\n//<![CDATA[\n" + a + "\n//]]>\n")), ElementsAre(a));
  EXPECT_THAT(ld(block("/*<![CDATA[*/ " + a + " /*]]>*/")), ElementsAre(a));
  EXPECT_THAT(ld(block(a + ";")), ElementsAre(a));
  EXPECT_THAT(ld(block("{\"a\":\"two\nlines\"}")), ElementsAre(R"({"a":"two lines"})"));
}

TEST(JsonLd, LeavesOutBlocksThatAreNoJson) {
  EXPECT_THAT(ld(block("{") + block("") + block("{'a':1}") + block("{\"b\":2}")), ElementsAre("{\"b\":2}"));
}

TEST(JsonLd, KnowsItsTypeInAnyWriting) {
  EXPECT_THAT(ld("<script type='Application/LD+JSON; charset=utf-8'>{\"a\":1}</script>"), ElementsAre("{\"a\":1}"));
  EXPECT_THAT(ld("<script>{\"a\":1}</script><script type=application/json>{\"a\":1}</script>"), IsEmpty());
}

TEST(JsonLd, EntitiesAreTextInsideScripts) {
  EXPECT_THAT(ld(block(R"({"a":"x &amp; y"})")), ElementsAre(R"({"a":"x &amp; y"})"));
}

TEST(JsonLd, OfAbsurdDepthIsLeftOut) {
  EXPECT_THAT(ld(block(std::string(100000, '['))), IsEmpty());
  EXPECT_THAT(ld(block(std::string(100000, '[') + std::string(100000, ']'))), IsEmpty());
}

}  // namespace
}  // namespace vellum::html
