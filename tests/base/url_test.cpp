#include "base/url.h"

#include <gtest/gtest.h>

#include "tests/base/data_file.h"
#include "tests/base/url_rows.h"

namespace vellum::test {
namespace {

TEST(Url, EveryRowOfUrlCasesHolds) {
  const auto rows = parse_json(own_data("url_cases.json"));
  ASSERT_TRUE(rows) << rows.error().message;
  ASSERT_GT(rows->size(), 20u);
  for (const Json& row : *rows) check_row(row);
}

Url url(std::string_view text) {
  auto parsed = Url::parse(text);
  EXPECT_TRUE(parsed) << text;
  return *std::move(parsed);
}

TEST(Url, ParsingItsOwnOutputChangesNothing) {
  const auto rows = parse_json(own_data("url_cases.json"));
  ASSERT_TRUE(rows);
  for (const Json& row : *rows) {
    const auto parsed = parse_row(row);
    if (parsed) {
      EXPECT_EQ(url(parsed->href()).href(), parsed->href());
    }
  }
}

TEST(Url, AFailureNamesTheTextAndThePart) {
  const auto bad = Url::parse("http://[::1");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(bad.error().message, "bad url `http://[::1`: the IPv6 address has no ']'");
}

TEST(Url, DropsTheFragmentForFetching) {
  EXPECT_EQ(url("https://h/a?b#c").without_fragment().href(), "https://h/a?b");
  EXPECT_EQ(url("https://h/a?#").without_fragment().href(), "https://h/a?");
}

TEST(Url, GivesWhatARequestLineCarries) {
  EXPECT_EQ(url("https://h").path_and_query(), "/");
  EXPECT_EQ(url("https://h/a?b=1#c").path_and_query(), "/a?b=1");
  EXPECT_EQ(url("https://h/a?").path_and_query(), "/a?");
}

TEST(Url, KnowsThePortItWouldBeFetchedFrom) {
  EXPECT_EQ(url("https://h").effective_port(), 443);
  EXPECT_EQ(url("http://h:8080").effective_port(), 8080);
  EXPECT_EQ(url("foo://h").effective_port(), 0);
}

TEST(Url, RepairsInvalidUtf8AsADecoderWould) {
  EXPECT_EQ(url("http://h/\xC3\x28").href(), "http://h/%EF%BF%BD(");
}

TEST(Url, RefusesAnEndlessUnicodeHost) {
  std::string host;
  for (int i = 0; i < 100'000; ++i) host += "é";
  EXPECT_FALSE(Url::parse("http://" + host + "/"));
}

TEST(Url, ReadsAMegabyteOfDotsAndAtSignsInTime) {
  std::string dots = "http://h/", ats = "http://";
  for (int i = 0; i < 50'000; ++i) dots += i % 2 == 0 ? "a/" : "../", ats += "a@";
  EXPECT_TRUE(Url::parse(dots));
  EXPECT_TRUE(Url::parse(ats + "h/"));
}

TEST(PercentDecode, LeavesInvalidSequences) {
  EXPECT_EQ(percent_decode("%41%zz%4%"), "A%zz%4%");
  EXPECT_EQ(percent_decode("%E0%A4%A"), "\xE0\xA4%A");
  EXPECT_EQ(percent_decode("a%00b"), std::string("a\0b", 3));
}

}  // namespace
}  // namespace vellum::test
