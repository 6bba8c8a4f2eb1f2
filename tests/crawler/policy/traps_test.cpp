#include "crawler/policy/traps.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "tests/base/data_file.h"

namespace vellum::test {
namespace {

TEST(Traps, AreCutForTheReasonThatTheTableNames) {
  const std::string table = slurp(std::string(VELLUM_TEST_DATA) + "/crawler/policy/traps.tsv").value_or("");
  int rows = 0;
  for (const std::string_view line : split(table, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto columns = split(line, '\t');
    ASSERT_EQ(columns.size(), 2u) << line;
    EXPECT_EQ(policy::trap_in(*Url::parse(columns[0]), 2026).value_or(""), columns[1]) << line;
    ++rows;
  }
  EXPECT_GE(rows, 25);
}

TEST(Traps, AnEndlessUrlIsOne) {
  EXPECT_EQ(policy::trap_in(*Url::parse("https://a.test/" + std::string(5000, 'x')), 2026),
            "trap: URL of 5015 characters");
}

}  // namespace
}  // namespace vellum::test
