#include "crawler/engine/examine.h"
#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

using storage::Role;

TEST_F(CrawlTest, CapturesAPageWithExactlyTheBytesThatWereSent) {
  server.on("http://site.test/", html("<p>hello</p>"));
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  ASSERT_EQ(told.of("http://site.test/").size(), 1u);
  const storage::Capture capture = told.of("http://site.test/").front();
  EXPECT_EQ(*catalog->archive().payload(capture.digest), "<!doctype html><title>t</title><p>hello</p>");
  EXPECT_NE(catalog->archive().headers(capture.id)->request.find("User-Agent: Vellum-test"), std::string::npos);
  EXPECT_EQ(capture.hop, "seed");
}

TEST_F(CrawlTest, FollowsLinksInScopeToTheDepthAndCountsTheOthersByRule) {
  config.scope.max_depth = 1;
  server.on("http://site.test/", html("<a href=/one>1</a><a href=http://elsewhere.example/>x</a>"));
  server.on("http://site.test/one", html("<a href=/two>2</a>"));
  const auto summary = crawl();
  EXPECT_EQ(told.of("http://site.test/one").size(), 1u);
  EXPECT_TRUE(told.of("http://site.test/two").empty());
  EXPECT_EQ(told.of("http://site.test/one").front().via, "http://site.test/");
  std::uint64_t left_out = 0;
  for (const auto& [rule, count] : summary.tally.out_of_scope) left_out += count;
  EXPECT_EQ(left_out, 2u);
}

TEST_F(CrawlTest, AsksRobotsFirstAndNamesTheLineThatForbids) {
  server.on("http://site.test/robots.txt",
            Reply::page("User-agent: *\nDisallow: /private\n", {"Content-Type: text/plain"}));
  server.on("http://site.test/", html("<a href=/private/x>x</a><a href=/open>o</a>"));
  server.on("http://site.test/open", html("open"));
  const auto summary = crawl();
  EXPECT_EQ(requests_for("http://site.test/private/x"), 0u);
  ASSERT_EQ(told.skips.size(), 1u);
  EXPECT_EQ(told.skips.front(), "http://site.test/private/x robots: line 2 Disallow: /private");
  ASSERT_EQ(told.of("http://site.test/robots.txt").size(), 1u);
  EXPECT_EQ(told.of("http://site.test/robots.txt").front().role, Role::kRobots);
  EXPECT_EQ(server.requests().front().target, "http://site.test/robots.txt");
  EXPECT_EQ(summary.tally.robots, 1u);
}

TEST_F(CrawlTest, TakesRobotsThatCannotBeHadAsForbidding) {
  server.on("http://site.test/robots.txt", Reply::page("oops", {}, 503));
  server.on("http://site.test/", html("page"));
  const auto summary = crawl();
  EXPECT_EQ(requests_for("http://site.test/"), 0u);
  ASSERT_EQ(told.failures.size(), 1u);
  EXPECT_NE(told.failures.front().find("robots.txt unreachable"), std::string::npos) << told.failures.front();
}

TEST_F(CrawlTest, KeepsEachRedirectHopAsACaptureOfItsOwn) {
  server.on("http://site.test/", Reply::page("", {"Location: /there"}, 301));
  server.on("http://site.test/there", html("arrived"));
  const auto summary = crawl();
  ASSERT_EQ(told.of("http://site.test/").size(), 1u);
  EXPECT_EQ(told.of("http://site.test/").front().status, 301);
  ASSERT_EQ(told.of("http://site.test/there").size(), 1u);
  EXPECT_EQ(told.of("http://site.test/there").front().hop, "redirect");
  EXPECT_EQ(summary.tally.pages, 1u);
  EXPECT_EQ(summary.tally.redirects, 1u);
}

TEST_F(CrawlTest, EndsARedirectLoopAndAnEndlessChain) {
  config.seeds = {"http://site.test/loop", "http://site.test/chain/"};
  server.on("http://site.test/loop", Reply::page("", {"Location: /loop"}, 302));
  server.otherwise([](const SeenRequest& request) {
    if (request.target.find("/chain/") == std::string::npos) return Reply::page("", {}, 404);
    return Reply::page("", {"Location: " + request.target + "x"}, 302);
  });
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  EXPECT_EQ(requests_for("http://site.test/loop"), 1u);
  EXPECT_EQ(summary.tally.redirects, 2u + engine::kMaxRedirects);
}

