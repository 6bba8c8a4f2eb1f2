#include "plugins/host/authoring.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/plugins/host/pages.h"
#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* kArticle =
    "<html><head><meta name=citation_title content='A made-up title'><meta name=citation_author content='Doe, Jane'>"
    "<meta name=citation_journal_title content='J Fiction'></head><body><h1 id=page-title class=highwire-cite-title>A "
    "made-up title</h1><div class='section abstract' id=abstract-1><h2>Abstract</h2><p>Nothing was known.</p></div>"
    "<div class='section ref-list'><ol class=cit-list><li><div class=cit data-doi='10.1000/one'><div "
    "class=cit-metadata>Roe R. One. 2001.</div></div></li></ol></div></body></html>";

class Authoring : public testing::Test {
 protected:
  Authoring() : registry_(*Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"})) {}

  Registry registry_;
  test::TempDir folder_;
};

TEST_F(Authoring, DraftsAPluginOnThePlatformThatReadsThePageBest) {
  const auto drafted = draft_plugin(registry_, "org.example", page(kArticle, "https://www.example.org/content/9/1/1"));
  ASSERT_TRUE(drafted) << drafted.error().message;
  EXPECT_EQ(drafted->platform, "platform.highwire");
  EXPECT_THAT(drafted->found, Contains("references"));
  EXPECT_THAT(drafted->missing, Contains("license"));
  EXPECT_THAT(drafted->toml, HasSubstr("hosts = [\"www.example.org\"]"));
  EXPECT_THAT(drafted->toml, HasSubstr("paths = ['^/content/']"));
}

TEST_F(Authoring, RefusesABadIdAndABlockPage) {
  EXPECT_FALSE(draft_plugin(registry_, "Example!", page(kArticle)));
  const auto blocked = draft_plugin(registry_, "org.example", page("<title>Just a moment...</title><p>x</p>"));
  ASSERT_FALSE(blocked);
  EXPECT_THAT(blocked.error().message, HasSubstr("captcha"));
}

TEST_F(Authoring, WritesAPluginThatPassesItsFirstTest) {
  const PageInput input = page(kArticle, "https://www.example.org/content/9/1/1");
  const auto drafted = draft_plugin(registry_, "org.example", input);
  ASSERT_TRUE(drafted);
  const auto file = write_plugin(folder_.path(), *drafted, input);
  ASSERT_TRUE(file) << file.error().message;
  const auto all = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites", folder_.path()});
  ASSERT_TRUE(all) << all.error().message;
  const auto results = run_plugin_tests(*all, "org.example");
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].passed) << testing::PrintToString(results[0].differences);
  EXPECT_FALSE(write_plugin(folder_.path(), *drafted, input)) << "is there already";
}

TEST_F(Authoring, PromotesAPageToATestOfItsPluginOnce) {
  const PageInput input = page(kArticle, "https://www.example.org/content/9/1/1");
  const auto drafted = draft_plugin(registry_, "org.example", input);
  ASSERT_TRUE(drafted && write_plugin(folder_.path(), *drafted, input));
  auto all = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites", folder_.path()});
  ASSERT_TRUE(all);
  ASSERT_TRUE(write_test(*all, "org.example", "Second page", input));
  all = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites", folder_.path()});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(run_plugin_tests(*all, "org.example").size(), 2u);
  EXPECT_FALSE(write_test(*all, "org.example", "Second page", input));
  EXPECT_FALSE(write_test(*all, "org.nowhere", "x", input));
  const auto blocked = write_test(*all, "org.example", "x", page("<title>Just a moment...</title><p>x</p>"));
  ASSERT_FALSE(blocked);
  EXPECT_EQ(blocked.error().kind, ErrorKind::kInvalid);
}

TEST_F(Authoring, StartsFromThePlainPlatformWhereNothingSpeaksForAnother) {
  const auto drafted = draft_plugin(registry_, "org.example", page("<meta name=citation_title content=T><h1>T</h1>"));
  ASSERT_TRUE(drafted) << drafted.error().message;
  EXPECT_EQ(drafted->platform, "platform.page");
  EXPECT_EQ(drafted->record["title"], "T");
}

TEST_F(Authoring, AcceptsWhatIsReadNowAndNumbersNamesThatAreTaken) {
  const PageInput input = page(kArticle, "https://www.example.org/content/9/1/1");
  const auto drafted = draft_plugin(registry_, "org.example", input);
  ASSERT_TRUE(drafted && write_plugin(folder_.path(), *drafted, input));
  const fs::path expected = folder_.path() / "org.example" / "tests" / "first-page.json";
  std::ofstream(expected) << R"({"title":"Another","layout":""})";
  const auto all = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites", folder_.path()});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(free_test_name(*all, "org.example", "first page"), "first page 2");
  EXPECT_EQ(free_test_name(*all, "org.example", "second page"), "second page");
  EXPECT_FALSE(run_plugin_tests(*all, "org.example").at(0).passed);
  ASSERT_TRUE(accept_record(*all, "org.example", "first page"));
  EXPECT_TRUE(run_plugin_tests(*all, "org.example").at(0).passed);
  EXPECT_FALSE(accept_record(*all, "org.example", "no such page"));
}

}  // namespace
}  // namespace vellum::plugins
