#include "crawler/policy/schedule.h"

#include <gtest/gtest.h>

#include <map>

namespace vellum::test {
namespace {

using policy::Schedule;
using std::chrono::hours;
using std::chrono::minutes;

Timestamp at(const char* text) {
  return *parse_timestamp(text);
}
Schedule cron(const std::string& line) {
  auto schedule = Schedule::parse("", line);
  EXPECT_TRUE(schedule) << (schedule ? "" : schedule.error().message);
  return schedule ? *schedule : Schedule();
}

// A daemon under a ManualClock: what it starts, and how long each run takes. `asleep` are spans without it.
struct Year {
  Schedule schedule;
  Duration run_takes{};
  std::vector<std::pair<Timestamp, Timestamp>> asleep;
  std::vector<Timestamp> starts;

  void live(Timestamp from, Timestamp to) {
    ManualClock clock(from);
    std::optional<Timestamp> last;
    while (clock.now() < to) {
      const Timestamp due = std::max(schedule.due(last, from), clock.now());
      clock.set(awake(due));
      if (clock.now() >= to) break;
      last = clock.now();
      starts.push_back(*last);
      clock.advance(std::max<Duration>(run_takes, minutes(1)));
    }
  }
  Timestamp awake(Timestamp t) const {
    for (const auto& [begin, end] : asleep) {
      if (t >= begin && t < end) return end;
    }
    return t;
  }
};

TEST(Schedule, IntervalsCountFromStartToStart) {
  const auto schedule = Schedule::parse("7d", "");
  ASSERT_TRUE(schedule);
  EXPECT_EQ(schedule->due(std::nullopt, at("2026-01-01")), at("2026-01-01"));
  EXPECT_EQ(schedule->due(at("2026-01-01T05:00:00Z"), at("2025-01-01")), at("2026-01-08T05:00:00Z"));
}

TEST(Schedule, WithoutOneNothingIsDue) {
  EXPECT_FALSE(Schedule::parse("", "")->is_set());
}

TEST(Schedule, ByTheClocksOfAZone) {
  const Schedule saturdays = cron("CRON_TZ=America/New_York 15 3 * * 6");
  EXPECT_EQ(saturdays.due(std::nullopt, at("2026-01-01")), at("2026-01-03T08:15:00Z"));
  EXPECT_EQ(saturdays.due(std::nullopt, at("2026-07-01")), at("2026-07-04T07:15:00Z"));
  EXPECT_EQ(cron("15 3 * * 6").due(std::nullopt, at("2026-07-01")), at("2026-07-04T03:15:00Z"));
}

TEST(Schedule, ATimeThatClocksSkipComesAnHourLater) {
  // Berlin, 2026-03-29: 02:00 is followed by 03:00.
  const Schedule nightly = cron("CRON_TZ=Europe/Berlin 30 2 * * *");
  EXPECT_EQ(nightly.due(at("2026-03-28T12:00:00Z"), {}), at("2026-03-29T01:00:00Z"));
  EXPECT_EQ(nightly.due(at("2026-03-29T01:00:00Z"), {}), at("2026-03-30T00:30:00Z"));
}

TEST(Schedule, AnHourThatClocksRepeatCountsOnce) {
  // Berlin, 2026-10-25: from 00:00 UTC and from 01:00 UTC it is 02:00 twice.
  const Schedule nightly = cron("CRON_TZ=Europe/Berlin 30 2 * * *");
  EXPECT_EQ(nightly.due(at("2026-10-24T12:00:00Z"), {}), at("2026-10-25T00:30:00Z"));
  EXPECT_EQ(nightly.due(at("2026-10-25T00:30:00Z"), {}), at("2026-10-26T01:30:00Z"));
}

TEST(Schedule, AYearOfNightsHasEachNightOnceInEveryZone) {
  for (const char* zone : {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"}) {
    Year year{cron("CRON_TZ=" + std::string(zone) + " 30 2 * * *"), hours(1), {}, {}};
    year.live(at("2026-01-01"), at("2027-01-01"));
    const auto tz = *TimeZone::find(zone);
    std::map<std::chrono::local_days, int> nights;
    for (const Timestamp start : year.starts) ++nights[std::chrono::floor<std::chrono::days>(tz.local(start))];
    EXPECT_GE(year.starts.size(), 364u) << zone;
    EXPECT_LE(year.starts.size(), 366u) << zone;
    for (const auto& [night, runs] : nights) EXPECT_EQ(runs, 1) << zone << " " << night.time_since_epoch().count();
    EXPECT_EQ(nights.size(), year.starts.size()) << zone;
  }
}

TEST(Schedule, MissedRunsAreMadeUpForByOne) {
  Year year{cron("0 3 * * *"), hours(1), {{at("2026-02-01"), at("2026-02-08T15:00:00Z")}}, {}};
  year.live(at("2026-01-30"), at("2026-02-11"));
  const std::vector<Timestamp> expected = {at("2026-01-30T03:00:00Z"), at("2026-01-31T03:00:00Z"),
                                           at("2026-02-08T15:00:00Z"), at("2026-02-09T03:00:00Z"),
                                           at("2026-02-10T03:00:00Z")};
  EXPECT_EQ(year.starts, expected);
}

TEST(Schedule, ARunThatTakesLongerIsFollowedAtOnceAndNeverOverlapped) {
  Year year{*Schedule::parse("6h", ""), hours(8), {}, {}};
  year.live(at("2026-01-01"), at("2026-01-03"));
  ASSERT_EQ(year.starts.size(), 6u);
  for (std::size_t i = 1; i < year.starts.size(); ++i) EXPECT_EQ(year.starts[i] - year.starts[i - 1], hours(8));
}

TEST(Schedule, NamesWhatIsWrong) {
  EXPECT_FALSE(Schedule::parse("", "CRON_TZ=Nowhere/Else 0 3 * * *"));
  EXPECT_FALSE(Schedule::parse("", "CRON_TZ=UTC"));
  EXPECT_FALSE(Schedule::parse("soon", ""));
}

}  // namespace
}  // namespace vellum::test
