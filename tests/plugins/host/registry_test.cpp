#include "plugins/host/registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/article.h"
#include "base/text.h"
#include "tests/plugins/host/pages.h"
#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

const std::string kSite = R"(
id = "org.example"
label = "Example"
version = 7
[match]
hosts = ["example.org"]
[fields]
title = "h1"
ids.doi = ".doi"
[references]
items = ["ol.refs > li"]
[[fragments]]
reason = "references"
joins = "references"
url = { css = "button.all", attr = "data-url" }
count = { css = "button.all", match = '(\d+)' }
[[layout]]
name = "example/new"
detect = ["#new"]
[[layout]]
name = "example/old"
detect = ["#old"]
[layout.fields]
title = "h2"
)";

class RegistryTest : public testing::Test {
 protected:
  Registry load(const std::string& toml) {
    write(folder_.path() / "org.example" / "plugin.toml", toml);
    auto registry = Registry::load({folder_.path()});
    EXPECT_TRUE(registry) << registry.error().message;
    return std::move(*registry);
  }
  test::TempDir folder_;
};

constexpr const char* kPage =
    "<html><body id=new><h1>T</h1><p class=doi>doi: 10.1000/Self.</p><ol class=refs><li>One. 2001.</li></ol>"
    "<button class=all data-url='/more/'>Show all 2 references</button></body></html>";

TEST_F(RegistryTest, ReadsAPageWithThePluginOfItsHostAndTheLayoutThatFits) {
  Registry registry = load(kSite);
  Extraction out = registry.extract(page(kPage));
  EXPECT_EQ(out.plugin, "org.example");
  EXPECT_EQ(out.plugin_version, 7);
  EXPECT_EQ(out.layout, "example/new");
  EXPECT_EQ(out.record["title"], "T");
  EXPECT_EQ(out.record["ids"]["doi"], "10.1000/self");
  EXPECT_EQ(out.record["schema"], "vellum.article/1");
  EXPECT_TRUE(article::faults(out.record).empty());
  EXPECT_EQ(registry.extract(page("<body id=old><h2>Old</h2>")).record["title"], "Old");
}

TEST_F(RegistryTest, FallsBackToTheGenericReaderWhereNoLayoutFits) {
  Registry registry = load(kSite);
  Extraction out = registry.extract(page("<meta name=citation_title content=G><p>x</p>"));
  EXPECT_EQ(out.plugin, "org.vellum.generic");
  EXPECT_EQ(out.record["title"], "G");
}

TEST_F(RegistryTest, GenericReaderFillsWhatThePluginLeavesOut) {
  Registry registry = load(kSite);
  Extraction out = registry.extract(
      page("<meta name=citation_title content=G><meta name=citation_volume content=9><body id=new><h1>T</h1>"));
  EXPECT_EQ(out.record["title"], "T");
  EXPECT_EQ(out.record["volume"], "9");
}

TEST_F(RegistryTest, GenericReaderComesFirstWhereTheRuleSaysSo) {
  Registry registry = load("generic_first = [\"title\"]\n" + kSite);
  EXPECT_EQ(registry.extract(page("<meta name=citation_title content=G><body id=new><h1>T</h1>")).record["title"], "G");
  EXPECT_EQ(registry.extract(page("<body id=new><h1>T</h1><p class=doi>10.1000/1</p>")).record["title"], "T");
}

TEST_F(RegistryTest, APageThatNamesNoAuthorJournalAbstractOrReferenceIsNoArticle) {
  Registry registry = load(kSite);
  Extraction help = registry.extract(page("<body id=new><h1>Help</h1><p class=doi>10.1000/1</p><p>How to search.</p>"));
  EXPECT_EQ(help.record["kind"], "other");
  EXPECT_EQ(help.verdict.substance, "other");
  Extraction article = registry.extract(page("<meta name=citation_author content='Doe, J'><body id=new><h1>T</h1>"));
  EXPECT_EQ(article.record["kind"], "article");
}

TEST_F(RegistryTest, XmlIsReadByPluginsForXmlAlone) {
  write(folder_.path() / "x" / "plugin.toml",
        "id=\"org.xml\"\nversion=1\n[match]\nhosts=[\"*\"]\ndocument=\"xml\"\n[fields]\ntitle=\"Work > Name\"\n"
        "[authors]\nitems=[\"Work > By\"]\n");
  Registry registry = load(kSite);
  PageInput input = page("<Set><Work><Name>N</Name><By>Doe, Jane</By></Work></Set>");
  input.page.headers = HeaderBlock("HTTP/1.1 200 OK\r\nContent-Type: application/xml\r\n\r\n");
  Extraction out = registry.extract(input);
  EXPECT_EQ(out.plugin, "org.xml");
  EXPECT_EQ(out.record["title"], "N");
  EXPECT_EQ(registry.extract(page("<body id=new><h1>T</h1>")).plugin, "org.example");
  EXPECT_EQ(registry.extract(page("<title>Just a moment...</title><p>x", "https://other.org/")).plugin,
            "org.vellum.generic");
}

