#include "plugins/host/rule_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vellum::plugins {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string kHead = "id = \"org.example\"\nversion = 1\n[match]\nhosts = [\"example.org\"]\n";

std::string complaint(const std::string& text) {
  auto file = RuleFile::parse(text, "x/plugin.toml");
  if (!file) return file.error().message;
  auto rule = file->compile(nullptr);
  return rule ? "" : rule.error().message;
}

Rule compiled(const std::string& text, const Rule* platform = nullptr) {
  auto file = RuleFile::parse(text, "x/plugin.toml");
  EXPECT_TRUE(file) << file.error().message;
  auto rule = file->compile(platform);
  EXPECT_TRUE(rule) << rule.error().message;
  return rule ? std::move(*rule) : Rule();
}

TEST(RuleFile, UnknownFieldIsRefusedWithItsLineAndTheNearestKnownOne) {
  std::string message = complaint(kHead + "[fields]\ntitel = \"h1\"\n");
  EXPECT_THAT(message, StartsWith("x/plugin.toml:6: "));
  EXPECT_THAT(message, HasSubstr("unknown field `titel`, did you mean `title`?"));
}

TEST(RuleFile, UnknownKeyOfAnyTableIsRefused) {
  EXPECT_THAT(complaint(kHead + "[autors]\nitems = \"li\"\n"), HasSubstr("did you mean `authors`?"));
  EXPECT_THAT(complaint(kHead + "[authors]\nitem = \"li\"\n"), HasSubstr("did you mean `items`?"));
  EXPECT_THAT(complaint(kHead + "[fields]\ntitle = { cs = \"h1\" }\n"), HasSubstr("did you mean `css`?"));
  EXPECT_THAT(complaint(kHead + "[[layout]]\nname = \"a\"\ndetct = [\"p\"]\n"), HasSubstr("did you mean `detect`?"));
}

TEST(RuleFile, NamesABadSelectorPatternOrStep) {
  EXPECT_THAT(complaint(kHead + "[fields]\ntitle = \"h1[\"\n"), StartsWith("x/plugin.toml:6: bad selector `h1[`"));
  EXPECT_THAT(complaint(kHead + "[fields]\ntitle = { css = \"h1\", match = \"(\" }\n"),
              StartsWith("x/plugin.toml:6: "));
  EXPECT_THAT(complaint(kHead + "[fields]\ntitle = { css = \"h1\", clean = \"no_final_do\" }\n"),
              HasSubstr("unknown clean-up step `no_final_do`, did you mean `no_final_dot`?"));
}

TEST(RuleFile, RefusesTwoPlacesInOneSource) {
  EXPECT_THAT(complaint(kHead + "[fields]\ntitle = { css = \"h1\", meta = \"dc.title\" }\n"),
              HasSubstr("says more than one of css"));
}

TEST(RuleFile, RefusesAnUnknownPlaceOfALink) {
  EXPECT_THAT(complaint(kHead + "[[links]]\ncss = \"a\"\nplace = \"similr\"\n"), HasSubstr("did you mean `similar`?"));
}

TEST(RuleFile, NeedsAnIdAndAVersion) {
  EXPECT_THAT(complaint("version = 1\n"), HasSubstr("needs `id`"));
  EXPECT_THAT(complaint("id = \"org.example\"\n"), HasSubstr("must be an integer"));
}

TEST(RuleFile, MatchesByHostGlobAndPath) {
  Rule rule = compiled("id=\"a\"\nversion=1\n[match]\nhosts=[\"*.example.org\"]\npaths=['^/doi/']\n");
  EXPECT_TRUE(rule.matches(*Url::parse("https://www.example.org/doi/10.1/x")));
  EXPECT_FALSE(rule.matches(*Url::parse("https://www.example.org/about")));
  EXPECT_FALSE(rule.matches(*Url::parse("https://example.com/doi/10.1/x")));
}

TEST(RuleFile, ALayoutTakesUpTheBodyAndChangesPartsOfIt) {
  Rule rule =
      compiled(kHead +
               "[fields]\ntitle = \"h1\"\nvolume = \".v\"\n[[layout]]\nname = \"old\"\n[layout.fields]\n"
               "title = \"h2\"\n[[layout]]\nname = \"older\"\nlike = \"old\"\n[layout.fields]\nvolume = \".w\"\n");
  ASSERT_EQ(rule.layouts.size(), 2u);
  const auto& older = rule.layouts[1].body.fields;
  ASSERT_EQ(older.size(), 2u);
  EXPECT_EQ(older[0].sources.at(0).selector->text(), "h2");
  EXPECT_EQ(older[1].sources.at(0).selector->text(), ".w");
}

TEST(RuleFile, APluginTakesUpItsPlatform) {
  Rule platform = compiled("id=\"org.platform\"\nversion=1\n[fields]\ntitle=\"h1\"\nissue=\".i\"\n");
  Rule rule = compiled(kHead + "[fields]\ntitle = \"h2\"\n", &platform);
  ASSERT_EQ(rule.layouts.size(), 1u);
  const auto& fields = rule.layouts[0].body.fields;
  ASSERT_EQ(fields.size(), 2u);
  EXPECT_EQ(fields[0].sources.at(0).selector->text(), "h2");
  EXPECT_EQ(fields[1].shape->name, "issue");
  EXPECT_TRUE(rule.matches(*Url::parse("https://example.org/")));
}

TEST(RuleFile, ALayoutMayBeLikeOneOfThePlatform) {
  Rule platform = compiled(
      "id=\"org.platform\"\nversion=1\n[[layout]]\nname=\"base\"\n[layout.fields]\ntitle=\"h1\"\nissue=\".i\"\n");
  Rule rule =
      compiled(kHead + "[[layout]]\nname = \"mine\"\nlike = \"base\"\n[layout.fields]\ntitle = \"h3\"\n", &platform);
  ASSERT_EQ(rule.layouts.size(), 2u);
  EXPECT_EQ(rule.layouts[0].name, "mine");
  EXPECT_EQ(rule.layouts[0].body.fields.at(0).sources.at(0).selector->text(), "h3");
  EXPECT_EQ(rule.layouts[0].body.fields.at(1).sources.at(0).selector->text(), ".i");
}

}  // namespace
}  // namespace vellum::plugins
