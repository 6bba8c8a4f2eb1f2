// Runs under [schedule] adaptive: what is not due is left out, and still leads on.

#include <gmock/gmock.h>

#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string kListing = "http://site.test/";
const std::string kArticle = "http://site.test/article";
const std::string kMirror = "http://mirror.test/article";

class AdaptiveCrawlTest : public CrawlTest {
 protected:
  AdaptiveCrawlTest() {
    config.adaptive = true;
    server.on(kListing, html("<a href=/article>1</a>"));
    server.on("http://site.test/further", html("further"));
    serve(kArticle, "Cells in time");
  }
  void serve(const std::string& url, const std::string& title, const std::string& more = "") {
    const std::string text(1500, 'w');
    server.on(
        url,
        Reply::page("<!doctype html><html><head><title>" + title + "</title>" + "<meta name=citation_title content=\"" +
                        title + "\"><meta name=citation_author content=\"Ada Lovelace\">" +
                        "<meta name=citation_journal_title content=\"J. Tests\">" +
                        "<meta name=citation_doi content=\"10.5555/cells\">" +
                        "<meta name=citation_publication_date content=2020/01/02>" +
                        "<meta name=citation_abstract content=\"" + text + "\"></head><body><h1>" + title + "</h1><p>" +
                        text + "</p><a href=http://site.test/further>f</a>" + more + "</body></html>",
                    {"Content-Type: text/html; charset=utf-8"}));
  }
  void crawl_again() {
    told = Recorder();
    crawl();
  }
  storage::Work work_of(const std::string& url) {
    const auto work = catalog->archive().work_of(url);
    return work && *work ? **work : storage::Work();
  }
};

TEST_F(AdaptiveCrawlTest, APageThatIsNotDueIsLeftOutAndItsStoredLinksAreFollowed) {
  crawl();
  ASSERT_THAT(told.articles, testing::Not(IsEmpty()));
  ASSERT_THAT(work_of(kArticle).pages, SizeIs(1));
  const std::size_t before = requests_for(kArticle);
  crawl_again();
  EXPECT_EQ(requests_for(kArticle), before);
  ASSERT_THAT(told.skips, SizeIs(1));
  EXPECT_THAT(told.skips[0], HasSubstr(kArticle + " not due before "));
  EXPECT_THAT(told.skips[0], HasSubstr(": first seen on the last visit"));
  EXPECT_THAT(told.of(kListing), SizeIs(1));
  EXPECT_THAT(told.of("http://site.test/further"), SizeIs(1));
  EXPECT_THAT(catalog->archive().check(true)->faults, IsEmpty());
}

TEST_F(AdaptiveCrawlTest, ADuePageIsVisitedAndItsWorkLearns) {
  config.revisit.min = Duration(1);
  crawl();
  crawl_again();
  EXPECT_THAT(told.of(kArticle), SizeIs(1));
  config.revisit.max = Duration(1);
  serve(kArticle, "Cells in time, corrected");
  crawl_again();
  const storage::Work work = work_of(kArticle);
  EXPECT_EQ(work.visit_count, 3u);
  EXPECT_EQ(work.change_count, 1u);
  EXPECT_THAT(work.ids, ElementsAre("doi:10.5555/cells"));
}

TEST_F(AdaptiveCrawlTest, APageOfAKnownWorkThatWasNeverCapturedIsCaptured) {
  crawl();
  server.on(kListing, html("<a href=/article>1</a><a href=" + kMirror + ">2</a>"));
  serve(kMirror, "Cells in time");
  crawl_again();
  EXPECT_THAT(told.of(kMirror), SizeIs(1));
  EXPECT_THAT(told.of(kArticle), IsEmpty());
  EXPECT_EQ(work_of(kMirror).id, work_of(kArticle).id);
  EXPECT_THAT(work_of(kMirror).pages, SizeIs(2));
}

TEST_F(AdaptiveCrawlTest, WithoutTheKeyEveryRunAsksForAll) {
  config.adaptive = false;
  crawl();
  crawl_again();
  EXPECT_THAT(told.of(kArticle), SizeIs(1));
  EXPECT_THAT(told.skips, IsEmpty());
}

}  // namespace
}  // namespace vellum::test
