// Reading of test data. A file that a test needs and cannot read fails the test; one beside the project may be absent.

#pragma once

#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace vellum::test {

inline std::optional<std::string> slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// tests/data/base/<name>
inline std::string own_data(const std::string& name) {
  return slurp(std::string(VELLUM_TEST_DATA) + "/base/" + name).value_or("");
}

// ../shared/<name>
inline std::optional<std::string> shared_data(const std::string& name) {
  return slurp(std::string(VELLUM_SOURCE_DIR) + "/../shared/" + name);
}

// Rows of a tab-separated file, without its first row, its comments (#) and empty lines.
inline std::vector<std::vector<std::string>> tsv_rows(const std::string& text) {
  std::vector<std::vector<std::string>> rows;
  bool first = true;
  for (std::string_view line : split(text, '\n')) {
    if (line.empty() || line.front() == '#' || std::exchange(first, false)) continue;
    auto& row = rows.emplace_back();
    for (std::string_view cell : split(line, '\t')) row.emplace_back(cell);
  }
  return rows;
}

}  // namespace vellum::test
