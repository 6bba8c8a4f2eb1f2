// How a crawl treats servers: throttled answers, groups by rule, cookies, sitemaps.

#include <gmock/gmock.h>

#include "storage/frontier/queue_reader.h"
#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

using storage::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class MannersTest : public CrawlTest {
 protected:
  std::vector<std::string> captured_urls() const {
    std::vector<std::string> urls;
    for (const auto& capture : told.captures)
      if (capture.role == Role::kPage) urls.push_back(capture.url);
    return urls;
  }
  std::vector<std::string> reasons(const std::string& kind) const {
    std::vector<std::string> found;
    EXPECT_TRUE(catalog->archive().scan_events([&](const storage::Event& event) {
      if (event.kind == kind) found.push_back(event.reason);
      return true;
    }));
    return found;
  }
};

TEST_F(MannersTest, AThrottledRequestCostsNoTryAndIsRecorded) {
  config.politeness.retries = 1;
  int asked = 0;
  server.on("http://site.test/", [&](const SeenRequest&) {
    return ++asked <= 4 ? Reply::page("later", {}, asked % 2 == 0 ? 429 : 503) : html("here");
  });
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  EXPECT_EQ(summary.tally.failed, 0u);
  EXPECT_EQ(told.of("http://site.test/").size(), 1u);
  EXPECT_EQ(reasons("retried").size(), 4u);
  EXPECT_THAT(reasons("retried").back(), HasSubstr("status 429, asking for a pause"));
  EXPECT_THAT(reasons("retried").back(), HasSubstr("back-off 4"));
}

TEST_F(MannersTest, APageThatIsPutOffForEverIsGivenUp) {
  config.politeness.retries = 1;
  config.politeness.max_back_off = std::chrono::milliseconds(2);
  server.on("http://site.test/", Reply::page("later", {}, 503));
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  ASSERT_EQ(told.failures.size(), 1u);
  EXPECT_THAT(told.failures.front(), HasSubstr("told to come back 21 times"));
  EXPECT_EQ(requests_for("http://site.test/"), 21u);
}

TEST_F(MannersTest, BackOffIsTheArchivesNotTheProcesss) {
  config.politeness.retries = 1;
  config.politeness.retry_delay = std::chrono::seconds(100);
  config.seeds.push_back("http://other.test/");
  server.on("http://site.test/", [&](const SeenRequest&) {
    server.open_gate("throttled");
    return Reply::page("later", {}, 503);
  });
  server.on("http://other.test/",
            Reply::raw("").wait_for("throttled").send("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"));
  told.on_captured = [&] {
    if (told.captures.back().url == "http://other.test/") running->stop();
  };
  EXPECT_EQ(crawl().state, "stopped");
  catalog.reset();
  const auto queue = storage::QueueReader::open(folder / "archive");
  ASSERT_TRUE(queue) << queue.error().message;
  EXPECT_GT((*queue)->group("site.test")->held_until, clock.now() + std::chrono::seconds(90));
}

// The first request of a new lease is for the robots.txt of a host that nobody asked yet, and moves on to another one.
TEST_F(MannersTest, ACrawlDelayIsTheGroupsAndOutlivesItsLease) {
  config.seeds = {"http://a.site.test/"};
  server.on("http://a.site.test/robots.txt",
            Reply::page("User-agent: *\nCrawl-delay: 0.4\n", {"Content-Type: text/plain"}));
  server.on("http://a.site.test/", html("x"));
  EXPECT_EQ(crawl().tally.pages, 1u);
  reopen();
  config.seeds = {"http://b.site.test/"};
  std::vector<Timestamp> asked;
  server.otherwise([&](const SeenRequest& request) {
    asked.push_back(clock.now());
    if (request.target == "http://b.site.test/robots.txt")
      return Reply::page("", {"Location: http://b.site.test/rules"}, 301);
    return request.target.ends_with("/rules") ? Reply::page("", {}, 404) : html("x");
  });
  EXPECT_EQ(crawl().tally.pages, 1u);
  ASSERT_EQ(asked.size(), 3u);
  for (std::size_t i = 1; i < asked.size(); ++i) EXPECT_GE(asked[i] - asked[i - 1], std::chrono::milliseconds(390));
}

