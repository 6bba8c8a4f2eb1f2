// What the reading verbs print, apart from the archive: citation formats and tables.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/vellum/records/export_formats.h"
#include "tools/vellum/text/table.h"

namespace vellum::cli {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

Json record(const char* text) {
  return *parse_json(text);
}

Json article() {
  return record(R"({
    "kind": "article", "title": "Cost & benefit of 50% of p53_{mut}", "url": "https://a.test/1",
    "authors": [{"name": "Ludwig van Beethoven", "given": "Ludwig", "family": "van Beethoven"},
                {"name": "Test Consortium", "collective": true}, {"name": "Plato"}],
    "journal": {"title": "J & J", "abbreviation": "JJ", "issn": ["1976-6696"]},
    "published": "2019-01", "volume": "52", "issue": "1", "pages": "42-46",
    "ids": {"doi": "10.1016/0014-4827(61)90192-6", "pmid": "77"},
    "abstract": [{"label": "AIM", "text": "To test."}, {"text": "Done."}], "keywords": ["a", "b"]})");
}

TEST(Csl, NamesWhatTheRecordHasAndNothingElse) {
  const Json item = to_csl(article());
  EXPECT_EQ(item["id"], "10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(item["type"], "article-journal");
  EXPECT_EQ(
      item["author"],
      record(R"([{"non-dropping-particle":"van","family":"Beethoven","given":"Ludwig"},{"literal":"Test Consortium"},
                                       {"literal":"Plato"}])"));
  EXPECT_EQ(item["issued"], record(R"({"date-parts":[[2019,1]]})"));
  EXPECT_EQ(item["abstract"], "AIM: To test. Done.");
  EXPECT_FALSE(item.contains("publisher"));
  EXPECT_FALSE(item.contains("ISBN"));
}

TEST(Bibtex, EscapesWhatLatexWouldRead) {
  const std::string entry = to_bibtex(article(), "key");
  EXPECT_THAT(entry, StartsWith("@article{key,\n"));
  EXPECT_THAT(entry, HasSubstr("title     = {{Cost \\& benefit of 50\\% of p53\\_\\{mut\\}}}"));
  EXPECT_THAT(entry, HasSubstr("author    = {van Beethoven, Ludwig and {Test Consortium} and {Plato}}"));
  EXPECT_THAT(entry, HasSubstr("month     = jan"));
  EXPECT_THAT(entry, HasSubstr("pages     = {42--46}"));
  EXPECT_THAT(entry, HasSubstr("doi       = {10.1016/0014-4827(61)90192-6}"));
  EXPECT_THAT(entry, EndsWith("\n}\n"));
}

TEST(Bibtex, AHostileTitleStaysWithinItsField) {
  Json hostile = article();
  hostile["title"] = "x}}, note = {\\input{/etc/passwd}} \n@misc{y";
  hostile["ids"]["doi"] = "10.1/a}b";
  const std::string entry = to_bibtex(hostile, "key");
  EXPECT_THAT(entry, HasSubstr("x\\}\\}, note = \\{\\textbackslash{}input\\{/etc/passwd\\}\\}"));
  EXPECT_THAT(entry, HasSubstr("doi       = {10.1/a%7Db}"));
  EXPECT_THAT(entry, Not(HasSubstr("\n@misc")));
}

TEST(Bibtex, TheKeyIsAuthorYearAndATellingWord) {
  EXPECT_EQ(citation_key(article()), "vanbeethoven2019benefit");
  EXPECT_EQ(citation_key(record(R"({"title":"On it"})")), "on");
  EXPECT_EQ(citation_key(record("{}")), "untitled");
}

TEST(Ris, HasOneTagALineAndEndsEachWithCrLf) {
  Json hostile = article();
  hostile["title"] = "Line\r\nER  - \r\nTY  - BOOK";
  const std::string reference = to_ris(hostile);
  EXPECT_THAT(reference, StartsWith("TY  - JOUR\r\nTI  - Line  ER  -   TY  - BOOK\r\nAU  - van Beethoven, Ludwig\r\n"));
  EXPECT_THAT(reference, HasSubstr("PY  - 2019\r\nDA  - 2019/01//\r\n"));
  EXPECT_THAT(reference, HasSubstr("SP  - 42\r\nEP  - 46\r\n"));
  EXPECT_THAT(reference, EndsWith("\r\nER  - \r\n"));
}

TEST(Citable, WorksAreSearchesAreNot) {
  EXPECT_TRUE(is_citable(article()));
  EXPECT_FALSE(is_citable(record(R"({"kind":"search","title":"Results"})")));
  EXPECT_FALSE(is_citable(record(R"({"kind":"article"})")));
}

TEST(CitationFormats, TakeRecordsOfAnyShape) {
  for (const char* text :
       {"{}", "{\"title\":7,\"authors\":{\"a\":1},\"journal\":[],\"ids\":null,\"published\":\"soon\"}",
        "{\"authors\":[null,1,\"x\",{}],\"abstract\":\"x\",\"keywords\":[1]}"}) {
    EXPECT_FALSE(to_line(to_csl(record(text))).empty()) << text;
    EXPECT_FALSE(to_bibtex(record(text), citation_key(record(text))).empty()) << text;
    EXPECT_FALSE(to_ris(record(text)).empty()) << text;
  }
}

TEST(Table, AlignsColumnsByCharactersNotBytes) {
  testing::internal::CaptureStdout();
  {
    Table table({"NAME", ">SIZE", "URL"});
    table.add({"é", "7", "x"});
    table.add({"long name", "1234", "y"});
  }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "NAME       SIZE  URL\né             7  x\nlong name  1234  y\n");
}

TEST(Table, AnEmptyOnePrintsNothing) {
  testing::internal::CaptureStdout();
  { Table table({"NAME"}); }
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
}

TEST(Printable, ArchivedTextCannotWriteToTheTerminal) {
  EXPECT_EQ(printable("a\x1B[31mb\nc\x7F"), "a [31mb c ");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31m"),
            "a 31m");
  EXPECT_EQ(printable("caf\xC3\xA9 \xFF"), "café \uFFFD");
}

}  // namespace
}  // namespace vellum::cli
