#include "plugins/host/dates.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace vellum::plugins {
namespace {

TEST(Dates, AreReadInAllTheFormsThatPagesPrint) {
  std::ifstream table(VELLUM_TEST_DATA "/plugins/host/dates.tsv");
  ASSERT_TRUE(table);
  int rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::string text = line.substr(0, line.find('\t'));
    std::string date = line.substr(line.find('\t') + 1);
    EXPECT_EQ(read_date(text).value_or("-"), date) << text;
    ++rows;
  }
  EXPECT_GT(rows, 15);
}

TEST(Dates, HistoryNamesItsEvents) {
  Json history = read_history("Received 2024 Aug 27; Revised 2024 Dec 5; Accepted 2024 Dec 9; Epub 2025 Jan 3.");
  EXPECT_EQ(to_line(history), R"([{"event":"received","date":"2024-08-27"},{"event":"revised","date":"2024-12-05"},)"
                              R"({"event":"accepted","date":"2024-12-09"},{"event":"epub","date":"2025-01-03"}])");
}

TEST(Dates, HistoryLeavesOutClausesWithoutADate) {
  EXPECT_TRUE(read_history("Received with thanks; Correspondence to 2019").empty());
}

}  // namespace
}  // namespace vellum::plugins
