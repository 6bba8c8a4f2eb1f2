#include "crawler/engine/drift_report.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

class DriftReportTest : public CrawlTest {
 protected:
  static Reply paper(const std::string& more) {
    return html(
        "<meta name=citation_title content='Of Cells'><meta name=citation_author content='Lee, Ann'>"
        "<meta name=citation_journal_title content='Cells'>" +
        more + "</head><body><p>Of cells that grow old, and of what becomes of them.</p></body></html>");
  }
  static constexpr const char* kDoi = "<meta name=citation_doi content='10.1234/cells.5'>";
};

TEST_F(DriftReportTest, ACrawlThatLosesAFieldSaysSoAtItsEndAndKeepsIt) {
  server.on("http://site.test/", paper(kDoi));
  crawl();
  EXPECT_TRUE(told.drifts.empty());
  server.on("http://site.test/", paper("<meta name=dc.source content='10.1234/cells.5'>"));
  crawl();
  ASSERT_EQ(told.drifts.size(), 1u);
  EXPECT_EQ(text_of(told.drifts[0].finding, "field"), "ids.doi");
  EXPECT_NE(told.drifts[0].line.find("http://site.test/"), std::string::npos) << told.drifts[0].line;
  EXPECT_NE(told.drifts[0].line.find("{ meta = \"dc.source\" }"), std::string::npos) << told.drifts[0].line;
  std::size_t rates = 0, drifts = 0;
  ASSERT_TRUE(catalog->archive().scan_events([&](const storage::Event& event) {
    rates += event.kind == "rates" ? 1 : 0;
    drifts += event.kind == "drift" && event.url == "http://site.test/" ? 1 : 0;
    return true;
  }));
  EXPECT_EQ(rates, 2u);
  EXPECT_EQ(drifts, 1u);
}

TEST_F(DriftReportTest, ACrawlThatFindsWhatItFoundBeforeSaysNothing) {
  server.on("http://site.test/", paper(kDoi));
  crawl();
  server.on("http://site.test/", paper(std::string(kDoi) + "<p>new words"));
  crawl();
  EXPECT_TRUE(told.drifts.empty());
}

TEST_F(DriftReportTest, APageThatIsABlockIsNoDrift) {
  server.on("http://site.test/", paper(kDoi));
  crawl();
  server.on("http://site.test/", Reply::page("<title>Just a moment...</title><div id=cf-challenge></div>"
                                             "<script src='/cdn-cgi/challenge-platform/x.js'></script>",
                                             {"Content-Type: text/html", "cf-mitigated: challenge"}, 403));
  crawl();
  EXPECT_TRUE(told.drifts.empty());
}

TEST_F(DriftReportTest, AnArchiveIsWatchedCrawlByCrawl) {
  server.on("http://site.test/", paper(kDoi));
  crawl();
  server.on("http://site.test/", paper(""));
  crawl();
  const auto windows = engine::watch_archive(catalog->archive(), nullptr, "");
  ASSERT_TRUE(windows);
  ASSERT_EQ(windows->size(), 2u);
  EXPECT_TRUE(windows->at("run 1").alarms(nullptr).empty());
  EXPECT_EQ(windows->at("run 2").alarms(nullptr).size(), 1u);
}

}  // namespace
}  // namespace vellum::test
