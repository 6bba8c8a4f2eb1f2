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

const char* const kOverlays = R"([[site]]
prefix = "https://a.test/journal/"
scope = "in"
traps = false
files = ["pdf"]
noarchive = "open"
noarchive_reason = "licence of 2026"
[[site]]
prefix = "https://a.test/journal/old/"
scope = "out"
follow_dois = true
[[site]]
hosts = ["a.test"]
requisites = false
traps = true
per_host_pages = 7
noarchive = "drop"
[files]
kinds = ["figure"]
[budget]
per_host_pages = 100
per_host_bytes = "1MiB"
)";

TEST(Sites, TheLongestPrefixThatSetsAKeyDecidesIt) {
  const Sites sites(config(kOverlays));
  const Url old = url("https://a.test/journal/old/1"), fresh = url("https://a.test/journal/1"),
            other = url("https://a.test/about"), elsewhere = url("https://b.test/journal/1");
  EXPECT_FALSE(*sites.scope_rule(old)->in_scope);
  EXPECT_TRUE(*sites.scope_rule(fresh)->in_scope);
  EXPECT_EQ(sites.scope_rule(other), nullptr);
  EXPECT_FALSE(sites.minds_traps(old)) << "the shorter prefix sets what the longer one leaves open";
  EXPECT_TRUE(sites.minds_traps(other));
  EXPECT_TRUE(sites.follows_dois(old));
  EXPECT_FALSE(sites.follows_dois(fresh));
  EXPECT_EQ(sites.file_kinds(fresh), std::vector<std::string>{"pdf"});
  EXPECT_EQ(sites.file_kinds(other), std::vector<std::string>{"figure"});
  EXPECT_FALSE(sites.wants_requisites(fresh)) << "the table of the host stands behind the prefixes";
  EXPECT_TRUE(sites.wants_requisites(elsewhere));
}

TEST(Sites, SayWhatBecomesOfNoarchiveAndWhy) {
  const Sites sites(config(kOverlays));
  const auto open = sites.archiving_of(url("https://a.test/journal/1"));
  EXPECT_EQ(open.policy, policy::Noarchive::kOpen);
  EXPECT_EQ(open.reason, "licence of 2026");
  EXPECT_EQ(open.rule, "site line 4: https://a.test/journal/");
  EXPECT_EQ(sites.archiving_of(url("https://a.test/")).policy, policy::Noarchive::kDrop);
  EXPECT_EQ(sites.archiving_of(url("https://b.test/")).policy, policy::Noarchive::kRestrict);
}

TEST(Sites, GiveAHostABudgetOfItsOwn) {
  const Sites sites(config(kOverlays));
  EXPECT_EQ(sites.budget_of("a.test").pages, 7u);
  EXPECT_EQ(sites.budget_of("a.test").bytes, 1u << 20);
  EXPECT_EQ(sites.budget_of("b.test").pages, 100u);
}

TEST(Sites, OverlaysAreKeptWithTheRun) {
  const auto first = config(kOverlays);
  const auto again = policy::parse_config(first.text, "again");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->text, first.text);
  EXPECT_NE(first.identity(), config("").identity()) << "what is in scope makes another crawl";
}

}  // namespace
}  // namespace vellum::test
