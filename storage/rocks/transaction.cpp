#include "storage/rocks/transaction.h"

namespace vellum::rocks {

Result<std::optional<std::string>> Transaction::find(Family family, std::string_view key) const {
  const auto row = rows(family).find(key);
  if (row != rows(family).end()) return row->second;
  if (is_erased(family, key)) return std::optional<std::string>();
  return database_.find(family, key);
}

Result<bool> Transaction::has(Family family, std::string_view key) const {
  VELLUM_TRY(const auto value, find(family, key));
  return value.has_value();
}

Result<std::vector<bool>> Transaction::has(Family family, const std::vector<std::string_view>& keys) const {
  VELLUM_TRY(std::vector<bool> has, database_.has(family, keys));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const auto row = rows(family).find(keys[i]);
    if (row != rows(family).end()) {
      has[i] = row->second.has_value();
    } else if (is_erased(family, keys[i])) {
      has[i] = false;
    }
  }
  return has;
}

// Two sorted sources, merged: the database's rows, and this group's, which win.
Result<void> Transaction::scan(Family family, std::string_view from, std::string_view to,
                               const Database::Visit& visit) const {
  auto own = rows(family).lower_bound(from);
  const auto end = to.empty() ? rows(family).end() : rows(family).lower_bound(to);
  bool going = true;
  const auto visit_own = [&] {
    if (own->second) going = visit(own->first, *own->second);
    ++own;
  };
  VELLUM_CHECK(database_.scan(family, from, to, [&](std::string_view key, std::string_view value) {
    while (going && own != end && own->first < key) visit_own();
    if (!going) return false;
    if (own != end && own->first == key) {
      visit_own();
    } else if (!is_erased(family, key)) {
      going = visit(key, value);
    }
    return going;
  }));
  while (going && own != end) visit_own();
  return {};
}

std::uint64_t Transaction::next_number() {
  constexpr int kBits = 24;
  ++numbers_;
  VELLUM_ASSERT(numbers_ >> kBits == 0, "a group of 8 MiB does not hold 16 million rows");
  return sequence_ << kBits | numbers_;
}

void Transaction::put(Family family, std::string_view key, std::string value) {
  set(family, key, std::move(value));
}
void Transaction::erase(Family family, std::string_view key) {
  set(family, key, std::nullopt);
}

void Transaction::set(Family family, std::string_view key, Value value) {
  bytes_ += key.size() + (value ? value->size() : 0);
  auto [row, fresh] = rows(family).try_emplace(std::string(key));
  undo_.push_back({family, row, fresh ? std::optional<Value>() : std::optional<Value>(std::move(row->second))});
  row->second = std::move(value);
  if (fresh) ++count_;
}

void Transaction::erase_range(Family family, std::string_view from, std::string_view to) {
  auto& own = rows(family);
  const auto first = own.lower_bound(from);
  const auto last = to.empty() ? own.end() : own.lower_bound(to);
  count_ -= static_cast<std::size_t>(std::distance(first, last));
  std::erase_if(undo_, [&](const Undo& undo) {
    const std::string& key = undo.row->first;
    return undo.family == family && key >= from && (to.empty() || key < to);
  });
  own.erase(first, last);
  ranges_.push_back({family, std::string(from), std::string(to)});
}

bool Transaction::is_erased(Family family, std::string_view key) const {
  for (const Range& range : ranges_) {
    if (range.family == family && key >= range.from && (range.to.empty() || key < range.to)) return true;
  }
  return false;
}

void Transaction::roll_back() {
  for (; !undo_.empty(); undo_.pop_back()) {
    Undo& undo = undo_.back();
    if (undo.before) {
      undo.row->second = std::move(*undo.before);
    } else {
      rows(undo.family).erase(undo.row);
      --count_;
    }
  }
}

Batch Transaction::take_batch() {
  Batch batch;
  batch.reserve(ranges_.size() + count_);
  for (Range& range : ranges_) batch.erase_range(range.family, std::move(range.from), std::move(range.to));
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    while (!rows_[i].empty()) {
      auto row = rows_[i].extract(rows_[i].begin());
      if (row.mapped()) {
        batch.put(static_cast<Family>(i), std::move(row.key()), *std::move(row.mapped()));
      } else {
        batch.erase(static_cast<Family>(i), std::move(row.key()));
      }
    }
  }
  return batch;
}

}  // namespace vellum::rocks
