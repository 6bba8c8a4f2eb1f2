// import, export and warc check as a user runs them; the inputs are those of tests/fuzz/corpus.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/vellum/program.h"

namespace vellum::test {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

std::string corpus(const std::string& name) {
  return std::string(VELLUM_SOURCE_DIR) + "/tests/fuzz/corpus/" + name;
}

class WarcVerbs : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(program_.run({"init", "archive"}).exit_code, 0);
    program_.set_archive("archive");
  }
  Said run(const std::vector<std::string>& arguments) { return program_.run(arguments); }
  Json last(const Said& said) { return said.rows().empty() ? Json() : said.rows().back(); }
  std::string file(const std::string& name) { return slurp((program_.folder() / name).string()).value_or(""); }

  Program program_;
};

TEST_F(WarcVerbs, CheckEndsWithThreeWhereAFaultIsFound) {
  EXPECT_EQ(run({"warc", "check", corpus("warc/plain.warc")}).exit_code, 0);
  const Said said = run({"warc", "check", corpus("warc/plain.warc"), corpus("warc/whole.warc.gz"), "--json"});
  EXPECT_EQ(said.exit_code, 3);
  ASSERT_THAT(said.rows(), SizeIs(3));
  EXPECT_EQ(text_of(said.rows()[1], "rule"), "member-per-record");
  EXPECT_EQ(text_of(said.rows()[1], "section"), "D.2");
  EXPECT_EQ(integer_of(said.rows()[1], "offset", -1), 0);
  EXPECT_EQ(run({"warc", "check", "nothing.warc"}).exit_code, 2);
}

TEST_F(WarcVerbs, ImportingTwiceAddsNothingTwice) {
  const Said first = run({"import", corpus("warc/members.warc.gz"), "--json"});
  EXPECT_EQ(first.exit_code, 0) << first.err;
  EXPECT_GT(integer_of(last(first), "captures"), 0);
  EXPECT_EQ(integer_of(last(first), "revisits"), 1);
  const Said again = run({"import", corpus("warc/members.warc.gz"), "--json"});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_EQ(integer_of(last(again), "captures"), 0);
}

TEST_F(WarcVerbs, ImportedCapturesKeepTheirTimes) {
  ASSERT_EQ(run({"import", corpus("warc/plain.warc")}).exit_code, 0);
  const Said said = run({"log", "https://example.org/page", "--json"});
  ASSERT_THAT(said.rows(), SizeIs(2));
  EXPECT_EQ(text_of(said.rows()[0], "captured"), "2020-02-01T10:11:12.345000Z");
  EXPECT_EQ(text_of(said.rows()[0], "digest"), text_of(said.rows()[1], "digest"));
  EXPECT_THAT(run({"cat", "https://example.org/page"}).out, HasSubstr("A small page for readers"));
}

TEST_F(WarcVerbs, ExportAndImportKeepEveryDigest) {
  ASSERT_EQ(
      run({"import", corpus("warc/plain.warc"), corpus("warc/segments.warc"), corpus("warc/sample.arc")}).exit_code, 0);
  for (const std::string& name : {std::string("x.warc.gz"), std::string("x.wacz")}) {
    const std::string format = name.substr(2, 4);
    ASSERT_EQ(run({"export", "--format", format, "-o", name}).exit_code, 0);
    const std::string other = "from-" + format;
    ASSERT_EQ(run({"init", other}).exit_code, 0);
    const Said said = run({"-C", other, "import", name});
    EXPECT_EQ(said.exit_code, 0) << said.err;
    ASSERT_EQ(run({"-C", other, "export", "--format", "cdxj", "-o", "x.cdxj"}).exit_code, 0);
    ASSERT_EQ(run({"export", "--format", "cdxj", "-o", "y.cdxj"}).exit_code, 0);
    EXPECT_GT(file("x.cdxj").size(), 100u);
    std::string theirs = file("x.cdxj"), ours = file("y.cdxj");
    for (std::string* text : {&theirs, &ours}) {
      for (std::size_t at = text->find(".warc.gz"); at != std::string::npos; at = text->find(".warc.gz"))
        text->erase(at - 1, 9);
    }
    const auto digests = [](const std::string& text) {
      std::vector<std::string> all;
      for (std::size_t at = text.find("sha1:"); at != std::string::npos; at = text.find("sha1:", at + 1))
        all.push_back(text.substr(at, 37));
      return all;
    };
    EXPECT_EQ(digests(theirs), digests(ours));
  }
  EXPECT_EQ(run({"warc", "check", "x.warc.gz"}).exit_code, 0);
}

TEST_F(WarcVerbs, ADamagedFileCostsOnlyWhatIsDamaged) {
  std::string bytes = slurp(corpus("warc/members.warc.gz")).value_or("");
  bytes.resize(bytes.size() - 30);
  std::ofstream(program_.folder() / "clipped.warc.gz", std::ios::binary) << bytes;
  const Said said = run({"import", "clipped.warc.gz", "nothing.warc", "--json"});
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_THAT(said.err, HasSubstr("gzip-clipped"));
  EXPECT_THAT(said.err, HasSubstr("nothing.warc"));
  EXPECT_GT(integer_of(last(said), "captures"), 0);
}

TEST_F(WarcVerbs, ExportToStandardOutputIsTheFileAlone) {
  ASSERT_EQ(run({"import", corpus("warc/plain.warc")}).exit_code, 0);
  const Said said = run({"export", "--format", "cdx", "-o", "-"});
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_THAT(said.out, testing::StartsWith(" CDX N b a m s k r M S V g u\norg,example)/page 20200201101112 "));
  EXPECT_THAT(said.out, Not(HasSubstr("captures")));
}

TEST_F(WarcVerbs, WrongUseIsOneLine) {
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"export", "--format", "zip", "-o", "x"},
                                             {"export", "--format", "warc"},
                                             {"export", "--format", "wacz", "-o", "-"},
                                             {"import"},
                                             {"import", "x.warc", "--page", "y"},
                                             {"warc"},
                                             {"warc", "check"}}) {
    const Said said = run(words);
    EXPECT_EQ(said.exit_code, 2) << words.back();
    EXPECT_THAT(said.err, testing::MatchesRegex("vellum: [^\n]+\n")) << said.err;
  }
}

}  // namespace
}  // namespace vellum::test
