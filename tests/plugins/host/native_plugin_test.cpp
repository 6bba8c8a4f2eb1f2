#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/article.h"
#include "plugins/host/authoring.h"
#include "plugins/host/registry.h"
#include "plugins/host/score.h"
#include "plugins/host/trial.h"
#include "tests/plugins/host/pages.h"
#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

constexpr const char* kPage =
    "<title>t</title><meta name=citation_title content='Of the head'><meta name=citation_author content='Ada Example'>"
    "<h1>Of the library</h1><p class=doi>10.5555/12345678</p>";

// A folder with the plugin that does what its library's name says, and a plugin of rules for the same pages.
class NativePlugin : public testing::Test {
 protected:
  void install(const std::string& library, const std::string& more = "") {
    const fs::path home = folder_.path() / "org.example.misbehave";
    fs::create_directories(home);
    fs::copy_file(VELLUM_MISBEHAVE, home / (library + ".vellum"), fs::copy_options::skip_existing);
    write(home / "plugin.toml",
          "id = 'org.example.misbehave'\nversion = 3\npriority = 90\n[match]\nhosts = "
          "['example.org']\n[native]\nlibrary = '" +
              library + ".vellum'\ndeadline = '20s'\nmemory = 256\n" + more);
  }
  void install_rules() {
    fs::create_directories(folder_.path() / "org.example.rules");
    write(folder_.path() / "org.example.rules" / "plugin.toml",
          "id = 'org.example.rules'\nversion = 1\n[match]\nhosts = ['example.org']\n[fields]\nids.doi = '.doi'\n");
  }
  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text; }
  Result<Registry> load() const { return Registry::load({folder_.path()}); }
  std::string complaint() const {
    const auto registry = load();
    return registry ? "" : registry.error().message;
  }

  test::TempDir folder_;
};

TEST_F(NativePlugin, GoesOverTheHeadAndBesideTheRulesOfItsFile) {
  install("nothing", "[fields]\nids.doi = '.doi'\ntitle = { const = 'Of the rules' }\n");
  const Extraction read = load()->extract(page(kPage));
  EXPECT_EQ(read.plugin, "org.example.misbehave");
  EXPECT_EQ(read.plugin_version, 3);
  EXPECT_EQ(read.record["title"], "Of the library");
  EXPECT_EQ(read.record["ids"]["doi"], "10.5555/12345678");
  EXPECT_EQ(read.record["authors"][0]["name"], "Ada Example");
  EXPECT_TRUE(read.faults.empty());
  EXPECT_TRUE(article::faults(read.record).empty());
}

TEST_F(NativePlugin, ThatFailsLeavesThePageToTheNextAndIsNamed) {
  install("throw-extract");
  install_rules();
  const Extraction read = load()->extract(page(kPage));
  EXPECT_EQ(read.plugin, "org.example.rules");
  EXPECT_EQ(read.record["ids"]["doi"], "10.5555/12345678");
  ASSERT_EQ(read.faults.size(), 1u);
  EXPECT_EQ(read.faults[0].plugin, "org.example.misbehave");
  EXPECT_EQ(read.faults[0].step, "extract");
  EXPECT_EQ(read.faults[0].cause, "threw");
  EXPECT_THAT(read.verdict.evidence,
              Contains("plugin org.example.misbehave failed in extract: extract() threw: a deliberate exception"));
  EXPECT_FALSE(read.verdict.is_quarantined());
}

TEST_F(NativePlugin, ThatFailsLeavesThePageToTheGenericReaderAtLast) {
  install("abort-load");
  const Extraction read = load()->extract(page(kPage));
  EXPECT_EQ(read.plugin, "org.vellum.generic");
  EXPECT_EQ(read.record["title"], "Of the head");
  EXPECT_EQ(read.faults.at(0).step, "load");
}

TEST_F(NativePlugin, ThatDeclinesAPageLeavesItWithoutAFault) {
  install("decline-match");
  install_rules();
  const Extraction read = load()->extract(page(kPage));
  EXPECT_EQ(read.plugin, "org.example.rules");
  EXPECT_TRUE(read.faults.empty());
}

TEST_F(NativePlugin, WhoseRecordDoesNotFitTheSchemaIsRefusedAsAWhole) {
  install("unknown-extract");
  const Extraction read = load()->extract(page(kPage));
  EXPECT_EQ(read.plugin, "org.vellum.generic");
  EXPECT_EQ(read.faults.at(0).cause, "record");
  EXPECT_THAT(read.faults.at(0).detail, HasSubstr("/titel: unknown key, did you mean `title`?"));
}