TEST_F(MannersTest, AThrottledRobotsFileHoldsTheWholeGroupAndCostsItsPagesNothing) {
  config.politeness.retries = 1;
  config.seeds = {"http://a.site.test/", "http://b.site.test/"};
  int asked = 0;
  std::optional<Timestamp> throttled, next;
  server.otherwise([&](const SeenRequest& request) {
    if (throttled && !next) next = clock.now();
    if (request.target == "http://b.site.test/robots.txt" && ++asked == 1) {
      throttled = clock.now();
      return Reply::page("later", {"Retry-After: 1"}, 429);
    }
    return request.target.ends_with("robots.txt") ? Reply::page("", {}, 404) : html("x");
  });
  const auto summary = crawl();
  EXPECT_EQ(summary.tally.pages, 2u);
  EXPECT_EQ(summary.tally.failed, 0u);
  ASSERT_TRUE(throttled && next);
  EXPECT_GE(*next - *throttled, std::chrono::milliseconds(990));
  EXPECT_EQ(asked, 2);
}

TEST_F(MannersTest, ReadsSitemapsOfSitemapsAndTakesWhatIsInScope) {
  config.seeds.clear();
  config.sitemaps = {"http://site.test/index.xml"};
  server.on("http://site.test/index.xml",
            Reply::page("<sitemapindex><sitemap><loc>http://site.test/one.xml</loc></sitemap>"
                        "<sitemap><loc>/two.txt</loc></sitemap><sitemap><loc>/none.xml</loc></sitemap></sitemapindex>",
                        {"Content-Type: application/xml"}));
  server.on("http://site.test/one.xml",
            Reply::page("<urlset><url><loc>http://site.test/a</loc></url>"
                        "<url><loc>http://elsewhere.example/b</loc></url><url><loc>http://site.test/c</loc></url>",
                        {"Content-Type: text/xml"}));
  server.on("http://site.test/two.txt", Reply::page("http://site.test/d\nhttp://site.test/a\n"));
  for (const char* page : {"a", "c", "d"}) server.on("http://site.test/" + std::string(page), html(page));
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  EXPECT_THAT(captured_urls(), UnorderedElementsAre("http://site.test/a", "http://site.test/c", "http://site.test/d"));
  const auto page = told.of("http://site.test/c").front();
  EXPECT_EQ(page.hop, "sitemap");
  EXPECT_EQ(page.via, "http://site.test/one.xml");
  EXPECT_EQ(page.depth, 0);
  const auto sitemap = told.of("http://site.test/one.xml").front();
  EXPECT_EQ(sitemap.role, Role::kFile);
  EXPECT_THAT(sitemap.evidence,
              ElementsAre("sitemap: urlset, 3 pages, 0 sitemaps", "sitemap: line 1: no element found"));
  EXPECT_EQ(summary.tally.pages, 3u);
}

TEST_F(MannersTest, KeepsCookiesOnlyWhereASiteRuleAsks) {
  config.seeds = {"http://with.test/", "http://without.test/"};
  policy::SiteRule rule;
  rule.hosts = {"with.test"};
  rule.cookies = true;
  config.sites = {rule};
  for (const char* host : {"with", "without"}) {
    const std::string base = "http://" + std::string(host) + ".test/";
    server.on(base, html("<a href=/next>n</a>", {"Set-Cookie: session=1"}));
    server.on(base + "next", html("next"));
  }
  crawl();
  for (const SeenRequest& request : server.requests()) {
    const std::string expected = request.target == "http://with.test/next" ? "session=1" : "";
    EXPECT_EQ(request.header("Cookie"), expected) << request.target;
  }
  const auto capture = told.of("http://with.test/next").front();
  EXPECT_THAT(catalog->archive().headers(capture.id)->request, HasSubstr("[redacted]"));
}

TEST_F(MannersTest, CredentialsGoToTheirHostAloneAndAreRedacted) {
  config.seeds = {"http://127.0.0.1/"};
  config.network.allow = {"127.0.0.1"};
  policy::SiteRule rule;
  rule.hosts = {"127.0.0.1"};
  rule.authorization = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
  config.sites = {rule};
  config.scope.hosts = {"*"};
  server.on("http://127.0.0.1/",
            [](const SeenRequest&) { return Reply::page("", {"Location: http://elsewhere.test/"}, 302); });
  server.on("http://elsewhere.test/", html("x"));
  crawl();
  for (const SeenRequest& request : server.requests()) {
    const bool theirs = request.target.find("127.0.0.1") != std::string::npos;
    EXPECT_EQ(request.header("Authorization"), theirs ? rule.authorization : "") << request.target;
  }
  ASSERT_EQ(told.of("http://127.0.0.1/").size(), 1u);
  const auto capture = told.of("http://127.0.0.1/").front();
  EXPECT_THAT(catalog->archive().headers(capture.id)->request, HasSubstr("Authorization: [redacted]"));
  EXPECT_EQ(told.of("http://elsewhere.test/").size(), 1u);
}

