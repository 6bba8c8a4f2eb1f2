#include "plugins/html/parse_arena.h"

#include <gtest/gtest.h>

#include <cstring>

namespace vellum::html {
namespace {

struct FakeNode {
  int type;
  FakeNode* parent;
  char rest[112];
};

constexpr ParseArena::Limits kLimits{.max_bytes = 4u << 20, .max_depth = 16, .max_cpu = std::chrono::hours(1)};
constexpr ParseArena::NodeLayout kLayout{.bytes = sizeof(FakeNode), .parent_offset = offsetof(FakeNode, parent)};

FakeNode* hang(ParseArena& arena, FakeNode* parent) {
  auto* node = static_cast<FakeNode*>(arena.allocate(sizeof(FakeNode)));
  node->parent = parent;
  return node;
}

// What `work` was stopped by; kNone if it was not.
ParseArena::Stop stop_of(ParseArena& arena, void (*work)(ParseArena&)) {
  if (setjmp(arena.escape()) != 0) return arena.stop();
  work(arena);
  return ParseArena::Stop::kNone;
}

TEST(ParseArena, GivesAlignedMemoryThatStays) {
  ParseArena arena(kLimits, kLayout);
  char* first = static_cast<char*>(arena.allocate(3));
  std::memcpy(first, "abc", 3);
  for (int i = 0; i < 1000; ++i) {
    void* place = arena.allocate(static_cast<std::size_t>(i));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(place) % alignof(std::max_align_t), 0u);
  }
  EXPECT_EQ(std::memcmp(first, "abc", 3), 0);
  EXPECT_GT(arena.bytes_used(), 1000u * 500);
}

TEST(ParseArena, StopsAtItsLimitOfMemory) {
  ParseArena arena(kLimits, kLayout);
  EXPECT_EQ(stop_of(arena, [](ParseArena& a) { a.allocate(2000000); }), ParseArena::Stop::kNone);
  EXPECT_EQ(stop_of(arena,
                    [](ParseArena& a) {
                      while (true) a.allocate(10000);
                    }),
            ParseArena::Stop::kMemory);
}

TEST(ParseArena, StopsAChainThatIsTooDeep) {
  ParseArena arena(kLimits, kLayout);
  const auto chain = [](ParseArena& a) {
    FakeNode* node = nullptr;
    for (int i = 0; i < 200; ++i) node = hang(a, node);
  };
  EXPECT_EQ(stop_of(arena, chain), ParseArena::Stop::kDepth);
}

TEST(ParseArena, TakesAWideTreeOverManyChunks) {
  ParseArena arena({.max_bytes = 8u << 20, .max_depth = 16, .max_cpu = std::chrono::hours(1)}, kLayout);
  const auto wide = [](ParseArena& a) {
    FakeNode* root = hang(a, nullptr);
    for (int i = 0; i < 5000; ++i) {
      FakeNode* node = root;
      for (int depth = 0; depth < 10; ++depth) node = hang(a, node);
    }
  };
  EXPECT_EQ(stop_of(arena, wide), ParseArena::Stop::kNone);
}

// The adoption agency makes nodes first and hangs them up later.
TEST(ParseArena, CountsNodesThatAreHungUpLate) {
  ParseArena arena(kLimits, kLayout);
  const auto late = [](ParseArena& a) {
    FakeNode* above = hang(a, nullptr);
    for (int i = 0; i < 200; ++i) {
      FakeNode* node = hang(a, nullptr);
      hang(a, node);
      node->parent = above;
      above = node;
    }
  };
  EXPECT_EQ(stop_of(arena, late), ParseArena::Stop::kDepth);
}

TEST(ParseArena, CountsABranchThatIsHungUpAtOnce) {
  ParseArena arena(kLimits, kLayout);
  const auto at_once = [](ParseArena& a) {
    FakeNode* branch[200] = {};
    for (FakeNode*& node : branch) node = hang(a, nullptr);
    for (int i = 1; i < 200; ++i) branch[i]->parent = branch[i - 1];
    hang(a, branch[199]);
    hang(a, nullptr);
  };
  EXPECT_EQ(stop_of(arena, at_once), ParseArena::Stop::kDepth);
}

TEST(ParseArena, EndsWhereParentsRunInACircle) {
  ParseArena arena(kLimits, kLayout);
  const auto circle = [](ParseArena& a) {
    hang(a, nullptr);
    FakeNode* one = hang(a, nullptr);
    FakeNode* two = hang(a, nullptr);
    one->parent = two;
    two->parent = one;
    hang(a, nullptr);
  };
  EXPECT_EQ(stop_of(arena, circle), ParseArena::Stop::kDepth);
}

// Strings of the size of a node hold anything where a node has its parent.
TEST(ParseArena, IsNotConfusedByOtherAllocationsOfTheSameSize) {
  ParseArena arena(kLimits, kLayout);
  const auto strings = [](ParseArena& a) {
    FakeNode* node = hang(a, nullptr);
    for (int i = 0; i < 2000; ++i) {
      std::memset(a.allocate(sizeof(FakeNode)), i, sizeof(FakeNode));
      static_cast<FakeNode*>(a.allocate(sizeof(FakeNode)))->parent = node + 1000000;
      auto* inside = reinterpret_cast<FakeNode*>(reinterpret_cast<char*>(node) + 8);
      static_cast<FakeNode*>(a.allocate(sizeof(FakeNode)))->parent = inside;
    }
  };
  EXPECT_EQ(stop_of(arena, strings), ParseArena::Stop::kNone);
}

TEST(ParseArena, StopsWhenItsTimeIsUp) {
  ParseArena arena({.max_bytes = 1u << 30, .max_depth = 16, .max_cpu = std::chrono::milliseconds(5)}, kLayout);
  EXPECT_EQ(stop_of(arena,
                    [](ParseArena& a) {
                      while (true) a.allocate(1);
                    }),
            ParseArena::Stop::kTime);
}

extern "C" void __assert_fail(const char*, const char*, unsigned, const char*) noexcept;

TEST(ParseArena, StopsAtAFailedAssertion) {
  ParseArena arena(kLimits, kLayout);
  EXPECT_EQ(stop_of(arena, [](ParseArena&) { __assert_fail("node", "parser.c", 1, "f"); }),
            ParseArena::Stop::kAssertion);
  EXPECT_STREQ(arena.assertion(), "node");
}

TEST(ParseArenaDeathTest, OutsideAParseAnAssertionEndsTheProcess) {
  EXPECT_DEATH(__assert_fail("a == b", "x.cpp", 7, "f"), "x.cpp:7: f: Assertion `a == b' failed.");
}

}  // namespace
}  // namespace vellum::html
