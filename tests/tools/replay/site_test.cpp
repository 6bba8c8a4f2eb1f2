#include "tools/replay/site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/tools/replay/sample_archive.h"

namespace vellum::replay {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr const char* kHostile = "\"><script>alert(1)</script><img src=x onerror=y>";

class SiteTest : public testing::Test {
 protected:
  Reply get(const std::string& target, const std::string& referer = "", const std::string& origin = "") {
    return ask({"GET", target, "127.0.0.1:8080", referer, origin, ""});
  }
  // A site of its own each time: what was committed before the question is part of the answer.
  Reply ask(const Request& request) {
    const auto archive = sample_.open();
    Site site(*archive, "127.0.0.1");
    return site.answer(request);
  }

  SampleArchive sample_;
};

TEST_F(SiteTest, ShowsAPageWithItsLinksLedIntoTheArchive) {
  sample_.add({"https://a.test/dir/p", "2020-01-31T12:00:00Z", "<a href=/next>n</a>"});
  const Reply reply = get("/web/20200131120000/https://a.test/dir/p");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "<a href=\"/web/20200131120000/https://a.test/next\">n</a>");
  EXPECT_EQ(reply.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(reply.field("Memento-Datetime"), "Fri, 31 Jan 2020 12:00:00 GMT");
}

TEST_F(SiteTest, ArchivedPagesRunNothingAndReachNothing) {
  sample_.add({"https://a.test/", "2020"});
  const std::string policy = get("/web/20200101000000/https://a.test/").field("Content-Security-Policy");
  EXPECT_THAT(policy, StartsWith("sandbox; default-src 'none'; "));
  EXPECT_THAT(policy, Not(HasSubstr("script")));
  EXPECT_THAT(policy, Not(HasSubstr("http")));
  EXPECT_THAT(policy, Not(HasSubstr("ws:")));
  EXPECT_THAT(policy, Not(HasSubstr("*")));
}

TEST_F(SiteTest, APageIsShownUnderItsOwnTimeAndAddress) {
  sample_.add({"https://a.test/", "2020-01-31T12:00:00.5Z"});
  EXPECT_EQ(get("/web/2021/https://a.test/").field("Location"), "/web/20200131120000/https://a.test/");
  EXPECT_EQ(get("/web/20200131120000/http://www.a.test/").field("Location"), "/web/20200131120000/https://a.test/");
  EXPECT_EQ(get("/web/https://a.test/").field("Location"), "/web/20200131120000/https://a.test/");
  EXPECT_EQ(get("/web/20200131120000/https://a.test/").status, 200);
}

TEST_F(SiteTest, RawBytesAreThePayloadAndNothingElse) {
  const std::string bytes("<a href=/x>\0\xFF\r\n</a>", 19);
  sample_.add({"https://a.test/", "2020", bytes, "text/html; charset=latin1"});
  const Reply reply = get("/web/20200101000000id_/https://a.test/");
  EXPECT_EQ(reply.body, bytes);
  EXPECT_EQ(reply.field("Content-Type"), "text/html; charset=latin1");
  EXPECT_EQ(reply.field("X-Content-Type-Options"), "nosniff");
  EXPECT_THAT(reply.field("Content-Security-Policy"), StartsWith("sandbox;"));
}

TEST_F(SiteTest, ABrowserIsShownRawMarkupAsText) {
  sample_.add({"https://a.test/", "2020", "<link rel=preconnect href=//out.test>"});
  sample_.add({"https://a.test/i.png", "2020", "png", "image/png"});
  const auto type_for = [&](const char* target, const char* destination) {
    return ask({"GET", target, "localhost", "", "", destination}).field("Content-Type");
  };
  EXPECT_EQ(type_for("/web/20200101000000id_/https://a.test/", "document"), "text/plain");
  EXPECT_EQ(type_for("/web/20200101000000id_/https://a.test/", "iframe"), "text/plain");
  EXPECT_EQ(type_for("/web/20200101000000id_/https://a.test/", "empty"), "text/html");
  EXPECT_EQ(type_for("/web/20200101000000id_/https://a.test/", ""), "text/html");
  EXPECT_EQ(type_for("/web/20200101000000id_/https://a.test/i.png", "document"), "image/png");
}

TEST_F(SiteTest, XmlIsRewrittenOrShownAsText) {
  sample_.add(
      {"https://a.test/i.svg", "2020", "<svg><h:link rel='preconnect' href='//o.test'/></svg>", "image/svg+xml"});
  sample_.add({"https://a.test/e.svg", "2020", "<!DOCTYPE svg [<!ENTITY x '<a/>'>]><svg/>", "image/svg+xml"});
  sample_.add({"https://a.test/feed", "2020", "<rss/>", "application/rss+xml"});
  const Reply image = get("/web/20200101000000/https://a.test/i.svg");
  EXPECT_EQ(image.field("Content-Type"), "image/svg+xml; charset=utf-8");
  EXPECT_THAT(image.body, HasSubstr("rel=\"\""));
  EXPECT_EQ(get("/web/20200101000000/https://a.test/e.svg").field("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(get("/web/20200101000000/https://a.test/feed").field("Content-Type"), "text/plain");
}

TEST_F(SiteTest, StoredFieldsPassOnlyUnderAnotherName) {
  sample_.add({"https://a.test/",
               "2020",
               "x",
               "text/html",
               200,
               {"Set-Cookie: a=b", "Content-Security-Policy: script-src *", "Strict-Transport-Security: max-age=1",
                "Refresh: 0;url=http://out.test", "Link: <http://out.test>; rel=preconnect", "Server: nginx",
                "Access-Control-Allow-Origin: *", "Clear-Site-Data: \"*\"", "Content-Disposition: attachment"}});
  const Reply reply = get("/web/20200101000000/https://a.test/");
  EXPECT_EQ(reply.field("X-Archive-Orig-Server"), "nginx");
  for (const char* name : {"Set-Cookie", "Strict-Transport-Security", "Refresh", "Link", "Server", "Clear-Site-Data",
                           "Access-Control-Allow-Origin", "Content-Disposition", "X-Archive-Orig-Set-Cookie"}) {
    EXPECT_EQ(reply.field(name), "") << name;
  }
  EXPECT_THAT(reply.field("Content-Security-Policy"), Not(HasSubstr("script-src")));
}

TEST_F(SiteTest, PagesComeAsUtf8WhateverTheyWere) {
  sample_.add({"https://a.test/", "2020", "<meta charset=latin1><p>caf\xE9"});
  const Reply reply = get("/web/20200101000000/https://a.test/");
  EXPECT_THAT(reply.body, HasSubstr("café"));
}

TEST_F(SiteTest, ARedirectLeadsToItsArchivedTarget) {
  sample_.add({"https://a.test/old", "2020", "", "text/html", 301, {"Location: /new?x=1"}});
  const Reply reply = get("/web/20200101000000/https://a.test/old");
  EXPECT_EQ(reply.status, 302);
  EXPECT_EQ(reply.field("Location"), "/web/20200101000000/https://a.test/new?x=1");
  EXPECT_EQ(reply.field("X-Archive-Orig-Status"), "301");
}

TEST_F(SiteTest, ARedirectToTheAskedAddressIsNoAnswerToIt) {
  sample_.add({"http://a.test/", "2020", "", "text/html", 301, {"Location: https://a.test/"}});
  EXPECT_EQ(get("/web/20200101000000/https://a.test/").status, 404);
  EXPECT_EQ(get("/web/20200101000000/http://a.test/").field("Location"), "/web/20200101000000/https://a.test/");
}

TEST_F(SiteTest, ACookieCheckThatRedirectsToItselfGivesThePageBehindIt) {
  sample_.add({"https://a.test/", "2020-01-01T00:00:00Z", "", "text/html", 302, {"Location: https://a.test/"}});
  sample_.add({"https://a.test/", "2020-01-01T00:00:00.2Z", "behind"});
  EXPECT_EQ(get("/web/20200101000000/https://a.test/").body, "behind");
}

TEST_F(SiteTest, StatusesThatMakeABrowserActAreOnlyTold) {
  sample_.add({"https://a.test/gone", "2020", "gone", "text/html", 404});
  sample_.add({"https://a.test/login", "2020", "who", "text/html", 401});
  EXPECT_EQ(get("/web/20200101000000/https://a.test/gone").status, 404);
  const Reply login = get("/web/20200101000000/https://a.test/login");
  EXPECT_EQ(login.status, 200);
  EXPECT_EQ(login.field("X-Archive-Orig-Status"), "401");
}

TEST_F(SiteTest, StyleSheetsAreLedIntoTheArchiveAndKeepThePagesTime) {
  sample_.add({"https://a.test/s.css", "2020-01-31T12:00:03Z", "a{b:url(/i.png)}", "text/css"});
  const Reply reply = get("/web/20200131120000/https://a.test/s.css");
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "a{b:url(\"/web/20200131120000/https://a.test/i.png\")}");
}

TEST_F(SiteTest, FontsAreGivenToSandboxedPages) {
  sample_.add({"https://a.test/f.woff2", "2020", "wOF2", "font/woff2"});
  sample_.add({"https://a.test/x.json", "2020", "{}", "application/json"});
  EXPECT_EQ(get("/web/2020/https://a.test/f.woff2", "", "null").field("Access-Control-Allow-Origin"), "null");
  EXPECT_EQ(get("/web/2020/https://a.test/f.woff2", "", "http://evil.test").field("Access-Control-Allow-Origin"), "");
  EXPECT_EQ(get("/web/2020/https://a.test/x.json", "", "null").field("Access-Control-Allow-Origin"), "");
}

TEST_F(SiteTest, WhatIsNotThereIsAnswered404WithWhatLiesNear) {
  sample_.add({"https://a.test/dir/one", "2020"});
  sample_.add({"https://b.test/", "2020"});
  const Reply reply = get("/web/2020/https://a.test/dir/two");
  EXPECT_EQ(reply.status, 404);
  EXPECT_THAT(reply.body, HasSubstr("/web/20200101000000/https://a.test/dir/one"));
  EXPECT_THAT(reply.body, Not(HasSubstr("b.test")));
}

TEST_F(SiteTest, WhatAsksNotToBeShownIsShownOnThisMachineOnly) {
  SamplePage page{"https://a.test/", "2020", "secret"};
  page.rights = {"noarchive"};
  sample_.add(page);
  for (const char* target : {"/web/20200101000000/https://a.test/", "/web/20200101000000id_/https://a.test/"}) {
    EXPECT_EQ(ask({"GET", target, "localhost", "", "", "", true}).body, "secret");
    EXPECT_EQ(ask({"GET", target, "localhost", "", "", "", false}).status, 403);
  }
}

TEST_F(SiteTest, ListsAllCapturesOfAnAddress) {
  sample_.add({"https://a.test/", "2019"});
  sample_.add({"https://a.test/", "2020", "x", "text/html", 200, {}, "captcha", true});
  const Reply reply = get("/web/*/https://a.test/");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("/web/20190101000000/https://a.test/"));
  EXPECT_THAT(reply.body, HasSubstr("/web/20200101000000id_/https://a.test/"));
  EXPECT_THAT(reply.body, HasSubstr("captcha"));
}

TEST_F(SiteTest, AStrayPathIsFoundByWhoAskedForIt) {
  const std::string asker = "http://127.0.0.1:8080/web/20200131120000/https://a.test/css/s.css";
  EXPECT_EQ(get("/static/x.css?v=1", asker).field("Location"), "/web/20200131120000/https://a.test/static/x.css?v=1");
  EXPECT_EQ(get("/static/x.css", "http://127.0.0.1:8080/").status, 404);
  EXPECT_EQ(get("/static/x.css", "http://evil.test").status, 404);
  EXPECT_EQ(get("/static/x.css").status, 404);
}

TEST_F(SiteTest, TheIndexShowsCountsArticlesAndNewestCaptures) {
  sample_.add_record(sample_.add({"https://a.test/1", "2020"}), sample_record("Telomeres and <Age>", "10.1/a", "7"));
  const Reply reply = get("/");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("Telomeres and &lt;Age&gt;"));
  EXPECT_THAT(reply.body, HasSubstr("Journal of Tests"));
  EXPECT_THAT(reply.body, HasSubstr("10.1/a"));
  EXPECT_THAT(reply.body, HasSubstr("Newest captures"));
}