TEST_F(RegistryTest, DeclaresItsFragmentsAndIsIncompleteWithoutThem) {
  Registry registry = load(kSite);
  Extraction out = registry.extract(page(kPage));
  ASSERT_EQ(out.fragments.size(), 1u);
  EXPECT_EQ(out.fragments[0].url.href(), "https://example.org/more/");
  EXPECT_EQ(out.fragments[0].reason, "references");
  EXPECT_EQ(out.record["references_complete"], false);
  EXPECT_EQ(out.record["references"].size(), 1u);
}

TEST_F(RegistryTest, JoinsAGivenFragmentAndNamesItAmongTheSources) {
  Registry registry = load(kSite);
  PageInput input = page(kPage);
  input.fragments.push_back(
      answer("<ol class=refs><li>One. 2001.</li><li>Two. 2002.</li></ol>", "https://example.org/more/"));
  input.fragments[0].role = "fragment";
  Extraction out = registry.extract(input);
  EXPECT_EQ(out.record["references"].size(), 2u);
  EXPECT_EQ(out.record["references_complete"], true);
  ASSERT_EQ(out.record["sources"].size(), 2u);
  EXPECT_EQ(out.record["sources"][1]["role"], "fragment");
}

TEST_F(RegistryTest, AFragmentThatIsABlockPageOrHoldsTooLittleCompletesNothing) {
  Registry registry = load(kSite);
  PageInput input = page(kPage);
  input.fragments.push_back(answer("<title>Just a moment...</title><p>x</p>", "https://example.org/more/"));
  EXPECT_EQ(registry.extract(input).record["references_complete"], false);
  EXPECT_EQ(registry.extract(input).record["sources"].size(), 1u);
  input.fragments[0] = answer("<ol class=refs><li>One. 2001.</li></ol>", "https://example.org/more/");
  EXPECT_EQ(registry.extract(input).record["references_complete"], false);
}

TEST_F(RegistryTest, ABlockPageOfThePluginsHostIsNoArticle) {
  Registry registry = load(kSite);
  Extraction out = registry.extract(page("<title>Just a moment...</title><body id=new><h1>example.org</h1>"));
  EXPECT_EQ(out.record["kind"], "other");
  EXPECT_FALSE(out.record.contains("title"));
  EXPECT_EQ(out.verdict.substance, "captcha");
  EXPECT_TRUE(out.verdict.is_quarantined());
  EXPECT_EQ(out.plugin, "org.example");
}

TEST_F(RegistryTest, UsesTheNamedPluginWhateverTheHost) {
  Registry registry = load(kSite);
  auto out = registry.extract_with("org.example", page(kPage, "https://mirror.net/x"));
  ASSERT_TRUE(out);
  EXPECT_EQ(out->record["title"], "T");
  auto absent = registry.extract_with("org.exampel", page(kPage));
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().kind, ErrorKind::kNotFound);
  EXPECT_THAT(absent.error().message, HasSubstr("did you mean `org.example`?"));
}

TEST_F(RegistryTest, ASiteOnAPlatformIsAFewLines) {
  write(folder_.path() / "_platforms" / "p" / "plugin.toml",
        "id=\"platform.p\"\nversion=1\n[fields]\ntitle=\"h1\"\nvolume=\".v\"\n[[layout]]\nname=\"p/"
        "1\"\ndetect=[\"h1\"]\n");
  Registry registry = load(
      "id=\"org.site\"\nversion=1\nextends=\"platform.p\"\n[match]\nhosts=[\"example.org\"]\n[fields]\ntitle=\"h2\"\n"
      "[[layout]]\nname=\"site/2\"\nlike=\"p/1\"\ndetect=[\"h2\"]\n");
  Extraction own = registry.extract(page("<meta name=dc.creator content='Doe, J'><h1>A</h1><h2>B</h2><p class=v>7"));
  EXPECT_EQ(own.layout, "site/2");
  EXPECT_EQ(own.record["title"], "B");
  EXPECT_EQ(own.record["volume"], "7");
}

TEST_F(RegistryTest, HigherPriorityComesFirst) {
  write(folder_.path() / "b" / "plugin.toml",
        "id=\"org.other\"\nversion=1\npriority=90\n[match]\nhosts=[\"*\"]\n[fields]\ntitle={const=\"mine\"}\n");
  Registry registry = load(kSite);
  EXPECT_EQ(registry.extract(page(kPage)).record["title"], "mine");
  EXPECT_EQ(registry.list()[0].id, "org.other");
  EXPECT_EQ(registry.list().back().id, "org.vellum.generic");
}

TEST_F(RegistryTest, RefusesABadFileAnUnknownPlatformAndCircles) {
  auto error = [&](const std::string& toml) {
    write(folder_.path() / "org.example" / "plugin.toml", toml);
    auto registry = Registry::load({folder_.path()});
    return registry ? std::string() : registry.error().message;
  };
  EXPECT_THAT(error("id = \"a\"\nversion = 1\nlable = \"x\"\n"), HasSubstr("plugin.toml:3: unknown key `lable`"));
  EXPECT_THAT(error("id = \"a\"\nversion = 1\nextends = \"b\"\n"), HasSubstr("no plugin `b`"));
  EXPECT_THAT(error("id = \"a\"\nversion = 1\nextends = \"a\"\n"), HasSubstr("circle"));
}

