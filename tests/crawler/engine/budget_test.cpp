#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

class BudgetTest : public CrawlTest {
 protected:
  // A page of two hosts with five links each.
  BudgetTest() {
    config.requisites = false;
    std::string links;
    for (const char* host : {"http://a.test/", "http://b.site.test/"}) {
      for (int n = 0; n < 5; ++n) {
        const std::string url = host + std::to_string(n);
        links += "<a href=" + url + ">x</a>";
        server.on(url, html("<p>" + std::string(1000, 'x') + "</p>"));
      }
    }
    server.on("http://site.test/", html(links));
  }
  std::size_t pages_of(const std::string& host) const {
    return static_cast<std::size_t>(std::count_if(told.captures.begin(), told.captures.end(), [&](const auto& capture) {
      return capture.role == storage::Role::kPage && capture.url.starts_with(host);
    }));
  }
};

TEST_F(BudgetTest, OfBytesEndsTheRunWhichGoesOnWithMore) {
  config.budget.bytes = 3000;
  const auto first = crawl();
  EXPECT_EQ(first.state, "limited");
  EXPECT_EQ(first.tally.limits, std::set<std::string>{"budget.bytes 3000"});
  EXPECT_GE(first.tally.bytes, 3000u);
  EXPECT_LT(first.tally.pages, 10u);
  config.budget.bytes = 1'000'000;
  const auto second = crawl();
  EXPECT_TRUE(second.resumed);
  EXPECT_EQ(second.run, first.run);
  EXPECT_EQ(second.state, "finished");
  EXPECT_EQ(first.tally.pages + second.tally.pages, 11u);
  EXPECT_TRUE(second.tally.limits.empty());
}

TEST_F(BudgetTest, ThatWasSpentStartsAnewRatherThanStopForEver) {
  config.budget.bytes = 3000;
  const auto first = crawl();
  const auto second = crawl();
  EXPECT_NE(second.run, first.run);
  EXPECT_FALSE(second.resumed);
  EXPECT_EQ(second.state, "limited");
  EXPECT_GT(second.tally.pages, 0u);
}

TEST_F(BudgetTest, OfTimeEndsTheRunAndTheNextCallHasItsOwn) {
  config.politeness.delay = std::chrono::milliseconds(60);
  config.budget.time = std::chrono::milliseconds(250);
  auto summary = crawl();
  const auto run = summary.run;
  EXPECT_EQ(summary.state, "limited");
  EXPECT_EQ(summary.tally.limits, std::set<std::string>{"budget.time 250ms"});
  config.budget.time = std::chrono::seconds(20);
  summary = crawl();
  EXPECT_EQ(summary.run, run);
  EXPECT_EQ(summary.state, "finished");
  EXPECT_EQ(pages_of("http://"), 11u);
}

TEST_F(BudgetTest, OfAHostLeavesItsPagesQueuedWhileOthersGoOn) {
  config.sites.resize(1);
  config.sites[0].hosts = {"b.site.test"};
  config.sites[0].host_pages = 2;
  config.budget.per_host.pages = 4;
  const auto first = crawl();
  EXPECT_EQ(first.state, "limited");
  EXPECT_EQ(pages_of("http://a.test/"), 4u);
  EXPECT_EQ(pages_of("http://b.site.test/"), 2u);
  EXPECT_EQ(first.tally.limits,
            (std::set<std::string>{"budget.per_host_pages 4 of a.test", "budget.per_host_pages 2 of b.site.test"}));
  std::vector<std::string> left;
  ASSERT_TRUE(catalog->archive().scan_events([&](const storage::Event& event) {
    if (event.kind == "left") left.push_back(event.reason);
    return true;
  }));
  EXPECT_EQ(left.size(), 2u) << "once a host";
  config.sites[0].host_pages = 0;
  config.budget.per_host.pages = 0;
  const auto second = crawl();
  EXPECT_EQ(second.run, first.run);
  EXPECT_EQ(second.state, "finished");
  EXPECT_EQ(pages_of("http://a.test/"), 5u);
  EXPECT_EQ(pages_of("http://b.site.test/"), 5u);
}

TEST_F(BudgetTest, OfAHostHoldsWithManyVisitsAtOnce) {
  config.politeness.concurrency = 4;
  config.budget.per_host.pages = 3;
  server.on("http://a.test/1", Reply::page("no", {}, 418));  // a failure leaves its share to another
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "limited");
  EXPECT_EQ(pages_of("http://a.test/"), 3u);
  EXPECT_EQ(pages_of("http://b.site.test/"), 3u);
}

TEST_F(BudgetTest, OfBytesOfAHost) {
  config.budget.per_host.bytes = 1500;
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "limited");
  EXPECT_LE(pages_of("http://a.test/"), 2u);
  EXPECT_GE(pages_of("http://a.test/"), 1u);
}

}  // namespace
}  // namespace vellum::test
