#include "base/clock.h"

#include <gtest/gtest.h>

#include "tests/base/data_file.h"

namespace vellum {
namespace {

std::string read(std::string_view text) {
  const auto time = parse_timestamp(text);
  return time ? to_rfc3339(*time) : "-";
}
std::string read_end(std::string_view text) {
  const auto time = parse_timestamp_end(text);
  return time ? to_rfc3339(*time) : "-";
}

TEST(Timestamp, EveryRowOfTimeCasesHolds) {
  const auto rows = test::tsv_rows(test::own_data("time_cases.tsv"));
  ASSERT_GT(rows.size(), 30u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3u) << row[0];
    EXPECT_EQ(read(row[0]), row[1]) << row[0];
    EXPECT_EQ(read_end(row[0]), row[2]) << row[0];
  }
}

TEST(Timestamp, ComesBackFromItsOwnText) {
  for (std::int64_t micros :
       {0LL, 1LL, -1LL, 951'782'400'000'000LL, 1'795'445'222'000'123LL, -2'208'988'800'000'000LL}) {
    const Timestamp time{Duration(micros)};
    EXPECT_EQ(*parse_timestamp(to_rfc3339(time)), time);
    EXPECT_EQ(*parse_timestamp(to_digits14(time)), std::chrono::floor<std::chrono::seconds>(time));
    EXPECT_EQ(*parse_http_date(to_http_date(time)), std::chrono::floor<std::chrono::seconds>(time));
  }
}

TEST(Timestamp, IsWrittenWithSixDigitsAndZ) {
  const Timestamp time = *parse_timestamp("2026-11-23T14:47:02.000123Z");
  EXPECT_EQ(to_rfc3339(time), "2026-11-23T14:47:02.000123Z");
  EXPECT_EQ(to_digits14(time), "20261123144702");
  EXPECT_EQ(to_http_date(time), "Mon, 23 Nov 2026 14:47:02 GMT");
}

TEST(HttpDate, ReadsAllThreeForms) {
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
        " Sun, 6 Nov 1994 08:49:37 UTC ", "Sun, 06-Nov-1994 08:49:37 GMT"}) {
    const auto time = parse_http_date(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_rfc3339(*time), "1994-11-06T08:49:37.000000Z") << text;
  }
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const char* text : {"", "0", "-1", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
                           "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 GMT x", "1994-11-06"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

TEST(Duration, ReadsUnitsAndTheirSums) {
  using namespace std::chrono_literals;
  EXPECT_EQ(*parse_duration("1s"), 1s);
  EXPECT_EQ(*parse_duration("250ms"), 250ms);
  EXPECT_EQ(*parse_duration("1m30s"), 90s);
  EXPECT_EQ(*parse_duration(" 7d "), 168h);
  EXPECT_EQ(*parse_duration("2w"), 336h);
  EXPECT_EQ(*parse_duration("1.5h"), 90min);
  EXPECT_EQ(*parse_duration("0.0000015s"), 1us);
  EXPECT_EQ(*parse_duration("0.333333333333333333333333s"), 333333us);
  EXPECT_EQ(*parse_duration("0s"), 0s);
}

TEST(Duration, RefusesBareNumbersAndNonsense) {
  for (const char* text :
       {"", "1", "s", "1 s", "-1s", "1.s", ".5s", "1x", "1s2", "99999999999999999999s", "9223372036854775807w"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error().kind, ErrorKind::kInvalid);
  }
}

TEST(Duration, IsWrittenInTheShortestSpelling) {
  using namespace std::chrono_literals;
  EXPECT_EQ(to_text(1500ms), "1.5s");
  EXPECT_EQ(to_text(168h), "7d");
  EXPECT_EQ(to_text(336h), "2w");
  EXPECT_EQ(to_text(90s), "90s");
  EXPECT_EQ(to_text(250ms), "250ms");
  EXPECT_EQ(to_text(0s), "0s");
  EXPECT_EQ(to_text(1us), "1us");
  EXPECT_EQ(to_text(24h + 1us), "1d1us");
}

TEST(Duration, ComesBackFromItsOwnText) {
  for (std::int64_t micros = 1; micros > 0 && micros < INT64_MAX / 7; micros = micros * 7 + 3) {
    const auto back = parse_duration(to_text(Duration(micros)));
    ASSERT_TRUE(back) << micros;
    EXPECT_EQ(back->count(), micros) << to_text(Duration(micros));
  }
}

TEST(ManualClock, StandsStillUntilMoved) {
  ManualClock clock(*parse_timestamp("2020"));
  EXPECT_EQ(to_digits14(clock.now()), "20200101000000");
  clock.advance(std::chrono::hours(24));
  EXPECT_EQ(to_digits14(clock.now()), "20200102000000");
  clock.set(*parse_timestamp("1999"));
  EXPECT_EQ(to_digits14(clock.now()), "19990101000000");
}

}  // namespace
}  // namespace vellum