TEST_F(CrawlTest, FetchesWhatAPageNeedsToBeShownUnderItsOwnBudget) {
  config.scope.max_requisites = 2;
  server.on("http://site.test/", html("<link rel=stylesheet href=/s.css><img src=/a.png><img src=/b.png>"));
  server.on("http://site.test/s.css", Reply::page("body{background:url(deep.png)}", {"Content-Type: text/css"}));
  server.on("http://site.test/a.png", Reply::page("png", {"Content-Type: image/png"}));
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  EXPECT_EQ(summary.tally.requisites, 2u);
  ASSERT_EQ(told.of("http://site.test/s.css").size(), 1u);
  EXPECT_EQ(told.of("http://site.test/s.css").front().root, "http://site.test/");
}

TEST_F(CrawlTest, FollowsAStyleSheetToItsImages) {
  server.on("http://site.test/", html("<link rel=stylesheet href=/s.css>"));
  server.on("http://site.test/s.css", Reply::page("body{background:url(deep.png)}", {"Content-Type: text/css"}));
  server.on("http://site.test/deep.png", Reply::page("png", {"Content-Type: image/png"}));
  crawl();
  EXPECT_EQ(told.of("http://site.test/deep.png").size(), 1u);
}

TEST_F(CrawlTest, NotFoundIsACaptureAndOtherRefusalsAreFailures) {
  server.on("http://site.test/", html("<a href=/gone>g</a><a href=/teapot>t</a>"));
  server.on("http://site.test/gone", Reply::page("no", {"Content-Type: text/html"}, 410));
  server.on("http://site.test/teapot", Reply::page("no", {}, 418));
  const auto summary = crawl();
  ASSERT_EQ(told.of("http://site.test/gone").size(), 1u);
  EXPECT_EQ(told.of("http://site.test/gone").front().status, 410);
  EXPECT_TRUE(told.of("http://site.test/teapot").empty());
  ASSERT_EQ(told.failures.size(), 1u);
  EXPECT_NE(told.failures.front().find("418"), std::string::npos);
  EXPECT_EQ(summary.tally.failed, 1u);
}

TEST_F(CrawlTest, TriesAgainAfterAResetAndThenSucceeds) {
  config.politeness.retries = 2;
  auto tries = std::make_shared<int>(0);
  server.on("http://site.test/",
            [tries](const SeenRequest&) { return ++*tries == 1 ? Reply::reset() : html("at last"); });
  const auto summary = crawl();
  EXPECT_EQ(*tries, 2);
  EXPECT_EQ(told.of("http://site.test/").size(), 1u);
  EXPECT_EQ(summary.tally.failed, 0u);
}

TEST_F(CrawlTest, AHostThatHangsFailsWithATimeoutAndTheRestGoesOn) {
  config.seeds = {"http://site.test/hang", "http://other.example.test/"};
  config.network.timeout = std::chrono::milliseconds(300);
  server.on("http://site.test/hang", Reply::hang());
  server.on("http://other.example.test/", html("fine"));
  crawl();
  EXPECT_EQ(told.of("http://other.example.test/").size(), 1u);
  ASSERT_EQ(told.failures.size(), 1u);
  EXPECT_NE(told.failures.front().find("timeout"), std::string::npos) << told.failures.front();
}

TEST_F(CrawlTest, APageOverTheSizeLimitIsAFailureAndNothingPartialIsKept) {
  config.network.max_body = 1000;
  server.on("http://site.test/", html(std::string(5000, 'x')));
  crawl();
  EXPECT_TRUE(told.of("http://site.test/").empty());
  ASSERT_EQ(told.failures.size(), 1u);
}

