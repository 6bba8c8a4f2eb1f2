// The plugins of plugins/sites load, and the tests that lie beside them pass.
#include <gtest/gtest.h>

#include "plugins/host/registry.h"

namespace vellum::plugins {
namespace {

TEST(SitePlugins, PassTheTestsBesideThem) {
  auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  auto results = run_plugin_tests(*registry);
  EXPECT_GE(results.size(), 8u);
  for (const PluginTestResult& result : results) {
    EXPECT_TRUE(result.passed) << result.plugin << ": " << result.name;
    for (const std::string& difference : result.differences) ADD_FAILURE() << "  " << difference;
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
  EXPECT_EQ(default_site_folders(), (std::vector<std::filesystem::path>{"/a", "/b"}));
  ::unsetenv("VELLUM_PLUGINS");
}

}  // namespace
}  // namespace vellum::plugins
