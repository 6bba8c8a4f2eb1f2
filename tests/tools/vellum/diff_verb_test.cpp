// `vellum diff` on an archive of imported pages.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/vellum/program.h"

namespace vellum::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kUrl = "https://journal.example.org/article/1";

std::string page(const std::string& title, const std::string& abstract, const std::string& token) {
  return "<!doctype html><html><head><title>" + title + "</title><meta name=citation_title content=\"" + title +
         "\"><meta name=citation_author content=\"Curie, Marie\"><meta name=citation_doi content=\"10.5555/1\">"
         "<meta name=citation_abstract content=\"" +
         abstract + "\"><meta name=csrf content=\"" + token + "\"></head><body><h1>" + title + "</h1><p>" + abstract +
         "</p></body></html>";
}

class DiffVerb : public testing::Test {
 protected:
  DiffVerb() {
    EXPECT_EQ(program_.run({"init", "archive"}).exit_code, 0);
    program_.set_archive("archive");
  }
  void import(const std::string& at, const std::string& html) {
    std::ofstream(program_.folder() / "page.html", std::ios::binary) << html;
    const Said said = program_.run({"import", "--page", "page.html", "--url", kUrl, "--at", at});
    ASSERT_EQ(said.exit_code, 0) << said.err;
  }
  std::vector<std::string> changed_fields(const std::vector<std::string>& options = {}) {
    std::vector<std::string> words = {"--json", "diff", kUrl};
    words.insert(words.end(), options.begin(), options.end());
    std::vector<std::string> fields;
    summary_ = Json();
    for (const Json& row : program_.run(words).rows()) {
      if (row["event"] == "field") fields.push_back(row["field"].get<std::string>());
      if (row["event"] == "summary") summary_ = row;
    }
    return fields;
  }

  Program program_;
  Json summary_;
};

TEST_F(DiffVerb, NamesTheFieldsThatChanged) {
  import("2020-01-01", page("Cells in rest", "Old words here.", "a1"));
  import("2021-01-01", page("Cells at rest", "Old words here.", "b2"));
  EXPECT_THAT(changed_fields(), ElementsAre("title"));
  EXPECT_EQ(summary_["same_article"], false);
  const Said said = program_.run({"diff", kUrl});
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_THAT(said.out, HasSubstr("title\n- Cells in rest\n+ Cells at rest\n"));
}

TEST_F(DiffVerb, SaysThatATokenAloneIsNoChange) {
  import("2020-01-01", page("Cells", "Words.", "a1"));
  import("2021-01-01", page("Cells", "Words.", "b2"));
  EXPECT_THAT(changed_fields(), IsEmpty());
  EXPECT_EQ(summary_["same_article"], true);
  EXPECT_EQ(summary_["same_payload"], false);
}

TEST_F(DiffVerb, TakesTheLastDifferentCaptureUnlessTold) {
  import("2020-01-01", page("First", "Words.", "a"));
  import("2021-01-01", page("Second", "Words.", "a"));
  import("2022-01-01", page("Second", "Words.", "a"));
  EXPECT_THAT(changed_fields(), ElementsAre("title"));
  EXPECT_EQ(summary_["from"], "2020-01-01T00:00:00.000000Z");
  EXPECT_THAT(changed_fields({"--from", "2021-06-01"}), IsEmpty());
  EXPECT_EQ(summary_["same_payload"], true);
}

TEST_F(DiffVerb, ShowsTheWordsOfThePage) {
  import("2020-01-01", page("Cells", "Most cells rest at night.", "a"));
  import("2021-01-01", page("Cells", "Most cells divide at night.", "b"));
  const Said said = program_.run({"diff", kUrl, "--text"});
  EXPECT_THAT(said.out, HasSubstr("Most cells [-rest-] {+divide+} at night."));
  EXPECT_THAT(said.out, Not(HasSubstr("csrf")));
}

TEST_F(DiffVerb, SaysInOneLineThatThereIsNothingToCompare) {
  import("2020-01-01", page("Cells", "Words.", "a"));
  const Said said = program_.run({"diff", kUrl});
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_EQ(said.err,
            std::string("vellum: nothing to compare: ") + kUrl + " was captured once, 2020-01-01T00:00:00.000000Z\n");
}

std::string token(char of) {
  std::string text;
  for (int i = 0; i < 8; ++i) text += std::string(1, of) + std::to_string(i) + static_cast<char>(of + 1 + i);
  return text;
}

TEST_F(DiffVerb, CallsANewTokenTheSameArticleAndShowsItWhenAsked) {
  import("2020-01-01", page("Cells", "Words.", token('a')));
  import("2021-01-01", page("Cells", "Words.", token('h')));
  EXPECT_THAT(changed_fields(), IsEmpty());
  EXPECT_EQ(summary_["change"], "tokens");
  EXPECT_EQ(summary_["volatile"], 1);
  EXPECT_THAT(program_.run({"diff", kUrl}).out, HasSubstr("the same article, new tokens"));
  EXPECT_THAT(program_.run({"diff", kUrl}).out, Not(HasSubstr(token('h'))));
  EXPECT_THAT(program_.run({"diff", kUrl, "--volatile"}).out,
              HasSubstr("\"><meta name=csrf content=\" [-" + token('a') + "-] {+" + token('h') + "+}"));
  for (const Json& row : program_.run({"--json", "diff", kUrl, "--volatile"}).rows()) {
    if (row["event"] != "volatile") continue;
    EXPECT_EQ(row["by"], "form");
    EXPECT_EQ(row["to"], token('h'));
  }
}

TEST_F(DiffVerb, AChangedArticleIsChangedWhateverItsTokens) {
  import("2020-01-01", page("Cells in rest", "Words.", token('a')));
  import("2021-01-01", page("Cells at rest", "Words.", token('h')));
  EXPECT_THAT(changed_fields(), ElementsAre("title"));
  EXPECT_EQ(summary_["change"], "changed");
}

TEST_F(DiffVerb, LeavesOutCountersThatChangeOnEveryLoadOfTheTemplate) {
  for (const char* url : {kUrl, "https://journal.example.org/article/2"}) {
    for (int year = 0; year < 3; ++year) {
      std::ofstream(program_.folder() / "page.html", std::ios::binary)
          << page("Cells", "Words. Seen by <b>" + std::to_string(1000 + year) + "</b> readers", "t");
      const Said said =
          program_.run({"import", "--page", "page.html", "--url", url, "--at", std::to_string(2020 + year) + "-01-01"});
      ASSERT_EQ(said.exit_code, 0) << said.err;
    }
  }
  EXPECT_THAT(program_.run({"diff", kUrl, "--text"}).out, Not(HasSubstr("1002")));
  EXPECT_THAT(program_.run({"diff", kUrl, "--text", "--volatile"}).out, HasSubstr("[-1001-] {+1002+}"));
}

TEST_F(DiffVerb, TheLogSaysWhatEachCaptureIsToTheOneBefore) {
  import("2020-01-01", page("Cells", "Words.", token('a')));
  import("2021-01-01", page("Cells", "Words.", token('a')));
  import("2022-01-01", page("Cells", "Words.", token('h')));
  import("2023-01-01", page("Cells at rest", "Words.", token('k')));
  std::vector<std::string> changes;
  for (const Json& row : program_.run({"--json", "log", kUrl}).rows()) changes.push_back(row["change"]);
  EXPECT_THAT(changes, ElementsAre("first", "same", "tokens", "changed"));
}

}  // namespace
}  // namespace vellum::test
