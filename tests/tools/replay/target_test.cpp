#include "tools/replay/target.h"

#include <gtest/gtest.h>

namespace vellum::replay {
namespace {

Timestamp time(const char* text) {
  return *parse_timestamp(text);
}

TEST(ArchivedTarget, DigitsMeanTheLatestInstantTheyAllow) {
  const auto day = parse_archived_target("20200131/https://a.test/");
  ASSERT_TRUE(day);
  EXPECT_EQ(day->at, time("2020-01-31T23:59:59.999999Z"));
  EXPECT_EQ(parse_archived_target("2020/https://a.test/")->at, time("2020-12-31T23:59:59.999999Z"));
}

TEST(ArchivedTarget, WithoutATimeTheNewestIsMeant) {
  const auto newest = parse_archived_target("https://a.test/b?c=d");
  ASSERT_TRUE(newest);
  EXPECT_FALSE(newest->at);
  EXPECT_EQ(newest->url.href(), "https://a.test/b?c=d");
}

TEST(ArchivedTarget, KnowsListsAndRawBytes) {
  EXPECT_TRUE(parse_archived_target("*/https://a.test/")->is_list);
  EXPECT_TRUE(parse_archived_target("20200131id_/https://a.test/")->is_raw);
  EXPECT_FALSE(parse_archived_target("20200131im_/https://a.test/")->is_raw);
}

TEST(ArchivedTarget, MendsWhatBrowsersAndPeopleDoToAddresses) {
  for (const char* rest : {"2020/https:/a.test/x", "2020/a.test/x", "2020/https%3A%2F%2Fa.test%2Fx", "a.test/x",
                           "2020/https://A.TEST/x#frag"}) {
    const auto target = parse_archived_target(rest);
    ASSERT_TRUE(target) << rest;
    EXPECT_EQ(target->url.href(), "https://a.test/x") << rest;
  }
}

TEST(ArchivedTarget, RefusesWhatIsNoAddressOrNoTime) {
  for (const char* rest : {"", "2020/", "*/", "20201331/https://a.test/", "2020/http://[", "2020/ftp://a.test/",
                           "2020/file:///etc/passwd"}) {
    const auto target = parse_archived_target(rest);
    ASSERT_FALSE(target) << rest;
    EXPECT_EQ(target.error().kind, ErrorKind::kInvalid) << rest;
  }
}

TEST(ArchivedTarget, DotSegmentsNeverLeaveTheHost) {
  EXPECT_EQ(parse_archived_target("2020/https://a.test/../../etc/passwd")->url.href(), "https://a.test/etc/passwd");
}

TEST(WorkPath, EncodesWhatWouldEndThePath) {
  EXPECT_EQ(work_path("doi:10.1016/0014-4827(61)90192-6"), "/article/doi:10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(work_path("doi:10.1002/(sici)1097<1::aid#x?>3.0.co;2-w%"),
            "/article/doi:10.1002/(sici)1097%3C1::aid%23x%3F%3E3.0.co;2-w%25");
}

}  // namespace
}  // namespace vellum::replay
