// Against the sitemap suite of crawler-commons, which lies beside the project.

#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>
#include <map>

#include "crawler/policy/sitemap.h"
#include "tests/base/data_file.h"

namespace vellum::test {
namespace {

namespace fs = std::filesystem;

struct Expected {
  std::string format;
  std::uint64_t pages, sitemaps;
};

// Counted in the files by other means: <loc> of <url>, first alternate links of entries, lines.
const std::map<std::string, Expected>& expected() {
  static const std::map<std::string, Expected> table = {
      {"atom.xml", {"atom", 1, 0}},
      {"do-not-visit.txt", {"text", 1, 0}},
      {"sitemap-with-bom.txt", {"text", 2, 0}},
      {"sitemap.badns.xml", {"urlset", 2, 0}},
      {"sitemap.index.xml", {"sitemapindex", 0, 15}},
      {"sitemap.ns.xml", {"urlset", 2, 0}},
      {"sitemap.txt", {"text", 2, 0}},
      {"sitemap.txt.gz", {"text", 5, 0}},
      {"xmlSitemap.gz", {"urlset", 5, 0}},
      {"sitemap-mobile.xml", {"urlset", 3, 0}},
      {"sitemap-news.xml", {"urlset", 2, 0}},
      {"sitemap-videos-tvshow.xml", {"urlset", 1, 0}},
      {"sitemap-images.xml", {"urlset", 1, 0}},
      {"pagemaps-sitemap.xml", {"urlset", 2, 0}},
      {"shinpaideshou-news-sitemap.xml", {"urlset", 3, 0}},
      {"sitemap-links.xml", {"urlset", 3, 0}},
      {"hebdenbridgetimes-articles-sitemap.xml", {"urlset", 74, 0}},
      {"sitemap-videos.xml", {"urlset", 3, 0}},
  };
  return table;
}

TEST(SitemapSuite, EveryFileIsRead) {
  const fs::path suite = fs::path(VELLUM_SOURCE_DIR) / ".." / "shared" / "data" / "suites" / "sitemaps";
  if (!fs::exists(suite)) GTEST_SKIP() << "skipped: no ../shared";
  std::size_t files = 0;
  std::uint64_t pages = 0, sitemaps = 0;
  for (const auto& file : fs::recursive_directory_iterator(suite)) {
    if (!file.is_regular_file()) continue;
    const std::string name = file.path().filename().string();
    policy::SitemapReader reader([](const policy::SitemapEntry& entry) { EXPECT_NE(entry.url, ""); });
    reader.write(slurp(file.path().string()).value_or(""));
    const policy::SitemapSummary got = reader.finish();
    ASSERT_TRUE(expected().contains(name)) << name;
    const Expected& wanted = expected().at(name);
    EXPECT_EQ(got.format, wanted.format) << name;
    EXPECT_EQ(got.pages, wanted.pages) << name;
    EXPECT_EQ(got.sitemaps, wanted.sitemaps) << name;
    EXPECT_EQ(got.fault, "") << name;
    ++files;
    pages += got.pages;
    sitemaps += got.sitemaps;
  }
  std::cout << files << " files, " << pages << " pages, " << sitemaps << " sitemaps\n";
  EXPECT_EQ(files, expected().size());
}

}  // namespace
}  // namespace vellum::test
