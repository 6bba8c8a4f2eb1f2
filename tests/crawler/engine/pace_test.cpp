#include "crawler/engine/pace.h"

#include <gtest/gtest.h>

namespace vellum::engine {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Timestamp kStart = Timestamp(seconds(1'000'000));

// `rate` captures a second, every fourth a page.
Pace steady(int rate, int for_seconds) {
  Pace pace;
  for (int i = 0; i <= for_seconds * 5; ++i) {
    const auto captures = static_cast<std::uint64_t>(i * rate / 5);
    pace.add(kStart + milliseconds(200) * i, captures, captures / 4);
  }
  return pace;
}

TEST(Pace, IsZeroBeforeAnythingMoved) {
  Pace pace;
  EXPECT_EQ(pace.captures_per_second(), 0);
  pace.add(kStart, 5, 5);
  EXPECT_EQ(pace.captures_per_second(), 0);
  EXPECT_EQ(pace.time_left(100, std::nullopt), std::nullopt);
}

TEST(Pace, MeasuresTheLastMinuteOnly) {
  Pace pace = steady(10, 30);
  for (int i = 1; i <= 90; ++i) pace.add(kStart + seconds(30 + i), 300 + static_cast<std::uint64_t>(i), 75);
  EXPECT_NEAR(pace.captures_per_second(), 1, 0.05);
  EXPECT_NEAR(pace.pages_per_second(), 0, 0.01);
}

TEST(Pace, EstimatesTheTimeLeftFromTheQueue) {
  const Pace pace = steady(10, 30);
  EXPECT_NEAR(pace.captures_per_second(), 10, 0.1);
  const auto left = pace.time_left(600, std::nullopt);
  ASSERT_TRUE(left);
  EXPECT_NEAR(std::chrono::duration<double>(*left).count(), 60, 1);
}

TEST(Pace, EndsAtTheLimitOfPagesIfThatIsSooner) {
  const auto left = steady(10, 30).time_left(100'000, 25);
  ASSERT_TRUE(left);
  EXPECT_NEAR(std::chrono::duration<double>(*left).count(), 10, 0.5);
}

TEST(Pace, SaysNothingInTheFirstSeconds) {
  EXPECT_EQ(steady(10, 1).time_left(600, std::nullopt), std::nullopt);
}

}  // namespace
}  // namespace vellum::engine
