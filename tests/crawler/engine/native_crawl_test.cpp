#include <filesystem>
#include <fstream>

#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

namespace fs = std::filesystem;

// A crawl whose pages a misbehaving native plugin is to read.
class NativeCrawlTest : public CrawlTest {
 protected:
  engine::CrawlSummary crawl_with(const std::string& deed, const std::string& deadline) {
    const fs::path home = folder / "plugins" / "org.example.misbehave";
    fs::create_directories(home);
    fs::copy_file(VELLUM_MISBEHAVE, home / (deed + ".vellum"));
    std::ofstream(home / "plugin.toml") << "id = 'org.example.misbehave'\nversion = 1\n[match]\nhosts = ['*.test']\n"
                                        << "[native]\nlibrary = '" << deed << ".vellum'\nmemory = 256\ndeadline = '"
                                        << deadline << "'\n";
    const auto plugins = plugins::Registry::load({folder / "plugins"});
    if (!plugins) throw std::runtime_error(plugins.error().message);
    engine::Crawl run(engine::CrawlSetup{config, *catalog, *plugins, clock, told, 2, {}});
    return *run.run();
  }
  void serve_two_pages() {
    server.on("http://site.test/", html("<h1>One</h1><a href=/two>2</a>"));
    server.on("http://site.test/two", html("<h1>Two</h1>"));
  }
};

TEST_F(NativeCrawlTest, GoesOnKeepsThePageAndNamesThePluginThatCrashes) {
  serve_two_pages();
  const auto summary = crawl_with("abort-extract", "20s");
  EXPECT_EQ(summary.state, "finished");
  EXPECT_EQ(told.of("http://site.test/").size(), 1u);
  EXPECT_EQ(told.of("http://site.test/two").size(), 1u);
  ASSERT_EQ(told.articles.size(), 2u);
  EXPECT_EQ(told.articles.front().plugin, "org.vellum.generic");
  ASSERT_EQ(told.plugin_failures.size(), 2u);
  EXPECT_EQ(told.plugin_failures.front(), "http://site.test/ org.example.misbehave extract crashed");
  EXPECT_EQ(summary.tally.plugin_faults.at("org.example.misbehave: extract: crashed"), 2u);
  const storage::Capture capture = told.of("http://site.test/").front();
  EXPECT_FALSE(capture.quarantined);
  EXPECT_EQ(capture.evidence.back(), "plugin org.example.misbehave failed in extract: killed by SIGABRT");
}

TEST_F(NativeCrawlTest, GoesOnWhenAPluginHangs) {
  serve_two_pages();
  const auto summary = crawl_with("loop-match", "300ms");
  EXPECT_EQ(summary.state, "finished");
  EXPECT_EQ(told.captures.size(), 3u) << "two pages and robots.txt";
  EXPECT_EQ(told.plugin_failures.size(), 2u);
}

TEST_F(NativeCrawlTest, TakesTheRecordOfAPluginThatWorks) {
  serve_two_pages();
  crawl_with("nothing", "20s");
  ASSERT_EQ(told.articles.size(), 2u);
  EXPECT_EQ(told.articles.front().plugin, "org.example.misbehave");
  EXPECT_TRUE(told.plugin_failures.empty());
}

}  // namespace
}  // namespace vellum::test
