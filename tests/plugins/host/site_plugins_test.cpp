// The plugins of plugins/sites load, and the tests that lie beside them pass.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/pattern.h"
#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

TEST(SitePlugins, PassTheTestsBesideThem) {
  auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  auto results = run_plugin_tests(*registry);
  EXPECT_GE(results.size(), 45u);
  for (const PluginTestResult& result : results) {
    EXPECT_TRUE(result.passed) << result.plugin << ": " << result.name;
    for (const std::string& difference : result.differences) ADD_FAILURE() << "  " << difference;
  }
}

std::string read_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

// Sites drop ids and meta tags without notice; what people see stays.
TEST(SitePlugins, PubMedIsReadAlikeWithoutIdsAndMetaTags) {
  auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  const std::string folder = VELLUM_SOURCE_DIR "/plugins/sites/gov.nih.nlm.ncbi.pubmed/tests/";
  const auto without = *Pattern::compile(R"re( id="[^"]*"|<meta name[^>]*>)re");
  for (const char* file : {"2019-labs.html", "2020.html"}) {
    const std::string whole = read_file(folder + file);
    ASSERT_FALSE(whole.empty());
    const std::string url = "https://pubmed.ncbi.nlm.nih.gov/30526772/";
    const Extraction before = registry->extract(page(whole, url));
    const Extraction after = registry->extract(page(without.replace(whole, ""), url));
    for (const char* key : {"layout",
                            "title",
                            "title_html",
                            "authors",
                            "published",
                            "volume",
                            "issue",
                            "pages",
                            "elocator",
                            "abstract",
                            "keywords",
                            "conflict_of_interest",
                            "publication_types",
                            "mesh",
                            "substances",
                            "grants",
                            "figures",
                            "references",
                            "references_complete",
                            "similar",
                            "cited_by",
                            "notices"}) {
      EXPECT_EQ(before.record.value(key, Json()), after.record.value(key, Json())) << file << " " << key;
    }
    EXPECT_EQ(before.fragments.size(), after.fragments.size()) << file;
  }
}

TEST(SitePlugins, AreFoundInTheSourceTree) {
  ::unsetenv("VELLUM_PLUGINS");
  auto folders = default_site_folders();
  ASSERT_EQ(folders.size(), 1u);
  EXPECT_TRUE(std::filesystem::exists(folders[0] / "gov.nih.nlm.ncbi.pubmed" / "plugin.toml")) << folders[0];
}

TEST(SitePlugins, AreTakenFromTheEnvironmentWhereItNamesSome) {
  ::setenv("VELLUM_PLUGINS", "/a:/b", 1);
  auto folders = default_site_folders();
  ASSERT_EQ(folders.size(), 3u);
  EXPECT_EQ(folders[0], "/a");
  EXPECT_EQ(folders[1], "/b");
  EXPECT_TRUE(std::filesystem::exists(folders[2] / "highwire" / "plugin.toml")) << folders[2];
  ::unsetenv("VELLUM_PLUGINS");
}

}  // namespace
}  // namespace vellum::plugins
