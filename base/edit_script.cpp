#include "base/edit_script.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace vellum {
namespace {

using Item = std::uint32_t;  // equal items have equal numbers

constexpr std::ptrdiff_t kMostEdits = 4000;  // of one search from both ends; costs its square at worst

struct Box {
  std::ptrdiff_t old_begin, old_end, new_begin, new_end;
  std::ptrdiff_t olds() const { return old_end - old_begin; }
  std::ptrdiff_t news() const { return new_end - new_begin; }
};

struct Point {
  std::ptrdiff_t x = 0, y = 0;
};

class Search {
 public:
  Search(std::vector<Item> before, std::vector<Item> after) : old_(std::move(before)), new_(std::move(after)) {
    forward_.resize(old_.size() + new_.size() + 5);
    backward_.resize(forward_.size());
    is_removed_.resize(old_.size());
    is_added_.resize(new_.size());
  }

  std::vector<Edit> run() {
    std::vector<Box> boxes = {{0, size(old_), 0, size(new_)}};
    while (!boxes.empty()) {
      Box box = boxes.back();
      boxes.pop_back();
      trim(box);
      if (box.olds() == 0 || box.news() == 0) {
        mark(box);
        continue;
      }
      Point middle;
      if (!find_middle(box, middle)) {
        mark(box);
        continue;
      }
      boxes.push_back({middle.x, box.old_end, middle.y, box.new_end});
      boxes.push_back({box.old_begin, middle.x, box.new_begin, middle.y});
    }
    return edits();
  }

 private:
  static std::ptrdiff_t size(const std::vector<Item>& items) { return static_cast<std::ptrdiff_t>(items.size()); }
  bool equal(std::ptrdiff_t x, std::ptrdiff_t y) const {
    return old_[static_cast<std::size_t>(x)] == new_[static_cast<std::size_t>(y)];
  }

  void trim(Box& box) const {
    while (box.olds() > 0 && box.news() > 0 && equal(box.old_begin, box.new_begin)) ++box.old_begin, ++box.new_begin;
    while (box.olds() > 0 && box.news() > 0 && equal(box.old_end - 1, box.new_end - 1)) --box.old_end, --box.new_end;
  }

  void mark(const Box& box) {
    for (auto x = box.old_begin; x < box.old_end; ++x) is_removed_[static_cast<std::size_t>(x)] = true;
    for (auto y = box.new_begin; y < box.new_end; ++y) is_added_[static_cast<std::size_t>(y)] = true;
  }

  // Where the path from the beginning and the path from the end meet. False: they are too far apart. Diagonals k = x -
  // y are relative to the corner that each search starts from; `reach` keeps the farthest x of each.
  bool find_middle(const Box& box, Point& middle) {
    const std::ptrdiff_t shift = box.olds() - box.news();
    const std::ptrdiff_t most = std::min(kMostEdits, (box.olds() + box.news() + 1) / 2);
    at(forward_, 1) = 0;
    at(backward_, 1) = 0;
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
      if (step(box, d, forward_, backward_, shift, true, middle)) return true;
      if (step(box, d, backward_, forward_, shift, false, middle)) return true;
    }
    return false;
  }

  // One more edit from one end. The searches meet where both lie on one diagonal and together reach across the box.
  bool step(const Box& box, std::ptrdiff_t d, std::vector<std::ptrdiff_t>& mine, std::vector<std::ptrdiff_t>& others,
            std::ptrdiff_t shift, bool is_forward, Point& middle) {
    for (std::ptrdiff_t k = -d; k <= d; k += 2) {
      const bool is_down = k == -d || (k != d && at(mine, k - 1) < at(mine, k + 1));
      std::ptrdiff_t x = is_down ? at(mine, k + 1) : at(mine, k - 1) + 1;
      std::ptrdiff_t y = x - k;  // beyond the box at times: such a path stays outside and is never a meeting
      while (x < box.olds() && y < box.news() && same(box, x, y, is_forward)) ++x, ++y;
      at(mine, k) = x;
      const std::ptrdiff_t other = shift - k;
      const std::ptrdiff_t their_d = is_forward ? d - 1 : d;
      if (x > box.olds() || y > box.news() || other < -their_d || other > their_d || ((other + their_d) & 1) != 0)
        continue;
      if (x + at(others, other) < box.olds()) continue;
      middle = is_forward ? Point{box.old_begin + x, box.new_begin + y} : Point{box.old_end - x, box.new_end - y};
      return is_inside(box, middle);
    }
    return false;
  }

  // A corner would leave one box as large as before.
  static bool is_inside(const Box& box, Point p) {
    const bool is_begin = p.x == box.old_begin && p.y == box.new_begin;
    const bool is_end = p.x == box.old_end && p.y == box.new_end;
    return !is_begin && !is_end;
  }

  bool same(const Box& box, std::ptrdiff_t x, std::ptrdiff_t y, bool is_forward) const {
    return is_forward ? equal(box.old_begin + x, box.new_begin + y) : equal(box.old_end - 1 - x, box.new_end - 1 - y);
  }

  std::ptrdiff_t& at(std::vector<std::ptrdiff_t>& reach, std::ptrdiff_t k) const {
    return reach[static_cast<std::size_t>(k) + reach.size() / 2];
  }

  std::vector<Edit> edits() const {
    std::vector<Edit> edits;
    for (std::size_t x = 0, y = 0; x < old_.size() || y < new_.size();) {
      Edit edit{false, x, x, y, y};
      while (x < old_.size() && is_removed_[x]) ++x;
      while (y < new_.size() && is_added_[y]) ++y;
      edit.is_same = x == edit.old_begin && y == edit.new_begin;
      if (edit.is_same) {
        while (x < old_.size() && y < new_.size() && !is_removed_[x] && !is_added_[y]) ++x, ++y;
      }
      edit.old_end = x;
      edit.new_end = y;
      edits.push_back(edit);
    }
    return edits;
  }

  std::vector<Item> old_, new_;
  std::vector<std::ptrdiff_t> forward_, backward_;
  std::vector<bool> is_removed_, is_added_;
};

}  // namespace

std::vector<Edit> edit_script(std::span<const std::string_view> before, std::span<const std::string_view> after) {
  std::unordered_map<std::string_view, Item> numbers;
  const auto number = [&](std::span<const std::string_view> items) {
    std::vector<Item> numbered;
    numbered.reserve(items.size());
    for (const std::string_view item : items) {
      numbered.push_back(numbers.try_emplace(item, static_cast<Item>(numbers.size())).first->second);
    }
    return numbered;
  };
  std::vector<Item> old_items = number(before);
  return Search(std::move(old_items), number(after)).run();
}

}  // namespace vellum