TEST_F(CrawlTest, StopsAtTheLimitButCompletesWhatItCaptured) {
  config.scope.max_pages = 2;
  server.on("http://site.test/", html("<img src=/i.png><a href=/1>1</a><a href=/2>2</a><a href=/3>3</a>"));
  for (const char* page : {"/1", "/2", "/3"})
    server.on("http://site.test" + std::string(page), html("<img src=/j.png>"));
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "limited");
  EXPECT_EQ(summary.tally.pages, 2u);
  EXPECT_EQ(told.of("http://site.test/j.png").size(), 1u);
}

TEST_F(CrawlTest, GoesOnAfterALimitThatWasRaisedAndStartsAnewAfterOneThatWasNot) {
  config.scope.max_pages = 1;
  server.on("http://site.test/", html("<a href=/1>1</a>"));
  server.on("http://site.test/1", html("one"));
  const auto first = crawl();
  config.scope.max_pages = 5;
  const auto second = crawl();
  EXPECT_TRUE(second.resumed);
  EXPECT_EQ(second.run, first.run);
  EXPECT_EQ(second.state, "finished");
  EXPECT_EQ(told.of("http://site.test/").size(), 1u);
  EXPECT_EQ(told.of("http://site.test/1").size(), 1u);
  const auto third = crawl();
  EXPECT_FALSE(third.resumed);
  EXPECT_NE(third.run, first.run);
}

TEST_F(CrawlTest, ASecondRunStoresNoPayloadTwice) {
  server.on("http://site.test/", html("<a href=/1>1</a>"));
  server.on("http://site.test/1", html("one"));
  crawl();
  const auto payloads = catalog->archive().stats()->payloads;
  const auto second = crawl();
  EXPECT_EQ(second.tally.pages, 2u);
  EXPECT_EQ(catalog->archive().stats()->payloads, payloads);
}

TEST_F(CrawlTest, StopsCleanlyAndGoesOnWhereItWas) {
  std::string links;
  for (int page = 0; page < 40; ++page) {
    links += "<a href=/p" + std::to_string(page) + ">p</a>";
    server.on("http://site.test/p" + std::to_string(page), html("page"));
  }
  server.on("http://site.test/", html(links));
  told.on_captured = [this] {
    if (told.captures.size() == 10) running->stop();
  };
  EXPECT_EQ(crawl().state, "stopped");
  told.on_captured = nullptr;
  reopen();
  const auto second = crawl();
  EXPECT_TRUE(second.resumed);
  EXPECT_EQ(second.state, "finished");
  for (int page = 0; page < 40; ++page) EXPECT_EQ(told.of("http://site.test/p" + std::to_string(page)).size(), 1u);
}

TEST_F(CrawlTest, KeepsItsDistanceFromStartToStartWithinAGroup) {
  config.politeness.delay = std::chrono::milliseconds(40);
  server.on("http://site.test/", html("<a href=/1>1</a><a href=http://www.site.test/2>2</a>"));
  server.on("http://site.test/1", html("one"));
  server.on("http://www.site.test/2", html("two"));
  crawl();
  auto captures = told.captures;
  std::sort(captures.begin(), captures.end(), [](const auto& a, const auto& b) { return a.captured < b.captured; });
  ASSERT_EQ(captures.size(), 5u);  // two robots.txt, three pages: one group
  for (std::size_t i = 1; i < captures.size(); ++i)
    EXPECT_GE(captures[i].captured - captures[i - 1].captured, std::chrono::milliseconds(40));
}

TEST_F(CrawlTest, HoldsTheWholeGroupForRetryAfterAndChargesNoTry) {
  auto tries = std::make_shared<int>(0);
  auto first = std::make_shared<Timestamp>();
  server.on("http://site.test/", [=, this](const SeenRequest&) {
    if (++*tries > 1) return html("at last");
    *first = clock.now();
    return Reply::page("slow down", {"Retry-After: 1"}, 429);
  });
  crawl();
  ASSERT_EQ(told.of("http://site.test/").size(), 1u);
  EXPECT_GE(told.of("http://site.test/").front().captured - *first, std::chrono::milliseconds(990));
  EXPECT_TRUE(told.failures.empty());
}