TEST_F(RegistryTest, OneBadFileLeavesTheOthersAndIsNamed) {
  write(folder_.path() / "org.example" / "plugin.toml", kSite);
  write(folder_.path() / "org.bad" / "plugin.toml", "id = \"org.bad\"\nversion = 1\nlable = \"x\"\n");
  write(folder_.path() / "org.torn" / "plugin.toml", "id = ");
  write(folder_.path() / "org.child" / "plugin.toml", "id = \"org.child\"\nversion = 1\nextends = \"org.bad\"\n");
  std::vector<BrokenPlugin> broken;
  const Registry registry = Registry::load_sound({folder_.path()}, broken);
  EXPECT_TRUE(registry.has("org.example"));
  ASSERT_EQ(broken.size(), 3u);
  EXPECT_EQ(broken[0].id, "org.torn");
  EXPECT_THAT(broken[1].error.message, HasSubstr("plugin.toml:3: unknown key `lable`"));
  EXPECT_EQ(broken[2].id, "org.child");
  EXPECT_FALSE(registry.has("org.child"));
  EXPECT_FALSE(Registry::load({folder_.path()}));
}

TEST_F(RegistryTest, AnIdOfAnEarlierFolderHidesThatOfALater) {
  write(folder_.path() / "own" / "org.example" / "plugin.toml", kSite);
  write(folder_.path() / "built-in" / "org.example" / "plugin.toml", "id = \"org.example\"\nversion = 1\n");
  write(folder_.path() / "built-in" / "org.other" / "plugin.toml", "id = \"org.other\"\nversion = 1\n");
  const auto registry = Registry::load({folder_.path() / "own", folder_.path() / "built-in"});
  ASSERT_TRUE(registry) << registry.error().message;
  EXPECT_TRUE(registry->has("org.other"));
  EXPECT_EQ(registry->extract(page(kPage)).plugin_version, 7);
  write(folder_.path() / "own" / "again" / "plugin.toml", kSite);
  const auto twice = Registry::load({folder_.path() / "own"});
  ASSERT_FALSE(twice);
  EXPECT_THAT(twice.error().message, HasSubstr("is defined already in"));
}

TEST_F(RegistryTest, ListsAPluginsLayoutsAndTests) {
  PluginInfo info = load(kSite).list().at(0);
  EXPECT_EQ(info.id, "org.example");
  EXPECT_EQ(info.layouts, (std::vector<std::string>{"example/new", "example/old"}));
  EXPECT_EQ(info.hosts, std::vector<std::string>{"example.org"});
}

TEST_F(RegistryTest, ATestThatExpectsSomethingElseFailsAndSaysWhere) {
  write(folder_.path() / "org.example" / "p.html", kPage);
  write(folder_.path() / "org.example" / "p.json", R"({"kind":"article","layout":"example/new","title":"Other"})");
  Registry registry =
      load(kSite + "[[tests]]\nname = \"p\"\nurl = \"https://example.org/\"\npage = \"p.html\"\nexpect = \"p.json\"\n");
  auto results = run_plugin_tests(registry);
  ASSERT_EQ(results.size(), 1u);
  EXPECT_FALSE(results[0].passed);
  EXPECT_THAT(results[0].differences, testing::Contains("title: expected \"Other\", found \"T\""));
  EXPECT_THAT(results[0].differences, testing::Contains(HasSubstr("references: expected nothing, found")));
}

TEST_F(RegistryTest, ATestShowsWhereTextsPartAndSumsUpWhatIsAlike) {
  std::string items;
  Json expected = {{"kind", "article"}, {"layout", "example/new"}, {"title", "T"}, {"references", Json::array()}};
  for (int i = 1; i <= 48; ++i) {
    std::string text;
    for (int k = 0; k < 150; ++k) text += "é";
    items += "<li>" + text + "B. 2001.</li>";
    expected["references"].push_back({{"position", i}, {"text", text + "A. 2001."}});
  }
  write(folder_.path() / "org.example" / "p.html", "<body id=new><h1>T</h1><ol class=refs>" + items + "</ol>");
  write(folder_.path() / "org.example" / "p.json", expected.dump());
  const Registry registry =
      load(kSite + "[[tests]]\nname = \"p\"\nurl = \"https://example.org/\"\npage = \"p.html\"\nexpect = \"p.json\"\n");
  const auto differences = run_plugin_tests(registry).at(0).differences;
  EXPECT_THAT(differences, testing::Contains(HasSubstr("éA. 2001.\", found \"...éé")));
  EXPECT_THAT(differences, testing::Contains(HasSubstr("éB. 2001.\"")));
  EXPECT_THAT(differences, testing::Contains("and 46 more references[*].text"));
  for (const std::string& line : differences) EXPECT_EQ(repair_utf8(line), line);
}

}  // namespace
}  // namespace vellum::plugins