TEST_F(SiteTest, SearchFindsWordsIdentifiersAndAddresses) {
  sample_.add_record(sample_.add({"https://a.test/1", "2020"}),
                     sample_record("Telomeres and age", "10.1234/abc", "77"));
  sample_.add_record(sample_.add({"https://a.test/2", "2020"}), sample_record("Other matters", "10.1234/xyz", "78"));
  for (const char* query :
       {"AGE+telomeres", "10.1234/abc", "https%3A%2F%2Fdoi.org%2F10.1234%2FABC", "77", "PMID%3A+77"}) {
    const Reply reply = get(std::string("/?q=") + query);
    EXPECT_THAT(reply.body, HasSubstr("Telomeres and age")) << query;
    EXPECT_THAT(reply.body, Not(HasSubstr("Other matters"))) << query;
  }
  EXPECT_EQ(get("/?q=https%3A%2F%2Fa.test%2F1").field("Location"), "/web/*/https://a.test/1");
  EXPECT_THAT(get("/?q=nothing+like+it").body, HasSubstr("No title has all of these words"));
}

TEST_F(SiteTest, AnArticlePageMarksWhichReferencesAreArchived) {
  Json record = sample_record("Citing", "10.1234/citing", "1");
  record["references"] =
      Json::array({{{"text", "Held. 1999"}, {"doi", "10.1234/held"}}, {{"text", "Not held"}, {"doi", "10.1234/no"}}});
  sample_.add_record(sample_.add({"https://a.test/citing", "2020"}), record);
  sample_.add_record(sample_.add({"https://a.test/held", "2020"}), sample_record("Held", "10.1234/held", "2"));
  const Reply reply = get("/article/https://a.test/citing");
  EXPECT_EQ(reply.status, 200);
  EXPECT_THAT(reply.body, HasSubstr("2 references, 1 of them in this archive"));
  EXPECT_THAT(reply.body, HasSubstr("<a href=\"/article/doi:10.1234/held\">10.1234/held</a>"));
  EXPECT_THAT(reply.body, HasSubstr("10.1234/no</span> <span class=\"tag\">not archived"));
  EXPECT_EQ(get("/article/doi:10.1234/held").field("Location"), "/article/https://a.test/held");
}