TEST_F(MannersTest, ANoarchivePageIsKeptRestrictedOpenOrNotAtAllAsItsSiteRuleSays) {
  config.seeds = {"http://plain.test/", "http://open.test/", "http://drop.test/"};
  for (const std::string name : {"open", "drop"}) {
    policy::SiteRule rule;
    rule.hosts = {name + ".test"};
    rule.noarchive = name == "open" ? policy::Noarchive::kOpen : policy::Noarchive::kDrop;
    rule.noarchive_reason = "by letter of 2026";
    config.sites.push_back(rule);
  }
  for (const std::string& seed : config.seeds) server.on(seed, html("words", {"X-Robots-Tag: noarchive"}));
  crawl();
  EXPECT_THAT(told.of("http://plain.test/").front().rights, testing::Contains("noarchive"));
  const auto open = told.of("http://open.test/").front().rights;
  EXPECT_THAT(open, testing::Not(testing::Contains("noarchive")));
  EXPECT_THAT(open, testing::Contains(HasSubstr("by letter of 2026")));
  EXPECT_TRUE(told.of("http://drop.test/").empty());
  EXPECT_THAT(reasons("skipped"), ElementsAre(HasSubstr("by letter of 2026")));
}

TEST_F(MannersTest, AChallengeIsQuarantinedAndItsHostRests) {
  config.politeness.retry_delay = std::chrono::milliseconds(300);
  std::vector<Timestamp> starts;
  const auto note = [&](const std::string& body) {
    return [&starts, this, body](const SeenRequest&) {
      starts.push_back(clock.now());
      return html(body);
    };
  };
  server.on("http://site.test/", html("<a href=/one>1</a><a href=/two>2</a>"));
  const std::string challenge =
      "<title>Just a moment...</title><form id=challenge-form action='/cdn-cgi/challenge'></form>";
  server.on("http://site.test/one", note(challenge));
  server.on("http://site.test/two", note("words"));
  crawl();
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_GE(starts[1] - starts[0], std::chrono::milliseconds(290));
  const auto capture = told.of("http://site.test/one").front();
  EXPECT_TRUE(capture.quarantined);
  EXPECT_THAT(capture.evidence, testing::Contains(HasSubstr("its host rests for ")));
}

TEST_F(MannersTest, HostsOfOneGroupShareItsDelay) {
  config.seeds = {"http://a.test/", "http://b.test/", "http://c.test/"};
  config.politeness.robots = false;
  policy::SiteRule rule;
  rule.hosts = {"*.test"};
  rule.group = "shared";
  rule.delay = std::chrono::milliseconds(60);
  config.sites = {rule};
  std::vector<Timestamp> starts;
  for (const char* host : {"a", "b", "c"})
    server.on("http://" + std::string(host) + ".test/", [&](const SeenRequest&) {
      starts.push_back(clock.now());
      return html("x");
    });
  crawl();
  ASSERT_EQ(starts.size(), 3u);
  for (std::size_t i = 1; i < starts.size(); ++i) EXPECT_GE(starts[i] - starts[i - 1], std::chrono::milliseconds(55));
}

TEST_F(MannersTest, CrawlDelayCountsFromTheRequestThatBroughtIt) {
  std::vector<Timestamp> starts;
  const auto note = [&](Reply reply) {
    return [&starts, this, reply](const SeenRequest&) {
      starts.push_back(clock.now());
      return reply;
    };
  };
  server.on("http://site.test/robots.txt",
            note(Reply::page("User-agent: *\nCrawl-delay: 0.12\n", {"Content-Type: text/plain"})));
  server.on("http://site.test/", note(html("x")));
  crawl();
  ASSERT_EQ(starts.size(), 2u);
  EXPECT_GE(starts[1] - starts[0], std::chrono::milliseconds(115));
}

TEST_F(MannersTest, QueryArgumentsThatARuleDropsTellNoPagesApart) {
  policy::SiteRule rule;
  rule.hosts = {"site.test"};
  rule.drop_parameters = {"utm_*"};
  config.sites = {rule};
  server.on("http://site.test/", html("<a href='/p?utm_source=1'>1</a><a href='/p?utm_source=2'>2</a>"));
  server.on("http://site.test/p", html("p"));
  crawl();
  EXPECT_EQ(captured_urls().size(), 2u);
}

}  // namespace
}  // namespace vellum::test
