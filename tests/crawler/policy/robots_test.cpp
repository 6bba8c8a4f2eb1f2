#include "crawler/policy/robots.h"

#include <gtest/gtest.h>

#include <random>

#include "crawler/policy/robots_pattern.h"
#include "tests/base/data_file.h"
#include "tests/crawler/policy/robots_cases.h"

namespace vellum::test {
namespace {

using policy::Robots;
using policy::RobotsAnswer;
using policy::RobotsPath;
using policy::RobotsPattern;
using std::chrono::seconds;

std::string data(const std::string& name) {
  return slurp(std::string(VELLUM_TEST_DATA) + "/crawler/policy/" + name).value_or("");
}

bool allowed(std::string_view text, std::string_view path, std::string_view agent = "vellum") {
  return Robots::parse(text, agent).decide(path).allowed;
}

TEST(Robots, EveryCaseOfTheTableHolds) {
  const auto cases = read_robots_cases(data("robots_cases.txt"));
  ASSERT_GT(cases.size(), 25u);
  for (const RobotsCase& one : cases) {
    EXPECT_FALSE(one.asks.empty()) << one.name;
    for (const auto& ask : one.asks) {
      const auto decision = Robots::parse(one.text, ask.agent).decide(ask.path);
      EXPECT_EQ(decision.allowed, ask.allowed) << one.name << ": " << ask.agent << " " << ask.path;
      EXPECT_EQ(decision.line, ask.line) << one.name << ": " << ask.agent << " " << ask.path;
    }
  }
}

TEST(Robots, NamesTheDecidingRuleAsItStands) {
  const auto decision = Robots::parse("user-agent: *\ndisallow:   /pmc/ # all", "vellum").decide("/pmc/1");
  EXPECT_EQ(decision.rule, "Disallow: /pmc/");
  EXPECT_EQ(decision.line, 2);
}

TEST(Robots, CountsLinesByAnyLineEnd) {
  EXPECT_EQ(Robots::parse("User-agent: *\r\n\r\nDisallow: /a", "x").decide("/a").line, 3);
  EXPECT_EQ(Robots::parse("User-agent: *\r\rDisallow: /a\r", "x").decide("/a").line, 3);
  EXPECT_EQ(Robots::parse("User-agent: *\n\nDisallow: /a\n", "x").decide("/a").line, 3);
}

TEST(Robots, SkipsAByteOrderMarkButOnlyAtTheBeginning) {
  EXPECT_FALSE(allowed("\xEF\xBB\xBFUser-agent: *\nDisallow: /\n", "/x"));
  EXPECT_TRUE(
      allowed("User-agent: *\n\xEF\xBB\xBF"
              "Disallow: /\n",
              "/x"));
}

TEST(Robots, ReadsFiveHundredKibibytesAndNoHalfRule) {
  std::string text = "User-agent: *\nDisallow: /within\n";
  text += "#" + std::string((500u << 10) - 12 - text.size(), 'x') + "\n";
  text += "Allow: /beyond-the-limit\nDisallow: /after\n";
  const Robots robots = Robots::parse(text, "vellum");
  EXPECT_FALSE(robots.decide("/within").allowed);
  EXPECT_TRUE(robots.decide("/after").allowed);
  EXPECT_EQ(robots.decide("/beyond").rule, "");
}

TEST(Robots, CrawlDelayIsOfTheGroupThatApplies) {
  const std::string text = "User-agent: *\nCrawl-delay: 30\nDisallow: /x\nUser-agent: vellum\nCrawl-delay: 1.5\n";
  EXPECT_EQ(Robots::parse(text, "vellum").crawl_delay(), std::chrono::milliseconds(1500));
  EXPECT_EQ(Robots::parse(text, "other").crawl_delay(), seconds(30));
  EXPECT_EQ(Robots::parse("User-agent: *\nDisallow: /", "x").crawl_delay(), std::nullopt);
}

TEST(Robots, OfSeveralCrawlDelaysTheLongestHolds) {
  EXPECT_EQ(Robots::parse("User-agent: *\nCrawl-delay: 2\nCrawl-delay: 9\nCrawl-delay: 4", "x").crawl_delay(),
            seconds(9));
}

TEST(Robots, NonsenseCrawlDelaysAreNone) {
  for (const char* value : {"", "soon", "-1", "nan", "inf", "0x10"})
    EXPECT_LE(
        Robots::parse("User-agent: *\nCrawl-delay: " + std::string(value), "x").crawl_delay().value_or(Duration(0)),
        Duration(0))
        << value;
  EXPECT_EQ(Robots::parse("User-agent: *\nCrawl-delay: 99999999999999999999", "x").crawl_delay(),
            std::chrono::hours(24));
}

TEST(Robots, SitemapsAreOfTheWholeFile) {
  const auto robots =
      Robots::parse("Sitemap: https://a/1.xml\nUser-agent: b\nDisallow: /\nsitemap:https://a/2.xml", "x");
  EXPECT_EQ(robots.sitemaps(), (std::vector<std::string>{"https://a/1.xml", "https://a/2.xml"}));
}

TEST(Robots, UnreachableForbidsAllButRobotsTxt) {
  const Robots robots = Robots::disallow_all("robots unreachable: 503");
  EXPECT_FALSE(robots.decide("/x").allowed);
  EXPECT_EQ(robots.decide("/x").rule, "robots unreachable: 503");
  EXPECT_TRUE(robots.decide("/robots.txt").allowed);
  EXPECT_TRUE(Robots::allow_all().decide("/x").allowed);
}

TEST(Robots, AnEmptyPathIsTheRoot) {
  EXPECT_FALSE(allowed("User-agent: *\nDisallow: /", ""));
}

TEST(Robots, AnyBytesAreRead) {
  std::mt19937 random(20260102);
  const std::vector<std::string> words = {
      "User-agent:", "*",        "Allow:",     "Disallow:", "/",        "%2",    "%2F", "%", "$",
      "a",           "\n",       "\r",         " ",         "#",        "\xEF",  ":",   "?", "Crawl-delay:",
      "9",           "\xBB\xBF", "index.html", "\t",        "Sitemap:", "vellum"};
  for (int i = 0; i < 3'000; ++i) {
    std::string text, path;
    for (std::size_t n = random() % 60; n > 0; --n) text += words[random() % words.size()];
    for (std::size_t n = random() % 12; n > 0; --n) path += words[random() % words.size()];
    const Robots robots = Robots::parse(text, "vellum");
    const auto decision = robots.decide(path);
    EXPECT_EQ(decision.line == 0, decision.rule.empty()) << text;
    EXPECT_TRUE(decision.allowed || decision.line > 0) << text;
    policy::classify_robots_answer(200, text, path + text);
  }
}

TEST(Robots, AFileFullOfWildcardsIsDecidedInTime) {
  std::string text = "User-agent: *\n";
  while (text.size() < (500u << 10)) text += "Disallow: /*z\n";
  const Robots robots = Robots::parse(text, "vellum");
  EXPECT_TRUE(robots.decide("/" + std::string(8'000, 'a')).allowed);
}

// The obvious matcher, exponential and without escapes.
bool obviously_matches(std::string_view pattern, std::string_view path) {
  if (pattern.empty()) return true;
  if (pattern == "$") return path.empty();
  if (pattern[0] == '*')
    return obviously_matches(pattern.substr(1), path) || (!path.empty() && obviously_matches(pattern, path.substr(1)));
  return !path.empty() && path[0] == pattern[0] && obviously_matches(pattern.substr(1), path.substr(1));
}

TEST(RobotsPattern, AgreesWithTheObviousMatcher) {
  std::mt19937 random(20260101);
  const auto word = [&](std::string_view letters, std::size_t most) {
    std::string text = "/";
    for (std::size_t n = random() % (most + 1); n > 0; --n) text += letters[random() % letters.size()];
    return text;
  };
  int matched = 0;
  for (int i = 0; i < 50'000; ++i) {
    std::string pattern = word("aab*", 8);
    if (random() % 3 == 0) pattern += '$';
    const std::string path = word("aab", 10);
    const bool expected = obviously_matches(pattern, path);
    ASSERT_EQ(RobotsPattern(pattern).matches(RobotsPath(path)), expected) << pattern << " " << path;
    matched += expected ? 1 : 0;
  }
  EXPECT_GT(matched, 5'000);
}

TEST(RobotsPattern, WildcardsTakeLinearTime) {
  std::string pattern = "/";
  for (int i = 0; i < 20'000; ++i) pattern += "a*";
  const RobotsPath path("/" + std::string(60'000, 'a'));
  EXPECT_FALSE(RobotsPattern(pattern + "b").matches(path));
  EXPECT_TRUE(RobotsPattern(pattern).matches(path));
  const std::string half(30'000, 'a');
  EXPECT_FALSE(RobotsPattern("/*" + half + "b" + half).matches(path));
}

TEST(RobotsAnswer, FollowsTheStatus) {
  using enum RobotsAnswer;
  for (int status : {200, 206}) EXPECT_EQ(policy::classify_robots_answer(status, "text/plain", ""), kRules);
  for (int status : {301, 302, 303, 307, 308}) EXPECT_EQ(policy::classify_robots_answer(status, "", ""), kRedirect);
  for (int status : {400, 401, 403, 404, 410, 451})
    EXPECT_EQ(policy::classify_robots_answer(status, "", ""), kAllowAll);
  for (int status : {0, 100, 304, 429, 500, 503, 599})
    EXPECT_EQ(policy::classify_robots_answer(status, "", "User-agent: *\nAllow: /"), kDisallowAll) << status;
}

TEST(RobotsAnswer, APageIsNeitherRulesNorConsent) {
  const auto answer = [](std::string_view type, std::string_view body) {
    return policy::classify_robots_answer(200, type, body);
  };
  EXPECT_EQ(answer("text/html", "<!DOCTYPE html><html>"), RobotsAnswer::kUnknown);
  EXPECT_EQ(answer("text/plain", "\xEF\xBB\xBF \n<html>"), RobotsAnswer::kUnknown);
  EXPECT_EQ(answer("text/html; charset=utf-8", "Access denied <a href=x>help</a>"), RobotsAnswer::kUnknown);
  EXPECT_EQ(answer("Text/HTML", "User-agent: *\nDisallow: /<x>"), RobotsAnswer::kRules);
  EXPECT_EQ(answer("text/html", "# no tags here"), RobotsAnswer::kRules);
  EXPECT_EQ(answer("text/html", ""), RobotsAnswer::kRules);
}

TEST(RobotsAnswer, Utf16IsNotReadAsNoRules) {
  const std::string_view little("\xFF\xFEU\0s\0e\0r\0", 10), unmarked("U\0s\0e\0r\0", 8);
  EXPECT_EQ(policy::classify_robots_answer(200, "text/plain", little), RobotsAnswer::kUnknown);
  EXPECT_EQ(policy::classify_robots_answer(200, "text/plain", unmarked), RobotsAnswer::kUnknown);
  EXPECT_EQ(policy::classify_robots_answer(200, "text/plain", "\xFE\xFF"), RobotsAnswer::kUnknown);
}

TEST(ProductToken, IsTheNameBeforeTheVersion) {
  EXPECT_EQ(policy::product_token("Vellum/1.0 (+https://example.org/)"), "Vellum");
  EXPECT_EQ(policy::product_token("Vellum"), "Vellum");
  EXPECT_EQ(policy::product_token("Vellum (+https://example.org/)"), "Vellum");
  EXPECT_EQ(policy::product_token("Mozilla/5.0 (compatible; ExampleBot/0.1; https://www.example.com/bot.html)"),
            "ExampleBot");
  EXPECT_EQ(policy::product_token("Mozilla/5.0 (compatible; ExampleBot)"), "ExampleBot");
  EXPECT_EQ(policy::product_token("Foo Bar/1.0"), "");
  EXPECT_EQ(policy::product_token(""), "");
  EXPECT_EQ(policy::product_token("(x)"), "");
}

}  // namespace
}  // namespace vellum::test
