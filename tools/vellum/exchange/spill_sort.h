// Sorts more rows than memory holds: full blocks are sorted and put aside in a temporary file, and merged at the end.
//
//   SpillSort sort(64 << 20);
//   VELLUM_CHECK(sort.add(key, row)); ...
//   VELLUM_CHECK(sort.finish([](std::string_view row) { ...; return true; }));
//
// Rows of equal keys come in the order in which they were added. The file has no name and is gone with the process.
//
// Errors: kStorage where the temporary folder (TMPDIR, else /tmp) takes no more.
// Memory: what the constructor was told, and a row of each block while merging.   Threads: one.

#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace vellum::cli {

class SpillSort {
 public:
  explicit SpillSort(std::size_t memory) : memory_(memory) {}

  // Smaller keys come first.
  Result<void> add(std::int64_t key, std::string row);
  // Each row in order; return false to stop. Once, at the end.
  Result<void> finish(const std::function<bool(std::string_view row)>& visit);

  std::size_t blocks() const { return starts_.size(); }  // that were put aside

 private:
  struct Row {
    std::int64_t key = 0;
    std::string bytes;
  };
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  // A block that was put aside, being read: one row in memory, the next one at `at`.
  struct Block {
    Row row;
    std::uint64_t at = 0, end = 0;
  };

  void sort();
  Result<void> spill();
  Result<void> open_file();
  Result<bool> read_next(Block& block) const;

  std::size_t memory_, held_ = 0;
  std::vector<Row> rows_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t written_ = 0;
  std::vector<std::uint64_t> starts_;
};

}  // namespace vellum::cli
