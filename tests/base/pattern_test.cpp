#include "base/pattern.h"

#include <gtest/gtest.h>

namespace vellum {
namespace {

Pattern pattern(std::string_view source) {
  auto compiled = Pattern::compile(source);
  EXPECT_TRUE(compiled) << source;
  return *std::move(compiled);
}

TEST(Pattern, MatchesAnywhereUnlessAnchored) {
  EXPECT_TRUE(pattern("b+").matches("abbc"));
  EXPECT_FALSE(pattern("^b+").matches("abbc"));
  EXPECT_FALSE(pattern("b+").matches_whole("abbc"));
  EXPECT_TRUE(pattern("[a-c]+").matches_whole("abbc"));
}

TEST(Pattern, GivesGroupsByNumberAndName) {
  const Pattern pages = pattern(R"((?P<first>\d+)(?:-(?P<last>\d+))?)");
  const auto both = pages.search("pp. 42-46.");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->offset(), 4u);
  EXPECT_EQ(both->text(), "42-46");
  EXPECT_EQ(both->named("first"), "42");
  EXPECT_EQ(both->group(2), "46");
  const auto one = pages.search("42");
  ASSERT_TRUE(one);
  EXPECT_EQ(one->named("last"), std::nullopt);
  EXPECT_EQ(one->named("nosuch"), std::nullopt);
  EXPECT_EQ(one->group(9), std::nullopt);
}

TEST(Pattern, FindsEveryMatchAndStepsOverEmptyOnes) {
  std::vector<std::string> found;
  for (const auto& match : pattern("a*").search_all("baaé")) found.emplace_back(match.text());
  EXPECT_EQ(found, (std::vector<std::string>{"", "aa", "", ""}));
  EXPECT_EQ(pattern("x").search_all("").size(), 0u);
}

TEST(Pattern, TheAnchorIsTheTextsBeginningWhereverTheSearchStarts) {
  EXPECT_FALSE(pattern("^b").search("ab", 1));
}

TEST(Pattern, ReplacesEveryMatch) {
  EXPECT_EQ(pattern(R"((\d+)-(\d+))").replace("1-2, 3-4", R"(\2-\1)"), "2-1, 4-3");
  EXPECT_EQ(pattern("x").replace("abc", "y"), "abc");
  EXPECT_FALSE(pattern("(a)").check_rewrite(R"(\2)"));
  EXPECT_TRUE(pattern("(a)").check_rewrite(R"(\1)"));
}

TEST(Pattern, IgnoresCaseWhenAsked) {
  EXPECT_FALSE(pattern("doi").matches("DOI"));
  EXPECT_TRUE(Pattern::compile("doi", Pattern::Case::kIgnored)->matches("DOI"));
}

TEST(Pattern, ABadPatternSaysWhy) {
  const auto bad = Pattern::compile("a(b");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(bad.error().message, "bad pattern `a(b`: missing ): a(b");
}

TEST(Pattern, APatternOverTheMemoryLimitIsRefused) {
  EXPECT_FALSE(Pattern::compile("((a{100}){100}){100}"));
}

TEST(Pattern, CatastrophicPatternsTakeLinearTime) {
  EXPECT_FALSE(pattern("^(a+)+$").matches(std::string(200'000, 'a') + "b"));
}

TEST(Pattern, CopiesShareTheProgram) {
  const Pattern first = pattern("a");
  const Pattern second = first;
  EXPECT_EQ(second.source(), "a");
  EXPECT_TRUE(second.matches("a"));
}

}  // namespace
}  // namespace vellum
