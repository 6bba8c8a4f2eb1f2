#include "base/record_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vellum::article {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "title: "Old" -> "New"", in brackets where it is around the article only.
std::vector<std::string> show(const char* from, const char* to) {
  std::vector<std::string> lines;
  for (const FieldChange& change : compare(parse_json(from).value(), parse_json(to).value())) {
    const std::string line = change.field + ": " + to_line(change.from) + " -> " + to_line(change.to);
    lines.push_back(change.is_of_article ? line : "(" + line + ")");
  }
  return lines;
}

TEST(RecordDiff, IsEmptyWhereOnlyTheReadingDiffers) {
  EXPECT_THAT(show(R"({"title":"T","captured":"2020-01-01T00:00:00Z","plugin_version":"1","sources":[{"url":"a"}]})",
                   R"({"title":"T","captured":"2021-01-01T00:00:00Z","plugin_version":"2","sources":[{"url":"b"}]})"),
              IsEmpty());
}

TEST(RecordDiff, NamesAFieldThatChangedCameOrWent) {
  EXPECT_THAT(show(R"({"title":"Old","volume":"5"})", R"({"title":"New","issue":"1"})"),
              ElementsAre(R"(title: "Old" -> "New")", R"(volume: "5" -> null)", R"(issue: null -> "1")"));
  EXPECT_THAT(show(R"({"ids":{"doi":"10.1/a"}})", R"({"ids":{"doi":"10.1/a","pmcid":"PMC1"}})"),
              ElementsAre(R"(ids/pmcid: null -> "PMC1")"));
}

TEST(RecordDiff, ShowsAnAuthorMoreAsOneChange) {
  EXPECT_THAT(show(R"({"authors":[{"name":"A"},{"name":"C"},{"name":"D"}]})",
                   R"({"authors":[{"name":"A"},{"name":"B"},{"name":"C"},{"name":"D"}]})"),
              ElementsAre(R"(authors/1: null -> {"name":"B"})"));
}

TEST(RecordDiff, ShowsAnAuthorsNewNameAsTheNameAlone) {
  EXPECT_THAT(show(R"({"authors":[{"name":"A","orcid":"1"},{"name":"C"}]})",
                   R"({"authors":[{"name":"B","orcid":"1"},{"name":"C"}]})"),
              ElementsAre(R"(authors/0/name: "A" -> "B")"));
}

TEST(RecordDiff, DoesNotCountTheNumbersOfReferences) {
  EXPECT_THAT(
      show(R"({"references":[{"position":1,"text":"x"},{"position":2,"text":"y"}]})",
           R"({"references":[{"position":1,"text":"new"},{"position":2,"text":"x"},{"position":3,"text":"y"}]})"),
      ElementsAre(R"(references/0: null -> {"position":1,"text":"new"})"));
}

TEST(RecordDiff, TellsWhatStandsAroundTheArticleFromTheArticle) {
  EXPECT_THAT(show(R"({"title":"T","cited_by":{"count":2}})", R"({"title":"T","cited_by":{"count":3}})"),
              ElementsAre("(cited_by/count: 2 -> 3)"));
}

}  // namespace
}  // namespace vellum::article
