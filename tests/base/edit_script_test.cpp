#include "base/edit_script.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "base/text.h"

namespace vellum {
namespace {

using Items = std::vector<std::string_view>;

// "a [b|x y] c": kept, removed|added.
std::string show(const Items& before, const Items& after) {
  std::vector<std::string> parts;
  for (const Edit& edit : edit_script(before, after)) {
    const auto text = [](const Items& items, std::size_t from, std::size_t to) {
      std::vector<std::string> words(items.begin() + static_cast<std::ptrdiff_t>(from),
                                     items.begin() + static_cast<std::ptrdiff_t>(to));
      return join(words, " ");
    };
    const std::string removed = text(before, edit.old_begin, edit.old_end);
    const std::string added = text(after, edit.new_begin, edit.new_end);
    parts.push_back(edit.is_same ? removed : "[" + removed + "|" + added + "]");
  }
  return join(parts, " ");
}
std::string show(std::string_view before, std::string_view after) {
  return show(before.empty() ? Items() : split(before, ' '), after.empty() ? Items() : split(after, ' '));
}

TEST(EditScript, NamesWhatWasRemovedAndAdded) {
  EXPECT_EQ(show("", ""), "");
  EXPECT_EQ(show("a b", "a b"), "a b");
  EXPECT_EQ(show("", "a"), "[|a]");
  EXPECT_EQ(show("a", ""), "[a|]");
  EXPECT_EQ(show("a", "b"), "[a|b]");
  EXPECT_EQ(show("the old cell divides", "the new cell divides twice"), "the [old|new] cell divides [|twice]");
  EXPECT_EQ(show("a b c d e f", "c d x f a"), "[a b|] c d [e|x] f [|a]");
}

// The length of the longest common subsequence, by the table of the textbook.
std::size_t longest_common(const Items& a, const Items& b) {
  std::vector<std::vector<std::size_t>> table(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t j = 0; j < b.size(); ++j) {
      table[i + 1][j + 1] = a[i] == b[j] ? table[i][j] + 1 : std::max(table[i][j + 1], table[i + 1][j]);
    }
  }
  return table.back().back();
}

TEST(EditScript, CoversBothSidesAndKeepsAllThatCanBeKept) {
  std::mt19937 random(20);  // NOLINT: the same cases each time
  for (int round = 0; round < 3000; ++round) {
    Items sides[2];
    for (Items& side : sides) {
      const std::size_t size = random() % 14;
      for (std::size_t i = 0; i < size; ++i) side.push_back(std::string_view("abcd").substr(random() % 4, 1));
    }
    std::size_t x = 0, y = 0, kept = 0;
    for (const Edit& edit : edit_script(sides[0], sides[1])) {
      ASSERT_EQ(edit.old_begin, x);
      ASSERT_EQ(edit.new_begin, y);
      x = edit.old_end;
      y = edit.new_end;
      if (!edit.is_same) continue;
      ASSERT_EQ(edit.old_end - edit.old_begin, edit.new_end - edit.new_begin);
      for (std::size_t i = 0; i < edit.old_end - edit.old_begin; ++i) {
        ASSERT_EQ(sides[0][edit.old_begin + i], sides[1][edit.new_begin + i]);
      }
      kept += edit.old_end - edit.old_begin;
    }
    ASSERT_EQ(x, sides[0].size());
    ASSERT_EQ(y, sides[1].size());
    EXPECT_EQ(kept, longest_common(sides[0], sides[1])) << show(sides[0], sides[1]);
  }
}

TEST(EditScript, TakesTwoUnlikeHalvesOfALongTextAsOneReplacement) {
  std::vector<std::string> words;
  for (int i = 0; i < 60'000; ++i) words.push_back(std::to_string(i));
  Items before(words.begin(), words.begin() + 30'000), after(words.begin() + 30'000, words.end());
  before.push_back("end");
  after.push_back("end");
  const auto edits = edit_script(before, after);
  ASSERT_EQ(edits.size(), 2u);
  EXPECT_EQ(edits[0].old_end, 30'000u);
  EXPECT_TRUE(edits[1].is_same);
}

}  // namespace
}  // namespace vellum
