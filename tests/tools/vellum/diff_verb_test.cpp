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

}  // namespace
}  // namespace vellum::test
