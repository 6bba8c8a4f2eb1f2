#include "plugins/host/substance.h"

#include <gtest/gtest.h>

#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

std::string objection(const std::string& body, int status = 200) {
  SubstanceJudge judge;
  Answer one = answer(body, "https://example.org/article/1", status);
  auto view = PageView::parse(one);
  EXPECT_TRUE(view);
  auto verdict = judge.objection(*view);
  if (!verdict) return "none";
  EXPECT_FALSE(verdict->evidence.empty());
  return verdict->substance;
}

std::string with_title(const std::string& title, const std::string& text = "Some words on the page.") {
  return "<html><head><title>" + title + "</title></head><body><p>" + text + "</p></body></html>";
}

TEST(Substance, ChallengesAreCaptchas) {
  EXPECT_EQ(objection(with_title("Just a moment...")), "captcha");
  EXPECT_EQ(objection(with_title("Attention Required! | Cloudflare")), "captcha");
  EXPECT_EQ(objection(with_title("Checking your browser - reCAPTCHA")), "captcha");
  EXPECT_EQ(objection(with_title("Client Challenge")), "captcha");
  EXPECT_EQ(objection(with_title("x", "Please verify you are a human to go on.")), "captcha");
  EXPECT_EQ(objection("<html><body><form id=challenge-form></form><p>wait</p></body></html>"), "captcha");
}

TEST(Substance, BlockPagesAreBlocks) {
  EXPECT_EQ(objection(with_title("NCBI - WWW Error Blocked Diagnostic")), "block");
  EXPECT_EQ(objection(with_title("Access Denied")), "block");
  EXPECT_EQ(objection(with_title("x", "Your access has been temporarily blocked due to a possible misuse")), "block");
  EXPECT_EQ(objection(with_title("x"), 403), "block");
  EXPECT_EQ(objection(with_title("x"), 503), "block");
}

TEST(Substance, ErrorPagesAreSoft404WhateverTheStatus) {
  EXPECT_EQ(objection(with_title("Page not found")), "soft-404");
  EXPECT_EQ(objection(with_title("Example | Page not found")), "soft-404");
  EXPECT_EQ(objection(with_title("x"), 404), "soft-404");
  EXPECT_EQ(objection(with_title("x", "The page you requested could not be found.")), "soft-404");
}

TEST(Substance, LoginWallsAreLogins) {
  EXPECT_EQ(objection("<title>Journal</title><p>Please</p><form><input type=password></form>"), "login");
  EXPECT_EQ(objection(with_title("Sign in")), "login");
  EXPECT_EQ(objection(with_title("x"), 401), "login");
}

TEST(Substance, AnArticleAboutCaptchasIsNoCaptcha) {
  EXPECT_EQ(objection("<html><head><title>Just a moment: captchas</title><meta name=citation_title content='Just a "
                      "moment'></head><body><p>Please verify you are a human.</p></body></html>"),
            "none");
}

TEST(Substance, ALongPageThatSpeaksOfBlocksIsNone) {
  std::string text = "Some hosts show: access to this page has been denied. ";
  for (int i = 0; i < 100; ++i) text += "We measured how often this happens and to whom. ";
  EXPECT_EQ(objection(with_title("How crawlers are treated", text)), "none");
}

TEST(Substance, APageOfAFewWordsIsNotSuspect) {
  EXPECT_EQ(objection("<a href=/b>b</a>"), "none");
}

TEST(Substance, PagesCutShortAreTruncated) {
  EXPECT_EQ(objection("<html><body><p>Some words</p><p>and then <a hre"), "truncated");
}

TEST(Substance, PagesWithoutAWordAreStubs) {
  EXPECT_EQ(objection("<html><head><meta name=citation_title content=T></head>"), "stub");
  EXPECT_EQ(objection("<!doctype html><div id=root></div><script src=app.js></script>"), "stub");
  EXPECT_EQ(objection("<img src=a.png>"), "none");
}

TEST(Substance, RecordsDecideWhereNothingObjects) {
  SubstanceJudge judge;
  Answer one = answer("<p>x</p>");
  auto view = PageView::parse(one);
  EXPECT_EQ(judge.judge(*view, {}, {{"kind", "search"}}).substance, "listing");
  EXPECT_EQ(judge.judge(*view, {}, {{"kind", "other"}}).substance, "other");
  EXPECT_EQ(judge.judge(*view, {}, {{"kind", "article"}, {"sections", {{{"title", "x"}}}}}).substance, "article");
  EXPECT_EQ(judge.judge(*view, {}, {{"kind", "article"}, {"abstract", {{{"text", "x"}}}}}).substance, "abstract");
}

TEST(Substance, OnlyWhatIsNotThePageIsQuarantined) {
  for (const char* word : {"login", "captcha", "block", "soft-404", "truncated", "stub"}) {
    EXPECT_TRUE((Verdict{word, {}}).is_quarantined()) << word;
  }
  for (const char* word : {"article", "abstract", "listing", "other"}) {
    EXPECT_FALSE((Verdict{word, {}}).is_quarantined()) << word;
  }
}

}  // namespace
}  // namespace vellum::plugins
