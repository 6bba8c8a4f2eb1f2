#include "base/article.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace vellum::article {
namespace {

Json json(std::string_view text) {
  auto parsed = parse_json(text);
  EXPECT_TRUE(parsed) << text;
  return *std::move(parsed);
}

std::string tidied(std::string_view text) {
  Json record = json(text);
  tidy(record);
  return to_line(record);
}

TEST(ArticleTidy, PutsKeysInTheSchemasOrderAtEveryLevel) {
  EXPECT_EQ(
      tidied(R"({"verdict":{"evidence":["e"],"substance":"article"},"title":"T","ids":{"pmid":"1","doi":"10.1000/a"},
                       "url":"https://h/","kind":"article","authors":[{"family":"F","name":"N"}]})"),
      R"({"schema":"vellum.article/1","url":"https://h/","kind":"article","title":"T",)"
      R"("authors":[{"name":"N","family":"F"}],"ids":{"doi":"10.1000/a","pmid":"1"},)"
      R"("verdict":{"substance":"article","evidence":["e"]}})");
}

TEST(ArticleTidy, PutsHtmlCompanionsBehindTheirText) {
  EXPECT_EQ(
      tidied(
          R"({"url":"u","title_html":"<i>T</i>","kind":"other","abstract":[{"text_html":"<i>x</i>","text":"x"}],"title":"T"})"),
      R"({"schema":"vellum.article/1","url":"u","kind":"other","title":"T","title_html":"<i>T</i>",)"
      R"("abstract":[{"text":"x","text_html":"<i>x</i>"}]})");
}

TEST(ArticleTidy, KeepsUnknownKeysLastAndInTheirOrder) {
  EXPECT_EQ(tidied(R"({"zz":1,"aa":2,"url":"u"})"), R"({"schema":"vellum.article/1","url":"u","zz":1,"aa":2})");
}

TEST(ArticleTidy, NormalisesTextEverywhere) {
  EXPECT_EQ(tidied(R"({"title":" Cafe\u0301\u00a0 au\n lait ","keywords":["a\tb"]})"),
            R"({"schema":"vellum.article/1","title":"Café au lait","keywords":["a b"]})");
}

TEST(ArticleTidy, DropsWhatIsEmptyThroughAllLevels) {
  EXPECT_EQ(
      tidied(
          R"({"title":" ","authors":[{"name":""},{}],"journal":{"issn":[null,""]},"abstract":[{"label":null,"text":"x"}],
                       "references":[],"volume":null})"),
      R"({"schema":"vellum.article/1","abstract":[{"text":"x"}]})");
}

TEST(ArticleTidy, KeepsFalseAndZero) {
  EXPECT_EQ(
      tidied(R"({"references_complete":false,"mesh":[{"major":false,"term":"Aging"}],"cited_by":{"count":0}})"),
      R"({"schema":"vellum.article/1","mesh":[{"term":"Aging","major":false}],"references_complete":false,"cited_by":{"count":0}})");
}

TEST(ArticleTidy, IsIdempotentAndMakesAnObjectOfAnything) {
  const std::string once = tidied(R"({"b":" x ","title":"e\u0301"})");
  EXPECT_EQ(tidied(once), once);
  EXPECT_EQ(tidied("[1,2]"), R"({"schema":"vellum.article/1"})");
}

TEST(ArticleTidy, TidiesALargeRecordInTime) {
  Json record = Json::object();
  Json references = Json::array();
  for (int i = 0; i < 10'000; ++i)
    references.push_back({{"text", " reference  " + std::to_string(i)}, {"position", i + 1}});
  record["references"] = std::move(references);
  tidy(record);
  EXPECT_EQ(to_line(record["references"][9'999]), R"({"position":10000,"text":"reference 9999"})");
}

TEST(ArticleFaults, ARecordAsTheSchemaHasItIsFine) {
  EXPECT_EQ(
      faults(json(R"({"schema":"vellum.article/1","url":"u","captured":"2020-01-01T00:00:00.000000Z","kind":"article",
      "sources":[{"url":"u","captured":"c","digest":"d","role":"page"}],"title":"T","title_html":"<i>T</i>",
      "authors":[{"name":"N","affiliations":["A"],"collective":false}],"journal":{"title":"J","issn":["1976-6696"]},
      "history":[{"event":"received","date":"2019-01"}],"volume":"52","ids":{"doi":"10.1000/a"},
      "references":[{"position":1,"text":"x","doi":"10.1016/0014-4827(61)90192-6"}],"references_complete":true,
      "cited_by":{"count":2,"items":[{"title":"t","pmid":"1"}]},"links":[{"rel":"fulltext","url":"u"}],
      "notices":[{"type":"retraction","text":"t"}],"verdict":{"substance":"article","evidence":["e"]}})")),
      std::vector<std::string>{});
}

TEST(ArticleFaults, NameThePlaceAndTheFault) {
  EXPECT_EQ(faults(json(R"({"schema":"vellum.article/1","url":"u","kind":"paper","titel":"T","volume":52,
      "references":[{"doi":"https://doi.org/10.1000/A"},"x"],"cited_by":{"count":"2"},"keywords":"k","xyzzy":1})")),
            (std::vector<std::string>{"/kind: `paper` is none of |article|search|issue|journal|book|file|other|",
                                      "/titel: unknown key, did you mean `title`?", "/volume: is not a text",
                                      "/references/0/doi: `https://doi.org/10.1000/A` is not a DOI in normal form",
                                      "/references/1: is not an object", "/cited_by/count: is not an integer",
                                      "/keywords: is not a list", "/xyzzy: unknown key"}));
}

TEST(ArticleFaults, SchemaUrlAndKindAreRequired) {
  EXPECT_EQ(faults(json("{}")), (std::vector<std::string>{"/: no `schema`", "/: no `url`", "/: no `kind`"}));
  EXPECT_EQ(faults(json("[]")), std::vector<std::string>{"/: is not an object"});
}

TEST(ArticleFaults, AreBounded) {
  Json record = {{"schema", kSchema}, {"url", "u"}, {"kind", "other"}};
  for (int i = 0; i < 1000; ++i) record["keywords"].push_back(i);
  EXPECT_EQ(faults(record).size(), 100u);
}

TEST(Article, FieldNamesComeInOrder) {
  const auto& names = field_names();
  EXPECT_EQ(names.front(), "schema");
  EXPECT_EQ(names.back(), "verdict");
  EXPECT_LT(std::find(names.begin(), names.end(), "title"), std::find(names.begin(), names.end(), "references"));
}

TEST(Article, CountsDistinctCitedDois) {
  EXPECT_EQ(
      cited_doi_count(json(
          R"({"ids":{"doi":"10.1/own"},"references":[{"doi":"10.1000/a"},{"doi":"10.1000/b"},{"doi":"10.1000/a"},{}]})")),
      2u);
  EXPECT_EQ(cited_doi_count(json(R"({"references":"x"})")), 0u);
  EXPECT_EQ(cited_doi_count(Json()), 0u);
}

}  // namespace
}  // namespace vellum::article
