#include "crawler/engine/asked.h"
#include "crawler/engine/completeness.h"
#include "crawler/engine/follow_up.h"
#include "tests/crawler/engine/crawl_fixture.h"

namespace vellum::test {
namespace {

using storage::Role;

std::string reference(int n, const std::string& doi) {
  return "<li>A. One. J. 2001. <a href=\"https://doi.org/" + doi + "\">doi</a> " + std::to_string(n) + "</li>";
}

std::string article(const std::string& doi, const std::string& body) {
  return "<!doctype html><html><head><title>T</title><meta name=citation_title content=\"Title of it\">"
         "<meta name=citation_doi content=\"" +
         doi + "\"></head><body><p>Words of the article.</p>" + body + "</body></html>";
}

class FollowTest : public CrawlTest {
 protected:
  FollowTest() {
    config.scope.hosts = {"site.test"};
    config.scope.max_depth = 1;
    config.requisites = false;
    config.follow.dois = true;
    config.follow.places = {"reference", "body"};
    config.follow.resolver = "http://doi.org/";
  }
  void serve(const std::string& url, const std::string& page) {
    server.on(url, Reply::page(page, {"Content-Type: text/html; charset=utf-8"}));
  }
  void moves(const std::string& from, const std::string& to) {
    server.on(from, Reply::page("", {"Location: " + to}, 302));
  }
};

TEST_F(FollowTest, FollowsACitedDoiThroughEveryHopToAPublisherOutOfScope) {
  serve("http://site.test/", article("10.1000/own", reference(1, "10.1000/cited")));
  moves("http://doi.org/10.1000/cited", "http://link.publisher.example/r?id=1");
  moves("http://link.publisher.example/r?id=1", "http://www.publisher.example/article/1");
  serve("http://www.publisher.example/article/1",
        article("10.1000/cited", reference(1, "10.1000/further") + "<a href=/other>other</a>"));
  const auto summary = crawl();
  EXPECT_EQ(summary.state, "finished");
  ASSERT_EQ(told.of("http://doi.org/10.1000/cited").size(), 1u);
  const auto first = told.of("http://doi.org/10.1000/cited").front();
  EXPECT_EQ(first.hop, "doi");
  EXPECT_EQ(first.via, "http://site.test/");
  EXPECT_EQ(first.rule, "follow: doi of body: 10.1000/cited");
  EXPECT_EQ(told.of("http://link.publisher.example/r?id=1").size(), 1u);
  ASSERT_EQ(told.of("http://www.publisher.example/article/1").size(), 1u);
  const auto landing = told.of("http://www.publisher.example/article/1").front();
  EXPECT_EQ(landing.role, Role::kPage);
  EXPECT_EQ(landing.hop, "redirect");
  EXPECT_EQ(landing.via, "http://link.publisher.example/r?id=1");
  EXPECT_EQ(landing.rule, first.rule);
  EXPECT_FALSE(landing.quarantined);
  EXPECT_EQ(requests_for("http://doi.org/10.1000/further"), 0u) << "one step only";
  EXPECT_EQ(requests_for("http://www.publisher.example/other"), 0u) << "its links are judged by the scope";
  EXPECT_EQ(
      requests_for("http://publisher.example/robots.txt") + requests_for("http://www.publisher.example/robots.txt"),
      1u);
  EXPECT_EQ(summary.tally.followed, 1u);
}

TEST_F(FollowTest, FollowsNothingUnlessAsked) {
  config.follow.dois = false;
  serve("http://site.test/", article("10.1000/own", reference(1, "10.1000/cited")));
  crawl();
  EXPECT_EQ(requests_for("http://doi.org/10.1000/cited"), 0u);
}

TEST_F(FollowTest, AsksForADoiOnceAndNotForWhatTheRunHolds) {
  config.seeds = {"http://site.test/", "http://site.test/two"};
  serve("http://site.test/", article("10.1000/own", reference(1, "10.1000/cited") + reference(2, "10.1000/TWO")));
  serve("http://site.test/two", article("10.1000/two", reference(1, "10.1000/CITED") + reference(2, "10.1000/own")));
  serve("http://doi.org/10.1000/cited", article("10.1000/cited", ""));
  const auto summary = crawl();
  EXPECT_EQ(requests_for("http://doi.org/10.1000/cited"), 1u);
  EXPECT_EQ(requests_for("http://doi.org/10.1000/two"), 0u);
  EXPECT_EQ(requests_for("http://doi.org/10.1000/own"), 0u);
  EXPECT_EQ(summary.tally.followed, 1u);
}

TEST_F(FollowTest, EndsAtTheLimitOfTheRunAlsoWhenItGoesOn) {
  config.follow.max_followed = 2;
  config.scope.max_pages = 2;
  std::string list;
  for (int n = 1; n <= 4; ++n) {
    list += reference(n, "10.1000/c" + std::to_string(n));
    serve("http://doi.org/10.1000/c" + std::to_string(n), article("10.1000/c" + std::to_string(n), ""));
  }
  serve("http://site.test/", article("10.1000/own", list));
  EXPECT_EQ(crawl().state, "limited");
  config.scope.max_pages = 100;
  const auto second = crawl();
  EXPECT_TRUE(second.resumed);
  EXPECT_EQ(second.state, "finished");
  EXPECT_EQ(second.tally.followed, 1u) << "one was followed before";
  EXPECT_EQ(second.tally.out_of_scope.at("follow.max_followed 2"), 2u);
}

TEST_F(FollowTest, QuarantinesALandingPageThatIsAnotherWork) {
  serve("http://site.test/", article("10.1000/own", reference(1, "10.1000/cited")));
  moves("http://doi.org/10.1000/cited", "http://www.publisher.example/1");
  serve("http://www.publisher.example/1", article("10.1000/different", ""));
  const auto summary = crawl();
  const auto landing = told.of("http://www.publisher.example/1").front();
  EXPECT_TRUE(landing.quarantined);
  EXPECT_EQ(landing.verdict, "other");
  EXPECT_EQ(landing.evidence, std::vector<std::string>{"asked for 10.1000/cited, page says 10.1000/different"});
  EXPECT_EQ(summary.tally.articles, 1u) << "it counts as no article";
}

TEST_F(FollowTest, SeesThroughRedirectsWhichDoiASeedAskedFor) {
  config.seeds = {"http://dx.doi.org/10.1000/X"};
  config.scope.hosts = {"*.doi.org", "*.example"};
  moves("http://dx.doi.org/10.1000/X", "http://a.example/1");
  moves("http://a.example/1", "http://b.example/2");
  serve("http://b.example/2", article("10.1000/y", ""));
  crawl();
  ASSERT_EQ(told.of("http://b.example/2").size(), 1u);
  EXPECT_TRUE(told.of("http://b.example/2").front().quarantined);
}

TEST(Contradiction, IsWhereBothSidesNameAnIdOfTheSameKind) {
  const auto judged = [](const std::string& url, const std::string& doi, const Json& ids) {
    return engine::contradiction(*Url::parse(url), doi, ids).value_or("");
  };
  const std::string pmc = "https://pmc.ncbi.nlm.nih.gov/articles/PMC123/";
  EXPECT_EQ(judged(pmc, "", {{"pmcid", "PMC456"}}), "asked for PMC123, page says PMC456");
  EXPECT_EQ(judged(pmc, "", {{"pmcid", "PMC123"}, {"pmid", "9"}, {"doi", "10.1/a"}}), "");
  EXPECT_EQ(judged("https://pubmed.ncbi.nlm.nih.gov/12/", "", {{"pmid", "13"}}),
            "asked for PMID 12, page says PMID 13");
  EXPECT_EQ(judged("https://pubmed.ncbi.nlm.nih.gov/12/", "", {{"pmcid", "PMC13"}}), "");
  const std::string page = "https://publisher.example/1";
  EXPECT_NE(judged(page, "10.1016/j.cell.2019.05.031", {{"doi", "10.1016/j.cell.2019.05.040"}}), "");
  EXPECT_NE(judged(page, "10.1000/a1", {{"doi", "10.1000/a12"}}), "");
  for (const auto& [one, other] :
       std::vector<std::pair<std::string, std::string>>{{"10.1000/ABC", "10.1000/abc"},
                                                        {"10.1101/2020.01.01.123456", "10.1101/2020.01.01.123456v2"},
                                                        {"10.1101/x.v1", "10.1101/x.v2"},
                                                        {"10.12688/f1000research.10.1", "10.12688/f1000research.10.2"},
                                                        {"10.1371/journal.pone.1.g001", "10.1371/journal.pone.1"},
                                                        {"10.5281/zenodo.1", "10.5281/zenodo.77"},
                                                        {"10.1007/978-3-319-1_5", "10.1007/978-3-319-1"}}) {
    EXPECT_EQ(judged(page, one, {{"doi", other}}), "");
    EXPECT_EQ(judged(page, other, {{"doi", one}}), "");
  }
}

TEST(FollowUp, WritesADoiAsTheResolverNeedsIt) {
  EXPECT_EQ(engine::resolver_url("https://doi.org/", "10.1002/(sici)1097<1::aid-x>3.0.co;2-#")->href(),
            "https://doi.org/10.1002/(sici)1097%3C1::aid-x%3E3.0.co;2-%23");
}

class FilesTest : public FollowTest {
 protected:
  FilesTest() {
    config.follow.dois = false;
    config.files.kinds = {"pdf"};
    serve("http://site.test/", article("10.1000/own", "<a href=/paper.pdf>PDF</a>"));
    server.on("http://site.test/paper.pdf", Reply::page("%PDF-1.4 words", {"Content-Type: application/pdf"}));
  }
  engine::Completeness inspect() {
    const auto page = catalog->archive().find(*Url::parse("http://site.test/"), {});
    const auto status = [&](const Url&) -> Result<storage::TaskStatus> {
      return storage::TaskStatus{"skipped", "robots: line 2", {}};
    };
    auto found = engine::completeness(catalog->archive(), registry(), config, *page, status);
    EXPECT_TRUE(found);
    return found ? *found : engine::Completeness{};
  }
};

TEST_F(FilesTest, AreFetchedAlongWithThePageThatNamesThem) {
  config.scope.max_depth = 0;
  const auto summary = crawl();
  EXPECT_EQ(summary.tally.files, 1u);
  ASSERT_EQ(told.of("http://site.test/paper.pdf").size(), 1u);
  const auto file = told.of("http://site.test/paper.pdf").front();
  EXPECT_EQ(file.role, Role::kFile);
  EXPECT_EQ(file.rule, "files: pdf");
  EXPECT_EQ(file.root, "http://site.test/");
  EXPECT_EQ(file.root_capture, told.of("http://site.test/").front().id);
  const auto parts = inspect();
  EXPECT_TRUE(parts.is_complete());
  ASSERT_EQ(parts.parts.size(), 1u);
  EXPECT_EQ(parts.parts.front().state, "held");
  EXPECT_EQ(parts.parts.front().bytes, 14u);
}

TEST_F(FilesTest, OfAnotherKindAreNotAskedFor) {
  config.scope.max_depth = 0;
  config.files.kinds = {"figure"};
  EXPECT_EQ(crawl().tally.files, 0u);
  EXPECT_EQ(requests_for("http://site.test/paper.pdf"), 0u);
}

TEST_F(FilesTest, TooLargeAreFailuresThatTheSummaryAndTheReportName) {
  config.scope.max_depth = 0;
  config.files.max_file_size = 5;
  const auto summary = crawl();
  EXPECT_EQ(summary.tally.files, 0u);
  EXPECT_EQ(summary.tally.parts_missing, 1u);
  EXPECT_EQ(summary.tally.failed, 1u);
  const auto parts = inspect();
  EXPECT_FALSE(parts.is_complete());
  EXPECT_EQ(parts.parts.front().reason, "robots: line 2");
}

TEST_F(FilesTest, ThatAreGoneAreFailedParts) {
  config.scope.max_depth = 0;
  server.on("http://site.test/paper.pdf", Reply::page("no", {"Content-Type: text/plain"}, 404));
  EXPECT_EQ(crawl().tally.parts_missing, 1u);
  const auto parts = inspect();
  EXPECT_EQ(parts.parts.front().state, "failed");
  EXPECT_EQ(parts.parts.front().reason, "status 404");
}

}  // namespace
}  // namespace vellum::test
