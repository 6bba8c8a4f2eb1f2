// Reads the tab-separated case files of these tests: one case a line, "#" for remarks.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/text.h"

namespace vellum::replay {

inline std::vector<std::vector<std::string>> read_cases(const std::string& name, std::size_t columns) {
  std::vector<std::vector<std::string>> cases;
  std::ifstream file(std::string(VELLUM_TEST_DATA) + "/tools/replay/" + name);
  EXPECT_TRUE(file) << name;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells;
    for (const std::string_view cell : split(line, '\t')) cells.emplace_back(cell);
    EXPECT_EQ(cells.size(), columns) << name << ": " << line;
    if (cells.size() == columns) cases.push_back(std::move(cells));
  }
  EXPECT_FALSE(cases.empty()) << name;
  return cases;
}

}  // namespace vellum::replay
