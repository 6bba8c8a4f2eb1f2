#include "crawler/policy/sites.h"

#include <gtest/gtest.h>

namespace vellum::test {
namespace {

using policy::Sites;

policy::CrawlConfig config(const std::string& tables) {
  auto read = policy::parse_config("seeds = [\"https://a.test/\"]\n[politeness]\ndelay = \"2s\"\n" + tables, "test");
  EXPECT_TRUE(read) << (read ? "" : read.error().message);
  return read ? *read : policy::CrawlConfig{};
}
Url url(const std::string& text) {
  return *Url::parse(text);
}

const char* const kNcbi = R"([[site]]
hosts = ["*.ncbi.nlm.nih.gov"]
group = "ncbi"
delay = "334ms"
concurrency = 3
hours = ["sat,sun", "21:00-05:00"]
timezone = "America/New_York"
[[site]]
hosts = ["*.nih.gov"]
group = "each host"
delay = "5s"
)";

TEST(Sites, WithoutRulesGroupsAreRegistrableDomains) {
  const Sites sites(config(""));
  EXPECT_EQ(sites.group_of(url("https://pubmed.ncbi.nlm.nih.gov/1/")), "nih.gov");
  EXPECT_EQ(sites.manners("nih.gov").delay, std::chrono::seconds(2));
  EXPECT_EQ(sites.manners("nih.gov").rule, "politeness");
}

TEST(Sites, JoinHostsInAGroupOfARule) {
  const Sites sites(config(kNcbi));
  for (const char* host : {"pubmed.ncbi", "www.ncbi", "eutils.ncbi", "ncbi"})
    EXPECT_EQ(sites.group_of(url("https://" + std::string(host) + ".nlm.nih.gov/")), "ncbi");
  EXPECT_EQ(sites.manners("ncbi").delay, std::chrono::milliseconds(334));
  EXPECT_EQ(sites.manners("ncbi").concurrency, 3);
  EXPECT_FALSE(sites.manners("ncbi").hours.is_open(*parse_timestamp("2026-11-23T17:00:00Z")));
  EXPECT_EQ(sites.manners("ncbi").rule, "site line 4: ncbi");
}

TEST(Sites, SplitADomainIntoAGroupAHost) {
  const Sites sites(config(kNcbi));
  EXPECT_EQ(sites.group_of(url("https://www.nih.gov/")), "www.nih.gov");
  EXPECT_EQ(sites.group_of(url("https://nigms.nih.gov/")), "nigms.nih.gov");
  EXPECT_EQ(sites.manners("nigms.nih.gov").delay, std::chrono::seconds(5));
  EXPECT_EQ(sites.manners("elsewhere.org").delay, std::chrono::seconds(2));
}

TEST(Sites, DropTheArgumentsThatARuleNames) {
  const Sites sites(config("[[site]]\nhosts = [\"a.test\"]\ndrop_parameters = [\"utm_*\", \"sid\"]\n"));
  EXPECT_EQ(sites.canonical(url("https://a.test/x?utm_source=y&id=1&sid=7")).href(), "https://a.test/x?id=1");
  EXPECT_EQ(sites.canonical(url("https://a.test/x?sid=7")).href(), "https://a.test/x");
  EXPECT_EQ(sites.canonical(url("https://b.test/x?sid=7")).href(), "https://b.test/x?sid=7");
}

TEST(Sites, GiveCookiesOnlyWhereARuleAsks) {
  const Sites sites(config("[[site]]\nhosts = [\"a.test\"]\ncookies = true\n"));
  EXPECT_TRUE(sites.wants_cookies(url("https://a.test/")));
  EXPECT_FALSE(sites.wants_cookies(url("https://b.test/")));
}

TEST(Sites, AreKeptWithTheRunAndTellRunsApart) {
  const policy::CrawlConfig with = config(kNcbi);
  const auto again = policy::parse_config(with.text, "run");
  ASSERT_TRUE(again) << again.error().message << with.text;
  EXPECT_EQ(again->identity(), with.identity());
  EXPECT_EQ(Sites(*again).manners("ncbi").delay, std::chrono::milliseconds(334));
  EXPECT_NE(config("").identity(), with.identity());
}

}  // namespace
}  // namespace vellum::test
