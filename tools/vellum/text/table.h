// Rows for people: columns aligned, a heading above, one line a row.
//
// Rows are held back in blocks to learn the widths, so a listing of any length streams in little memory. The last
// column is never padded. Nothing is printed, not even the heading, if there is no row.

#pragma once

#include <string>
#include <vector>

namespace vellum::cli {

class Table {
 public:
  // A heading that begins with '>' stands for a column of numbers, aligned to the right.
  explicit Table(std::vector<std::string> headings);
  ~Table() { flush(); }
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;

  void add(std::vector<std::string> row);
  void flush();

 private:
  void print(const std::vector<std::string>& row) const;
  void widen(const std::vector<std::string>& row);

  struct Column {
    std::size_t width = 0;
    bool is_right = false;
  };
  std::vector<Column> columns_;
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
  bool headings_printed_ = false;
};

// Control characters of archived text become spaces, so that no page writes to the terminal.
std::string printable(std::string_view text);

}  // namespace vellum::cli
