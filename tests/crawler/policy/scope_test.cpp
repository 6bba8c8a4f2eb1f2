#include "crawler/policy/scope.h"

#include <gtest/gtest.h>

namespace vellum::test {
namespace {

using policy::Scope;
using policy::ScopeConfig;
using policy::ScopeDecision;
using storage::Role;

Scope make(const ScopeConfig& config, const std::vector<std::string>& seeds = {"https://example.org/"}) {
  auto scope = Scope::make(config, seeds);
  EXPECT_TRUE(scope) << scope.error().message;
  return *scope;
}

ScopeDecision decide(const Scope& scope, std::string_view url, int depth = 1, Role role = Role::kPage) {
  return scope.decide(*Url::parse(url), role, depth);
}

// "in <rule>" or "out <rule>".
std::string verdict(const ScopeDecision& decision) {
  return (decision.in ? "in " : "out ") + decision.rule;
}

TEST(Scope, WithoutHostsTheSeedsHostsAreIn) {
  const Scope scope = make({}, {"https://a.example/x", "http://b.example:8080/"});
  EXPECT_EQ(verdict(decide(scope, "http://a.example/")), "in hosts: a.example");
  EXPECT_EQ(verdict(decide(scope, "https://b.example/")), "in hosts: b.example");
  EXPECT_EQ(verdict(decide(scope, "https://www.a.example/")), "out hosts: none matches");
}

TEST(Scope, HostsAreGlobs) {
  ScopeConfig config;
  config.hosts = {"*.ncbi.nlm.nih.gov"};
  EXPECT_EQ(verdict(decide(make(config), "https://pubmed.ncbi.nlm.nih.gov/1/")), "in hosts: *.ncbi.nlm.nih.gov");
  EXPECT_FALSE(decide(make(config), "https://ncbi.nlm.nih.gov.evil.example/").in);
}

TEST(Scope, TheFirstRuleThatMatchesDecides) {
  ScopeConfig config;
  config.rules = {{true, "/keep/", 3}, {false, "/keep|/drop", 4}, {true, "drop", 5}};
  const Scope scope = make(config);
  EXPECT_EQ(verdict(decide(scope, "https://example.org/keep/drop")), "in include line 3: /keep/");
  EXPECT_EQ(verdict(decide(scope, "https://example.org/drop")), "out exclude line 4: /keep|/drop");
  EXPECT_EQ(verdict(decide(scope, "https://example.org/else")), "in hosts: example.org");
}

TEST(Scope, RulesAreSearchedInTheWholeUrl) {
  ScopeConfig config;
  config.rules = {{false, "^http:", 1}, {false, "[?]page=\\d+$", 0}};
  EXPECT_EQ(verdict(decide(make(config), "http://example.org/")), "out exclude line 1: ^http:");
  EXPECT_EQ(verdict(decide(make(config), "https://example.org/?page=12")), "out exclude (--scope): [?]page=\\d+$");
}

TEST(Scope, WhereIncludesAreListedTheRestIsOut) {
  ScopeConfig config;
  config.rules = {{true, "/pmc/", 7}, {false, "", 7}};
  EXPECT_EQ(verdict(decide(make(config), "https://example.org/pmc/1")), "in include line 7: /pmc/");
  EXPECT_EQ(verdict(decide(make(config), "https://example.org/")), "out include: none matches");
}

TEST(Scope, DepthComesBeforeHosts) {
  ScopeConfig config;
  config.max_depth = 2;
  EXPECT_TRUE(decide(make(config), "https://example.org/", 2).in);
  EXPECT_EQ(verdict(decide(make(config), "https://other.example/", 3)), "out max_depth 2");
}

TEST(Scope, RequisitesMayLieAnywhereButMustBeHttp) {
  ScopeConfig config;
  config.max_depth = 0;
  config.rules = {{false, ".", 1}};
  EXPECT_EQ(verdict(decide(make(config), "https://cdn.example/a.css", 9, Role::kRequisite)), "in requisite of a page");
  EXPECT_EQ(verdict(decide(make(config), "ftp://cdn.example/a.css", 0, Role::kRequisite)), "out scheme ftp");
}

TEST(Scope, FragmentsAndFilesAreJudgedAsPages) {
  for (Role role : {Role::kFragment, Role::kFile}) EXPECT_FALSE(decide(make({}), "https://other.example/", 1, role).in);
}

TEST(Scope, ABadPatternIsNamedWithItsLine) {
  ScopeConfig config;
  config.rules = {{false, "a(", 12}};
  const auto scope = Scope::make(config, {});
  ASSERT_FALSE(scope);
  EXPECT_EQ(scope.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(scope.error().message.substr(0, 8), "line 12:");
}

TEST(Scope, ATrapIsOneOnlyWhereTrapsAreMinded) {
  ScopeConfig config;
  EXPECT_EQ(verdict(decide(make(config), "https://example.org/a/b/a/b/a/b")), "out trap: /a/b repeats");
  config.traps = false;
  EXPECT_EQ(verdict(decide(make(config), "https://example.org/a/b/a/b/a/b")), "in hosts: example.org");
}

TEST(Scope, ASiteThatSaysInOrOutGoesBeforeHostsAndRules) {
  policy::CrawlConfig config;
  config.sites.resize(2);
  config.sites[0].prefix = "https://elsewhere.test/journal/";
  config.sites[0].in_scope = true;
  config.sites[0].line = 9;
  config.sites[1].prefix = "https://example.org/old/";
  config.sites[1].in_scope = false;
  config.sites[1].line = 12;
  const auto scope = Scope::make({}, {"https://example.org/"}, std::nullopt, policy::Sites(config));
  ASSERT_TRUE(scope);
  EXPECT_EQ(verdict(decide(*scope, "https://elsewhere.test/journal/1")),
            "in site line 9: https://elsewhere.test/journal/");
  EXPECT_EQ(verdict(decide(*scope, "https://example.org/old/1")), "out site line 12: https://example.org/old/");
  EXPECT_EQ(verdict(decide(*scope, "https://example.org/new/1")), "in hosts: example.org");
  EXPECT_EQ(verdict(decide(*scope, "https://elsewhere.test/")), "out hosts: none matches");
}

}  // namespace
}  // namespace vellum::test
