#include "tools/vellum/exchange/spill_sort.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace vellum::cli {
namespace {

std::vector<std::string> sorted_rows(SpillSort& sort) {
  std::vector<std::string> rows;
  const auto done = sort.finish([&](std::string_view row) {
    rows.emplace_back(row);
    return true;
  });
  EXPECT_TRUE(done) << (done ? "" : done.error().message);
  return rows;
}

// The same rows in memory and through many small blocks: in the order of keys, equal keys as they were added.
TEST(SpillSortTest, SortsTheSameWayInMemoryAndThroughTheDisk) {
  std::mt19937 dice(1);
  std::vector<std::pair<std::int64_t, std::string>> rows;
  for (int i = 0; i < 5000; ++i) {
    const auto key = static_cast<std::int64_t>(dice() % 900) - 450;
    rows.emplace_back(key, std::to_string(i) + std::string(dice() % 300, 'x'));
  }
  SpillSort large(std::size_t{1} << 30), small(20'000);
  for (const auto& [key, row] : rows) {
    ASSERT_TRUE(large.add(key, row));
    ASSERT_TRUE(small.add(key, row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> expected;
  for (const auto& [key, row] : rows) expected.push_back(row);
  EXPECT_EQ(large.blocks(), 0u);
  EXPECT_GT(small.blocks(), 20u);
  EXPECT_EQ(sorted_rows(large), expected);
  EXPECT_EQ(sorted_rows(small), expected);
}

TEST(SpillSortTest, StopsWhenToldAndTakesNothingAtAll) {
  SpillSort empty(100), one(1);
  EXPECT_TRUE(sorted_rows(empty).empty());
  for (const char* row : {"a", "b", "c"}) ASSERT_TRUE(one.add(1, row));
  int visited = 0;
  ASSERT_TRUE(one.finish([&](std::string_view) { return ++visited < 2; }));
  EXPECT_EQ(visited, 2);
}

}  // namespace
}  // namespace vellum::cli
