#include "crawler/policy/cron.h"

#include <gtest/gtest.h>

namespace vellum::test {
namespace {

std::string next(std::string_view line, std::string_view after) {
  const auto cron = policy::Cron::parse(line);
  return cron ? to_rfc3339(cron->next_after(*parse_timestamp(after))).substr(0, 16) : cron.error().message;
}

TEST(Cron, FindsTheNextMinute) {
  EXPECT_EQ(next("15 3 * * 6", "2026-11-23T12:00:00Z"), "2026-11-28T03:15");
  EXPECT_EQ(next("15 3 * * 6", "2026-11-28T03:14:59Z"), "2026-11-28T03:15");
  EXPECT_EQ(next("15 3 * * 6", "2026-11-28T03:15:00Z"), "2026-12-05T03:15");
  EXPECT_EQ(next("* * * * *", "2026-12-31T23:59:30Z"), "2027-01-01T00:00");
}

TEST(Cron, TakesRangesStepsListsAndNames) {
  EXPECT_EQ(next("*/20 * * * *", "2026-01-01T00:21:00Z"), "2026-01-01T00:40");
  EXPECT_EQ(next("10-50/20 * * * *", "2026-01-01T00:31:00Z"), "2026-01-01T00:50");
  EXPECT_EQ(next("50/5 * * * *", "2026-01-01T00:51:00Z"), "2026-01-01T00:55");
  EXPECT_EQ(next("0 6,18 * * *", "2026-01-01T07:00:00Z"), "2026-01-01T18:00");
  EXPECT_EQ(next("0 0 1 MAR,jun *", "2026-04-01T00:00:00Z"), "2026-06-01T00:00");
  EXPECT_EQ(next("0 0 * * mon-wed", "2026-11-26T00:00:00Z"), "2026-11-30T00:00");
}

TEST(Cron, ZeroAndSevenAreSunday) {
  EXPECT_EQ(next("0 0 * * 0", "2026-11-23T00:00:00Z"), "2026-11-29T00:00");
  EXPECT_EQ(next("0 0 * * 7", "2026-11-23T00:00:00Z"), "2026-11-29T00:00");
  EXPECT_EQ(next("0 0 * * 5-7", "2026-11-23T00:00:00Z"), "2026-11-27T00:00");
}

TEST(Cron, OfTwoDayFieldsEitherMayMatch) {
  EXPECT_EQ(next("0 0 13 * 5", "2026-11-23T00:00:00Z"), "2026-11-27T00:00");  // a Friday
  EXPECT_EQ(next("0 0 13 * 5", "2026-12-11T00:00:00Z"), "2026-12-13T00:00");  // a 13th
  EXPECT_EQ(next("0 0 13 * *", "2026-11-23T00:00:00Z"), "2026-12-13T00:00");
}

TEST(Cron, WaitsForLeapDaysAcrossACentury) {
  EXPECT_EQ(next("0 0 29 2 *", "2096-03-01T00:00:00Z"), "2104-02-29T00:00");
}

TEST(Cron, RefusesWhatIsNoTime) {
  for (const char* line : {"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *",
                           "* * * 13 *", "* * * * 8", "5-1 * * * *", "*/0 * * * *", "a * * * *", "1,,2 * * * *",
                           "-1 * * * *", "1- * * * *", "* * * foo *", "0 0 30 2 *", "0 0 31 4,6,9,11 *", "@daily"})
    EXPECT_FALSE(policy::Cron::parse(line)) << line;
}

}  // namespace
}  // namespace vellum::test