TEST_F(NativePlugin, SpeaksToTerminalsWithoutControlCharacters) {
  install("paint-extract");
  const Extraction read = load()->extract(page(kPage));
  EXPECT_EQ(read.faults.at(0).detail, "extract() threw:  [2Jred  next \xEF\xBF\xBD");
}

TEST_F(NativePlugin, ResolvesAddressesAndTakesThoseOfTheWebAlone) {
  install("links-extract");
  const Extraction read = load()->extract(page(kPage));
  EXPECT_EQ(read.record["references"][0]["url"], "https://example.org/refs/1");
  EXPECT_EQ(read.record["references"][0]["position"], 1);
  EXPECT_FALSE(read.record["references"][1].contains("url"));
  ASSERT_EQ(read.fragments.size(), 1u);
  EXPECT_EQ(read.fragments[0].url.href(), "https://example.org/more");
  const auto link = std::find_if(read.links.begin(), read.links.end(),
                                 [](const OutboundLink& one) { return one.place == "reference"; });
  ASSERT_NE(link, read.links.end());
  EXPECT_EQ(link->rule, "org.example.misbehave.native");
  EXPECT_EQ(link->doi, "10.5555/12345678");
}

TEST_F(NativePlugin, AskedForByNameDoesNotGiveThePageAway) {
  install("abort-extract");
  install_rules();
  const auto read = load()->extract_with("org.example.misbehave", page(kPage));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->plugin, "org.example.misbehave");
  EXPECT_EQ(read->record["kind"], "other");
  EXPECT_EQ(read->faults.at(0).cause, "crashed");
}

TEST_F(NativePlugin, IsListedAsSuch) {
  install("nothing");
  EXPECT_TRUE(load()->list().front().native);
}

TEST_F(NativePlugin, IsTriedWithWhatItsLibraryGives) {
  install("nothing", "[fields]\ntitle = { const = 'Of the rules' }\n");
  const auto registry = load();
  const auto trial = try_plugin(*registry, "org.example.misbehave", page(kPage));
  ASSERT_TRUE(trial);
  ASSERT_GE(trial->sources.size(), 2u);  // between them, what the generic reader fills in
  EXPECT_EQ(trial->sources.front().first, "Of the rules");
  EXPECT_FALSE(trial->sources.front().chosen);
  EXPECT_EQ(trial->sources.back().source, "native");
  EXPECT_EQ(trial->sources.back().first, "Of the library");
  EXPECT_TRUE(trial->sources.back().chosen);
}

TEST_F(NativePlugin, IsPromotedTestedAndScoredLikeAnyOther) {
  install("nothing");
  const auto written = write_test(*load(), "org.example.misbehave", "promoted", page(kPage));
  ASSERT_TRUE(written) << written.error().message;
  const auto results = run_plugin_tests(*load());
  ASSERT_EQ(results.size(), 1u);
  EXPECT_TRUE(results[0].passed) << results[0].differences.at(0);
  fs::create_directories(folder_.path() / "evidence");
  write(folder_.path() / "a.html", kPage);
  write(folder_.path() / "evidence" / "expected.ndjson",
        R"({"file":"a.html","site":"x","url":"https://example.org/1","expect":{"title":"Of the library"}})"
        "\n");
  const auto board = score_plugins(*load(), folder_.path() / "evidence" / "expected.ndjson");
  ASSERT_TRUE(board) << board.error().message;
  const auto& [own, generic] = board->rows.at({"x", "title"});
  EXPECT_EQ(own.whole, 1u);
  EXPECT_EQ(generic.whole, 0u);
}

TEST_F(NativePlugin, NeedsItsLibraryBesideItsFile) {
  install("nothing");
  fs::remove(folder_.path() / "org.example.misbehave" / "nothing.vellum");
  EXPECT_THAT(complaint(), HasSubstr("plugin.toml:7: there is no "));
}

TEST_F(NativePlugin, NamesNoLibraryElsewhere) {
  install("nothing");
  write(folder_.path() / "org.example.misbehave" / "plugin.toml",
        "id = 'a.b'\nversion = 1\n[match]\nhosts = ['x.org']\n[native]\nlibrary = '../x.vellum'\n");
  EXPECT_THAT(complaint(), HasSubstr("plugin.toml:6: must be the name of a file beside this one"));
}

TEST_F(NativePlugin, HasLimitsWithinReason) {
  install("nothing", "[fields]\n");
  write(folder_.path() / "org.example.misbehave" / "plugin.toml",
        "id = 'a.b'\nversion = 1\n[match]\nhosts = ['x.org']\n[native]\nlibrary = 'nothing.vellum'\nmemory = 1\n");
  EXPECT_THAT(complaint(), HasSubstr("plugin.toml:7: must be from 64 to 4096, in MiB"));
}

}  // namespace
}  // namespace vellum::plugins
