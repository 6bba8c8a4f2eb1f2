#include "crawler/policy/calendar.h"

#include <gtest/gtest.h>

namespace vellum::test {
namespace {

using policy::Calendar;

Timestamp at(const char* text) {
  return *parse_timestamp(text);
}
Calendar hours(const std::vector<std::string>& windows, const char* zone = "UTC") {
  auto calendar = Calendar::parse(windows, zone);
  EXPECT_TRUE(calendar) << (calendar ? "" : calendar.error().message);
  return calendar ? *calendar : Calendar();
}

TEST(Calendar, WithoutWindowsIsAlwaysOpen) {
  EXPECT_TRUE(Calendar().is_open(at("2026-11-23T12:00:00Z")));
  EXPECT_EQ(hours({}).next_open(at("2026-11-23T12:00:00Z")), at("2026-11-23T12:00:00Z"));
}

// NCBI's rule for big jobs: weekends, or between 21:00 and 05:00 US Eastern time on weekdays.
TEST(Calendar, KnowsNcbisHoursInSummerAndWinter) {
  const Calendar ncbi = hours({"sat,sun", "21:00-05:00"}, "America/New_York");
  EXPECT_TRUE(ncbi.is_open(at("2026-11-21T17:00:00Z")));   // a Saturday
  EXPECT_FALSE(ncbi.is_open(at("2026-11-23T17:00:00Z")));  // Monday noon
  EXPECT_TRUE(ncbi.is_open(at("2026-11-23T09:59:59Z")));   // 04:59 Eastern
  EXPECT_FALSE(ncbi.is_open(at("2026-11-23T10:00:00Z")));
  EXPECT_EQ(ncbi.next_open(at("2026-11-23T17:00:00Z")), at("2026-11-24T02:00:00Z"));  // 21:00 EST
  EXPECT_EQ(ncbi.next_open(at("2026-07-20T17:00:00Z")), at("2026-07-21T01:00:00Z"));  // 21:00 EDT
  EXPECT_TRUE(ncbi.is_open(at("2026-11-23T04:30:00Z")));                              // Sunday 23:30 Eastern
}

TEST(Calendar, CountsASpanOverMidnightToTheDayOnWhichItBegins) {
  const Calendar nights = hours({"fri 22:00-06:00"});
  EXPECT_TRUE(nights.is_open(at("2026-11-27T23:00:00Z")));  // Friday
  EXPECT_TRUE(nights.is_open(at("2026-11-28T05:59:00Z")));  // into Saturday
  EXPECT_FALSE(nights.is_open(at("2026-11-28T06:00:00Z")));
  EXPECT_FALSE(nights.is_open(at("2026-11-28T23:00:00Z")));
  EXPECT_EQ(nights.next_open(at("2026-11-28T06:00:30Z")), at("2026-12-04T22:00:00Z"));
}

TEST(Calendar, OpensAfterTheHourThatClocksSkip) {
  const Calendar early = hours({"02:00-02:30", "02:45-04:00"}, "Europe/Berlin");
  // 2026-03-29: 02:00 is followed by 03:00, at 01:00 UTC.
  EXPECT_EQ(early.next_open(at("2026-03-29T00:30:00Z")), at("2026-03-29T01:00:00Z"));
  // 2026-10-25: the hour from 02:00 passes twice, from 00:00 UTC and from 01:00 UTC.
  EXPECT_TRUE(early.is_open(at("2026-10-25T00:10:00Z")));
  EXPECT_TRUE(early.is_open(at("2026-10-25T01:10:00Z")));
  EXPECT_FALSE(early.is_open(at("2026-10-25T00:35:00Z")));
}

TEST(Calendar, ReadsDaysAndSpansAndWholeDays) {
  EXPECT_TRUE(hours({"Saturday"}).is_open(at("2026-11-28T00:00:00Z")));
  EXPECT_TRUE(hours({"fri-mon"}).is_open(at("2026-11-30T12:00:00Z")));
  EXPECT_FALSE(hours({"fri-mon"}).is_open(at("2026-12-01T12:00:00Z")));
  EXPECT_TRUE(hours({"00:00-24:00"}).is_open(at("2026-12-01T23:59:59Z")));
  EXPECT_TRUE(hours({"8:00-8:00"}).is_open(at("2026-12-01T07:00:00Z")));
}

TEST(Calendar, NamesWhatIsWrong) {
  for (const char* text : {"", "noon", "25:00-26:00", "21:00", "21-05", "sat 21:00", "24:00-05:00", "21:00-05:60",
                           "sat,,sun", "21:00 - 05:00", "mon-fri weekends"}) {
    const auto calendar = Calendar::parse({text}, "UTC");
    ASSERT_FALSE(calendar) << text;
    EXPECT_NE(calendar.error().message.find("write days, a span or both"), std::string::npos);
  }
  EXPECT_EQ(Calendar::parse({"sat"}, "US/Estern").error().message,
            "no time zone is called `US/Estern`; write one such as \"America/New_York\" or \"UTC\"");
}

}  // namespace
}  // namespace vellum::test