TEST_F(SiteTest, AnArticlePageShowsTheRecordOfTheAskedTime) {
  sample_.add_record(sample_.add({"https://a.test/", "2019", "1"}), sample_record("First title", "", ""));
  sample_.add_record(sample_.add({"https://a.test/", "2021", "2"}), sample_record("Second title", "", ""));
  EXPECT_THAT(get("/article/https://a.test/").body, HasSubstr("<h1 class=\"measure\">Second title"));
  EXPECT_THAT(get("/article/2019/https://a.test/").body, HasSubstr("<h1 class=\"measure\">First title"));
  EXPECT_THAT(get("/article/2019/https://a.test/").body, HasSubstr("History"));
}

TEST_F(SiteTest, HostileRecordsAndAddressesAreShownAsText) {
  Json record = sample_record(kHostile, "10.1/x", "1");
  record["title_html"] = kHostile;
  record["authors"] = Json::array({{{"name", kHostile}, {"affiliations", {kHostile}}}});
  record["abstract"] = Json::array({{{"label", kHostile}, {"text", kHostile}}});
  record["figures"] = Json::array({{{"label", kHostile}, {"caption", kHostile}, {"image", kHostile}}});
  record["references"] = Json::array({{{"text", kHostile}, {"doi", kHostile}, {"url", kHostile}}});
  record["similar"] = Json::array({{{"title", kHostile}}});
  record["notices"] = Json::array({{{"type", kHostile}, {"text", kHostile}}});
  record["sections"] = Json::array({{{"title", kHostile}, {"text", kHostile}}});
  record["layout"] = kHostile;
  record["journal"]["title"] = kHostile;
  const std::string url = "https://a.test/'onload='x?\"><script>";
  sample_.add_record(sample_.add({Url::parse(url)->href(), "2020", "x", kHostile, 200, {}, kHostile, true}), record);
  sample_.add_record(sample_.add({"https://a.test/good", "2020"}), record);
  for (const std::string target :
       {"/", "/?q=script", "/article/https://a.test/good", "/article/https://a.test/'onload='x?%22%3E%3Cscript%3E",
        "/web/*/https://a.test/'onload='x?%22%3E%3Cscript%3E", "/nope<script>alert(1)</script>",
        "/web/2020/https://a.test/<script>", "/web/2020/http://[<script>", "/?q=<script>alert(1)</script>"}) {
    const Reply reply = get(target);
    EXPECT_THAT(reply.body, Not(HasSubstr("<script"))) << target;
    EXPECT_THAT(reply.body, Not(HasSubstr("<img src=x"))) << target;
    EXPECT_THAT(reply.body, Not(HasSubstr("onload='x"))) << target;
  }
}

