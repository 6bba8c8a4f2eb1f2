#include "crawler/policy/sitemap.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/base/data_file.h"

namespace vellum::test {
namespace {

using policy::SitemapEntry;
using policy::SitemapReader;
using policy::SitemapSummary;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct Reading {
  std::vector<std::string> pages, sitemaps;
  SitemapSummary summary;
};

Reading read(std::string_view text, std::size_t piece = 1 << 20) {
  Reading out;
  SitemapReader reader([&](SitemapEntry entry) { (entry.is_sitemap ? out.sitemaps : out.pages).push_back(entry.url); });
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) reader.write(text.substr(0, piece));
  out.summary = reader.finish();
  return out;
}

std::string joined(const std::vector<std::string>& items) {
  std::string all;
  for (const std::string& item : items) all += (all.empty() ? "" : " ") + item;
  return all;
}

// tests/data/crawler/policy/sitemap_cases.txt says how it is written.
TEST(Sitemap, EveryCaseOfTheTableHoldsInOnePieceAndByteByByte) {
  const std::string table = slurp(std::string(VELLUM_TEST_DATA) + "/crawler/policy/sitemap_cases.txt").value_or("");
  std::string name, text;
  int cases = 0;
  for (std::string_view line : split(table, '\n')) {
    if (line.starts_with("case ")) name = line.substr(5), text.clear();
    if (line.starts_with("> ")) text += std::string(line.substr(2)) + "\n";
    if (!line.starts_with("= ")) continue;
    for (const std::size_t piece : {text.size() + 1, std::size_t{1}}) {
      const Reading got = read(text, piece);
      std::string said = got.summary.format.empty() ? "none" : got.summary.format;
      if (!got.pages.empty()) said += " pages " + joined(got.pages);
      if (!got.sitemaps.empty()) said += " sitemaps " + joined(got.sitemaps);
      if (!got.summary.fault.empty()) said += " fault " + got.summary.fault;
      EXPECT_EQ(said, line.substr(2)) << name << ", " << piece << " bytes at a time";
    }
    ++cases;
  }
  EXPECT_GT(cases, 15);
}

TEST(Sitemap, ReadsUtf16) {
  std::string wide = "\xFE\xFF";
  for (const char c : std::string("<urlset><url><loc>http://a.test/1</loc></url></urlset>")) wide += {'\0', c};
  EXPECT_THAT(read(wide).pages, ElementsAre("http://a.test/1"));
}

TEST(Sitemap, StopsAtFiftyThousandAndSaysSo) {
  std::string text = "<urlset>";
  for (int i = 0; i < 50'010; ++i) text += "<url><loc>http://a.test/" + std::to_string(i) + "</loc></url>";
  const Reading got = read(text + "</urlset>");
  EXPECT_EQ(got.pages.size(), 50'000u);
  EXPECT_THAT(got.summary.fault, HasSubstr("more than 50000"));
}

TEST(Sitemap, EndsADocumentThatIsTooDeep) {
  std::string text = "<urlset>";
  for (int i = 0; i < 200'000; ++i) text += "<x>";
  EXPECT_THAT(read(text).summary.fault, HasSubstr("100 deep"));
}

TEST(Sitemap, EndsAGzipBombAtItsLimit) {
  // 64 KiB of zeros compressed, again and again: members of one gzip file.
  const std::string bomb = slurp(std::string(VELLUM_TEST_DATA) + "/crawler/net/bomb.gz").value_or("");
  ASSERT_FALSE(bomb.empty());
  const Reading got = read(bomb);
  EXPECT_THAT(got.pages, IsEmpty());
  EXPECT_NE(got.summary.fault, "");
}

TEST(Sitemap, PassesOverUrlsThatAreTooLongWithoutKeepingThem) {
  const std::string text = "<urlset><url><loc>http://a.test/" + std::string(5'000'000, 'x') +
                           "</loc></url><url><loc>http://a.test/2</loc></url></urlset>";
  EXPECT_THAT(read(text).pages, ElementsAre("http://a.test/2"));
}

}  // namespace
}  // namespace vellum::test
