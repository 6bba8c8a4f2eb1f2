#include "base/url_key.h"

#include <gtest/gtest.h>

#include "tests/base/data_file.h"

namespace vellum {
namespace {

Url url(std::string_view text) {
  auto parsed = Url::parse(text);
  EXPECT_TRUE(parsed) << text;
  return *std::move(parsed);
}

TEST(UrlKey, EveryRowOfKeyCasesHolds) {
  const auto rows = test::tsv_rows(test::own_data("key_cases.tsv"));
  ASSERT_GT(rows.size(), 30u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3u) << row[0];
    if (row[1] != "=") {
      EXPECT_EQ(surt(url(row[0])), row[1]) << row[0];
    }
    EXPECT_EQ(seen_key(url(row[0])), row[2] == "=" ? row[0] : row[2]) << row[0];
  }
}

TEST(Surt, DropsTheWwwPrefix) {
  EXPECT_EQ(surt(url("https://www.example.org:8080/a?b=2&a=1#f")), "org,example:8080)/a?a=1&b=2");
  EXPECT_EQ(surt(url("http://www12.example.org/")), surt(url("https://example.org")));
}

TEST(Surt, TakesLinearTimeOnLongEscapes) {
  std::string text = "http://h/%";
  for (int i = 0; i < 100'000; ++i) text += "25";
  EXPECT_EQ(surt(url(text + "41")), "h)/a");
  std::string sessions = "http://h/";
  for (int i = 0; i < 20'000; ++i) sessions += "(4hqa0555fwsecu455xqckv45)/";
  EXPECT_FALSE(surt(url(sessions + "x.aspx")).empty());
  std::string arguments = "http://h/?a=1";
  for (int i = 0; i < 20'000; ++i) arguments += "&sid=1";
  EXPECT_FALSE(surt(url(arguments)).empty());
}

TEST(RegistrableDomain, FollowsThePublicSuffixList) {
  EXPECT_EQ(registrable_domain("pubmed.ncbi.nlm.nih.gov"), "nih.gov");
  EXPECT_EQ(registrable_domain("NIH.gov."), "nih.gov");
  EXPECT_EQ(registrable_domain("www.example.co.uk"), "example.co.uk");
  EXPECT_EQ(registrable_domain("a.b.xn--bcher-kva.de"), "xn--bcher-kva.de");
}

TEST(RegistrableDomain, LeavesAddressesAndBareSuffixes) {
  for (const char* host : {"127.0.0.1", "[::1]", "localhost", "co.uk", "gov", ""})
    EXPECT_EQ(registrable_domain(host), host);
}

TEST(HostGlob, StarsMatchAnyRunAndTheBareDomain) {
  EXPECT_TRUE(host_glob_matches("*.ncbi.nlm.nih.gov", "pubmed.ncbi.nlm.nih.gov"));
  EXPECT_TRUE(host_glob_matches("*.ncbi.nlm.nih.gov", "a.b.NCBI.nlm.nih.gov"));
  EXPECT_TRUE(host_glob_matches("*.ncbi.nlm.nih.gov", "ncbi.nlm.nih.gov"));
  EXPECT_FALSE(host_glob_matches("*.ncbi.nlm.nih.gov", "evilncbi.nlm.nih.gov"));
  EXPECT_TRUE(host_glob_matches("www*.example.org", "www2.example.org"));
  EXPECT_TRUE(host_glob_matches("*", "anything.example"));
  EXPECT_TRUE(host_glob_matches("example.org", "EXAMPLE.org"));
  EXPECT_FALSE(host_glob_matches("example.org", "www.example.org"));
  EXPECT_FALSE(host_glob_matches("", "example.org"));
  EXPECT_FALSE(host_glob_matches("ex?mple.org", "example.org"));
}

}  // namespace
}  // namespace vellum