TEST_F(SiteTest, RecordsOfAnyShapeAreShown) {
  for (const char* text :
       {"null", "[]", "7", "{\"title\":{},\"authors\":\"x\",\"references\":[1,null,[]],\"cited_by\":[]}",
        "{\"title\":\"t\",\"abstract\":[[]],\"figures\":{\"a\":1},\"journal\":[],\"mesh\":[null,{\"term\":3}]}"}) {
    SampleArchive one;
    const storage::Capture capture = one.add({"https://a.test/", "2020"});
    Json record = *parse_json(text);
    if (record.is_object()) one.add_record(capture, record);
    const auto archive = one.open();
    Site site(*archive, "127.0.0.1");
    EXPECT_LT(site.answer({"GET", "/article/https://a.test/", "localhost", "", "", ""}).status, 500) << text;
    EXPECT_EQ(site.answer({"GET", "/", "localhost", "", "", ""}).status, 200) << text;
  }
}

TEST_F(SiteTest, EveryAnswerCarriesAPolicy) {
  sample_.add({"https://a.test/", "2020"});
  for (const std::string target : {"/",
                                   "/?q=x",
                                   "/nope",
                                   "/web/",
                                   "/web/2020/",
                                   "/web/2020/https://a.test/",
                                   "/web/20200101000000/https://a.test/",
                                   "/web/20200101000000id_/https://a.test/",
                                   "/web/2020/https://nowhere.test/",
                                   "/web/2020/http://[",
                                   "/web/*/https://a.test/",
                                   "/web/99999999999999/https://a.test/",
                                   "/article/",
                                   "/article/https://a.test/",
                                   "/article/doi:no",
                                   "/favicon.svg",
                                   "/favicon.ico",
                                   "/../../etc/passwd",
                                   "/web/2020/../../../etc/passwd",
                                   "//evil.test/",
                                   "*",
                                   "http://evil.test/"}) {
    const Reply reply = get(target);
    EXPECT_THAT(reply.field("Content-Security-Policy"), HasSubstr("default-src 'none'")) << target;
    EXPECT_EQ(reply.field("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_THAT(reply.body, Not(HasSubstr("root:"))) << target;
    EXPECT_LT(reply.status, 500) << target;
  }
}

TEST_F(SiteTest, OwnPagesNameNothingOfTheOutside) {
  sample_.add_record(sample_.add({"https://a.test/1", "2020"}), sample_record("Telomeres", "10.1234/abc", "77"));
  for (const char* target : {"/", "/article/https://a.test/1", "/web/*/https://a.test/1", "/nope"}) {
    const Reply reply = get(target);
    EXPECT_THAT(reply.body, Not(HasSubstr("=\"http"))) << target;
    EXPECT_THAT(reply.body, Not(HasSubstr("=\"//"))) << target;
    EXPECT_THAT(reply.body, Not(HasSubstr(" style=\""))) << target << ": the policy would refuse it";
  }
}

TEST_F(SiteTest, OnlyItsOwnNameIsAnswered) {
  EXPECT_EQ(ask({"GET", "/", "evil.test", "", "", ""}).status, 403);
  EXPECT_EQ(ask({"GET", "/", "", "", "", ""}).status, 403);
  EXPECT_EQ(ask({"GET", "/", "localhost:9", "", "", ""}).status, 200);
}

TEST_F(SiteTest, OnlyGetAndHeadAreAnswered) {
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "TRACE"}) {
    const Reply reply = ask({method, "/", "localhost", "", "", ""});
    EXPECT_EQ(reply.status, 405) << method;
    EXPECT_EQ(reply.field("Allow"), "GET, HEAD");
  }
}