TEST_F(CrawlTest, FetchesTheFragmentsThatAPluginAsksForAndReadsThemWithThePage) {
  config.seeds = {"http://pubmed.ncbi.nlm.nih.gov/1/"};
  config.scope.hosts = {"*.ncbi.nlm.nih.gov"};
  config.scope.max_depth = 0;
  const std::string reference =
      "<li>A. One. J. 2001. doi: 10.1000/%d. - <a class=reference-link data-ga-action=DOI "
      "href=\"https://doi.org/10.1000/%d\">DOI</a></li>";
  const auto list = [&](int from, int to) {
    std::string text = "<ol class=references-list id=top-references-list-1>";
    for (int n = from; n <= to; ++n) {
      std::string item = reference;
      for (std::size_t at; (at = item.find("%d")) != std::string::npos;) item.replace(at, 2, std::to_string(n));
      text += "<li><ol class=references-and-notes-list>" + item + "</ol></li>";
    }
    return text + "</ol>";
  };
  server.on(
      "http://pubmed.ncbi.nlm.nih.gov/1/",
      html("<meta name=ncbi_app content=pubmed><meta name=ncbi_pdid content=abstract>"
           "<meta name=citation_title content=Title><meta name=citation_pmid content=1>"
           "<main id=article-details><header id=heading><div id=full-view-heading><h1 "
           "class=heading-title>Title</h1></div>"
           "</header><div id=references><h2>References</h2>" +
           list(1, 2) +
           "<button class=show-all data-ga-category=reference data-next-page-url=\"/1/references/\">Show all</button>"
           "</div></main>"));
  server.on("http://pubmed.ncbi.nlm.nih.gov/1/references/", html(list(1, 4)));
  const auto summary = crawl();
  EXPECT_EQ(summary.tally.fragments, 1u);
  ASSERT_EQ(told.articles.size(), 1u);
  EXPECT_EQ(told.articles.front().plugin, "gov.nih.nlm.ncbi.pubmed");
  EXPECT_EQ(told.articles.front().dois, 4u);
  const auto fragment = told.of("http://pubmed.ncbi.nlm.nih.gov/1/references/").front();
  EXPECT_EQ(fragment.role, Role::kFragment);
  EXPECT_EQ(fragment.root_capture, told.of("http://pubmed.ncbi.nlm.nih.gov/1/").front().id);
}

TEST_F(CrawlTest, ABlockPageIsKeptButNeverTheLatestAndLeadsNowhere) {
  config.network.proxy = server.url("");
  server.on("http://site.test/", html("<p>good page with words</p>"));
  crawl();
  server.on("http://site.test/",
            Reply::page("<!doctype html><html><head><title>Just a moment...</title></head><body><div id=challenge-form>"
                        "<script src=\"/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1\"></script>"
                        "Checking your browser before accessing. <a href=/trap>x</a></div></body></html>",
                        {"Content-Type: text/html", "Server: cloudflare"}));
  const auto summary = crawl();
  EXPECT_EQ(summary.tally.quarantined, 1u);
  EXPECT_TRUE(told.of("http://site.test/trap").empty());
  const auto latest = catalog->archive().find(*Url::parse("http://site.test/"), {});
  ASSERT_TRUE(latest);
  EXPECT_FALSE(latest->quarantined);
}

TEST_F(CrawlTest, AnEmptyPageAndOneOfGarbageAreCaptures) {
  config.seeds = {"http://site.test/empty", "http://site.test/garbage", "http://site.test/nested"};
  std::string nested;
  for (int i = 0; i < 100'000; ++i) nested += "<div>";
  server.on("http://site.test/empty", Reply::page("", {"Content-Type: text/html"}));
  server.on("http://site.test/garbage",
            Reply::page(std::string("\xff\xfe\x00\x80<a href=\xff>", 14), {"Content-Type: text/html"}));
  server.on("http://site.test/nested", html(nested));
  const auto summary = crawl();
  EXPECT_EQ(summary.tally.pages, 3u);
  EXPECT_EQ(summary.tally.failed, 0u);
  EXPECT_TRUE(catalog->archive().check(true)->faults.empty());
}

}  // namespace
}  // namespace vellum::test
