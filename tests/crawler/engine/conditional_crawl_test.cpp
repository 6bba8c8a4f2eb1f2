// Second runs: what has not changed is asked for with a condition, and becomes a revisit.

#include <gmock/gmock.h>

#include "storage/archive/revisit.h"
#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

using storage::Role;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

const std::string kHome = "http://site.test/";
const std::string kTag = "\"v1\"";
const std::string kDate = "Sun, 06 Nov 1994 08:49:37 GMT";

class ConditionalCrawlTest : public CrawlTest {
 protected:
  // A page with validators, answered with 304 where the request has a condition.
  void serve(const std::string& url, const std::string& body, std::vector<std::string> headers,
             std::vector<std::string> unmodified) {
    server.on(url, [this, url, body, headers, unmodified](const SeenRequest& request) {
      const std::string tag = request.header("If-None-Match"), date = request.header("If-Modified-Since");
      const bool asks = !tag.empty() || !date.empty();
      if (asks) conditions.push_back(tag + " " + date);
      return asks ? Reply::page("", unmodified, 304) : html(body, headers);
    });
  }
  void serve_unchanging(const std::string& url, const std::string& body) {
    serve(url, body, {"ETag: " + kTag, "Last-Modified: " + kDate}, {"ETag: " + kTag, "X-Served-By: cache"});
  }
  void crawl_again() {
    told = Recorder();
    last = crawl();
  }
  std::vector<std::string> conditions;
  engine::CrawlSummary last;
};

TEST_F(ConditionalCrawlTest, AnUnmodifiedPageIsARevisitThatSharesItsPayload) {
  serve_unchanging(kHome, "<p>hello</p>");
  crawl();
  const auto original = told.of(kHome).at(0);
  crawl_again();
  EXPECT_THAT(conditions, ElementsAre(kTag + " " + kDate));
  ASSERT_THAT(told.of(kHome), SizeIs(1));
  const auto revisit = told.of(kHome)[0];
  EXPECT_EQ(revisit.status, 304);
  EXPECT_EQ(revisit.digest, original.digest);
  EXPECT_EQ(revisit.bytes, original.bytes);
  EXPECT_EQ(revisit.mime, "text/html");
  EXPECT_EQ(revisit.verdict, original.verdict);
  EXPECT_EQ(revisit.refers_to, (storage::Reference{original.id, kHome, original.captured, 200}));
  const auto headers = *catalog->archive().headers(revisit.id);
  EXPECT_THAT(headers.response, HasSubstr("X-Served-By: cache"));
  EXPECT_THAT(headers.request, HasSubstr("If-None-Match: " + kTag));
  EXPECT_EQ(last.tally.pages, 1u);
  EXPECT_EQ(last.tally.unmodified, 1u);
  EXPECT_EQ(catalog->archive().stats()->payloads, 2u);  // robots.txt and the page
  EXPECT_THAT(catalog->archive().check(true)->faults, SizeIs(0));
}

TEST_F(ConditionalCrawlTest, LinksOfAnUnmodifiedPageAreFollowedAndItsStyleSheetsToo) {
  serve_unchanging(kHome, "<link rel=stylesheet href=/a.css><a href=/one>1</a>");
  server.on("http://site.test/one", html("one"));
  server.on("http://site.test/a.css", Reply::page("body{}", {"Content-Type: text/css"}));
  crawl();
  crawl_again();
  EXPECT_THAT(told.of("http://site.test/one"), SizeIs(1));
  ASSERT_THAT(told.of("http://site.test/a.css"), SizeIs(1));
  EXPECT_EQ(told.of("http://site.test/a.css")[0].role, Role::kRequisite);
}

TEST_F(ConditionalCrawlTest, AThirdRunRefersToTheOriginalAndTheAnswerStaysThatOfTheOriginal) {
  serve_unchanging(kHome, "x");
  crawl();
  const auto original = told.of(kHome).at(0);
  crawl_again();
  crawl_again();
  const auto revisit = told.of(kHome).at(0);
  ASSERT_TRUE(revisit.refers_to);
  EXPECT_EQ(revisit.refers_to->capture, original.id);
  const auto shown = *storage::shown_answer(catalog->archive(), revisit);
  EXPECT_EQ(shown.status, 200);
  EXPECT_EQ(shown.response, catalog->archive().headers(original.id)->response);
  storage::Archive::Wish wish;
  wish.only_success = true;
  EXPECT_EQ(catalog->archive().find(*Url::parse(kHome), wish)->id, revisit.id);
}

TEST_F(ConditionalCrawlTest, WeakTagsAreSentAsTheyAreAndWhatDoesNotParseIsNot) {
  serve(kHome, "x", {"ETag: W/\"w\"", "Last-Modified: yesterday"}, {"ETag: \"w\""});
  crawl();
  crawl_again();
  EXPECT_THAT(conditions, ElementsAre("W/\"w\" "));
  EXPECT_EQ(told.of(kHome).at(0).status, 304);
}

TEST_F(ConditionalCrawlTest, A304AboutAnotherVersionIsRecordedAndThePageAskedForInFull) {
  serve(kHome, "x", {"ETag: \"v1\""}, {"ETag: \"v2\""});
  crawl();
  crawl_again();
  EXPECT_THAT(conditions, SizeIs(1));
  EXPECT_EQ(told.of(kHome).at(0).status, 200);
  std::vector<std::string> reasons;
  ASSERT_TRUE(catalog->archive().scan_events([&](const storage::Event& event) {
    if (event.kind == "retried") reasons.push_back(event.kind + ": " + event.reason);
    return true;
  }));
  EXPECT_THAT(reasons, Contains("retried: status 304 with ETag \"v2\", asked was \"v1\""));
}

TEST_F(ConditionalCrawlTest, A304ToAnUnconditionalRequestIsAFailureOfItsOwn) {
  server.on(kHome, Reply::page("", {"ETag: \"v1\""}, 304));
  const auto summary = crawl();
  EXPECT_EQ(summary.tally.failed, 1u);
  EXPECT_THAT(told.failures, ElementsAre(kHome + " status 304 to a request without a condition"));
  EXPECT_THAT(told.of(kHome), SizeIs(0));
}

TEST_F(ConditionalCrawlTest, NoConditionForAQuarantinedCaptureNorWhereTheKeyIsOff) {
  serve(kHome, "<title>Just a moment...</title><form id=challenge-form action=/cdn-cgi/challenge-platform/x></form>",
        {"ETag: " + kTag}, {"ETag: " + kTag});
  crawl();
  ASSERT_TRUE(told.of(kHome).at(0).quarantined);
  crawl_again();
  EXPECT_THAT(conditions, SizeIs(0));
  serve_unchanging(kHome, "good again");
  crawl_again();
  config.network.conditional = false;
  crawl_again();
  EXPECT_THAT(conditions, SizeIs(0));
  EXPECT_EQ(told.of(kHome).at(0).status, 200);
  EXPECT_FALSE(told.of(kHome).at(0).is_revisit());
}

TEST_F(ConditionalCrawlTest, AChangedPageIsCapturedInFull) {
  server.on(kHome, html("old", {"ETag: \"v1\""}));
  crawl();
  server.on(kHome, html("new", {"ETag: \"v2\""}));
  crawl_again();
  EXPECT_EQ(told.of(kHome).at(0).status, 200);
  EXPECT_FALSE(told.of(kHome).at(0).is_revisit());
  EXPECT_EQ(last.tally.unmodified, 0u);
}

}  // namespace
}  // namespace vellum::test