TEST_F(SiteTest, WhatWasCommittedAfterOpeningIsSeen) {
  const auto archive = sample_.open();
  sample_.add_record(sample_.add({"https://a.test/late", "2020", "late"}), sample_record("Late arrival", "", ""));
  Site site(*archive, "127.0.0.1");
  EXPECT_EQ(site.answer({"GET", "/web/20200101000000/https://a.test/late", "localhost", "", "", ""}).body, "late");
  EXPECT_THAT(site.answer({"GET", "/", "localhost", "", "", ""}).body, HasSubstr("Late arrival"));
}

TEST_F(SiteTest, TheIndexFindsRecordsThatComeAfterTheirCaptures) {
  const storage::Capture capture = sample_.add({"https://a.test/1", "2020"});
  const auto archive = sample_.open();
  ArticleIndex index;
  ASSERT_TRUE(index.catch_up(*archive, std::chrono::seconds(5)));
  EXPECT_EQ(index.articles("", 0, 10).matching, 0u);
  sample_.add_record(capture, sample_record("Late record", "", ""));
  ASSERT_TRUE(archive->refresh());
  ASSERT_TRUE(index.catch_up(*archive, std::chrono::seconds(5)));
  EXPECT_EQ(index.articles("late", 0, 10).matching, 1u);
}

TEST_F(SiteTest, TheIndexKeepsTheNewestRecordOfAnAddress) {
  sample_.add_record(sample_.add({"https://a.test/1", "2021", "b"}), sample_record("Newer", "", ""));
  sample_.add_record(sample_.add({"http://www.a.test/1", "2019", "a"}), sample_record("Older", "", ""));
  const auto archive = sample_.open();
  ArticleIndex index;
  ASSERT_TRUE(index.catch_up(*archive, std::chrono::seconds(5)));
  const auto page = index.articles("", 0, 10);
  ASSERT_EQ(page.rows.size(), 1u);
  EXPECT_EQ(page.rows[0].title, "Newer");
  EXPECT_FALSE(page.is_behind);
}

}  // namespace
}  // namespace vellum::replay
