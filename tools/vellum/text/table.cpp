#include "tools/vellum/text/table.h"

#include <algorithm>
#include <iostream>

#include "base/text.h"

namespace vellum::cli {
namespace {

constexpr std::size_t kBlockRows = 200;

// Code points, which is near enough to columns for what is listed here.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](unsigned char byte) { return (byte & 0xC0) != 0x80; }));
}

}  // namespace

Table::Table(std::vector<std::string> headings) : headings_(std::move(headings)) {
  for (std::string& heading : headings_) {
    columns_.push_back({0, heading.starts_with('>')});
    if (columns_.back().is_right) heading.erase(0, 1);
  }
  widen(headings_);
}

void Table::add(std::vector<std::string> row) {
  for (std::string& cell : row) cell = printable(cell);
  widen(row);
  rows_.push_back(std::move(row));
  if (rows_.size() >= kBlockRows) flush();
}

void Table::flush() {
  if (!rows_.empty() && !headings_printed_) print(headings_);
  headings_printed_ = headings_printed_ || !rows_.empty();
  for (const auto& row : rows_) print(row);
  rows_.clear();
}

void Table::widen(const std::vector<std::string>& row) {
  for (std::size_t i = 0; i < row.size() && i < columns_.size(); ++i) {
    columns_[i].width = std::max(columns_[i].width, width_of(row[i]));
  }
}

void Table::print(const std::vector<std::string>& row) const {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) {
    const std::string padding(columns_[i].width - std::min(columns_[i].width, width_of(row[i])), ' ');
    if (i > 0) line += "  ";
    if (columns_[i].is_right) line += padding;
    line += row[i];
    if (!columns_[i].is_right && i + 1 < row.size()) line += padding;
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  std::cout << line << '\n';
}

std::string printable(std::string_view text) {
  std::string out = repair_utf8(text);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto byte = static_cast<unsigned char>(out[i]);
    if (byte < 0x20 || byte == 0x7F) out[i] = ' ';
    // U+0080 to U+009F are controls too: C2 80 to C2 9F.
    if (byte == 0xC2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xA0) out.replace(i, 2, " ");
  }
  return out;
}

}  // namespace vellum::cli
