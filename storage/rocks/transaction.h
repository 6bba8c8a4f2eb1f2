// What one synced batch will hold, readable while it grows: look-ups and scans see the writes made before in the same
// group, so that two commits of one group that discover the same URL insert it once.
//
// A group holds the jobs of several callers. A job that fails is undone without trace by roll_back(); the others go on.
//
// Threads: the store thread only.

#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "storage/rocks/database.h"

namespace vellum::rocks {

class Transaction {
 public:
  Transaction(const Database& database, std::uint64_t sequence) : database_(database), sequence_(sequence) {}

  Result<std::optional<std::string>> find(Family family, std::string_view key) const;
  Result<bool> has(Family family, std::string_view key) const;
  // As Database::has.
  Result<std::vector<bool>> has(Family family, const std::vector<std::string_view>& keys) const;
  // As Database::scan.
  Result<void> scan(Family family, std::string_view from, std::string_view to, const Database::Visit& visit) const;

  void put(Family family, std::string_view key, std::string value);
  void erase(Family family, std::string_view key);
  // Everything in [from, to), rows of this group included; not undone by roll_back().
  void erase_range(Family family, std::string_view from, std::string_view to);

  // Of the batch that this becomes; never used twice.
  std::uint64_t sequence() const { return sequence_; }
  // 1, 2, 3 ... within the batch, in the lower 24 bits below the sequence: unique and growing over the archive's life.
  std::uint64_t next_number();

  void begin_job() { undo_.clear(); }
  void roll_back();
  bool empty() const { return count_ == 0 && ranges_.empty(); }
  std::size_t bytes() const { return bytes_; }
  Batch take_batch();

 private:
  using Value = std::optional<std::string>;  // empty: erased
  using Rows = std::map<std::string, Value, std::less<>>;
  struct Range {
    Family family;
    std::string from, to;
  };
  struct Undo {
    Family family;
    Rows::iterator row;
    std::optional<Value> before;  // empty: the group had no word on this key
  };

  void set(Family family, std::string_view key, Value value);
  bool is_erased(Family family, std::string_view key) const;
  const Rows& rows(Family family) const { return rows_[static_cast<std::size_t>(family)]; }
  Rows& rows(Family family) { return rows_[static_cast<std::size_t>(family)]; }

  const Database& database_;
  std::uint64_t sequence_;
  std::uint64_t numbers_ = 0;
  std::array<Rows, static_cast<std::size_t>(Family::kCount)> rows_;
  std::vector<Range> ranges_;  // written before the rows
  std::vector<Undo> undo_;
  std::size_t count_ = 0, bytes_ = 0;
};

}  // namespace vellum::rocks
