// What the queue keeps about how a group wants to be treated, beyond a lease and beyond a process; and the order in
// which groups wake.

#include <gtest/gtest.h>

#include "storage/frontier/wake_order.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::hours;
using std::chrono::seconds;

class MannersRows : public testing::Test {
 protected:
  void SetUp() override { open(true); }
  void open(bool create) {
    catalog.reset();
    auto opened = Catalog::open(folder / "archive", options_at(kStart, create));
    ASSERT_TRUE(opened) << opened.error().message;
    catalog = *std::move(opened);
    if (!create) return;
    run = await(catalog->start_run("one", "", kStart))->id;
    ASSERT_TRUE(await(catalog->frontier().add(run, {task_of("https://a.org/", "a.org")})));
  }
  GroupLease lease(Timestamp now) {
    const auto leases = await(catalog->frontier().lease(run, 1, seconds(60), now)).value();
    return leases.empty() ? GroupLease{} : leases.front();
  }

  TempDir folder;
  std::unique_ptr<Catalog> catalog;
  RunId run = 0;
};

TEST_F(MannersRows, ASpacingThatAGroupAskedForComesBackWithItsNextLeaseAlsoAfterACrash) {
  EXPECT_EQ(lease(kStart).spacing, GroupSpacing{});
  GroupUpdate told{"a.org", kStart + seconds(10), false};
  told.spacing = GroupSpacing{seconds(10), kStart + hours(24)};
  told.crash_extra = seconds(7);
  ASSERT_TRUE(await(catalog->frontier().hold(told)));
  open(false);  // leased: as after a crash
  EXPECT_FALSE(lease(kStart + seconds(11)).token.run) << "after_crash and crash_extra together";
  EXPECT_EQ(lease(kStart + seconds(12)).spacing, *told.spacing);
}

TEST_F(MannersRows, AnOperatorsHoldLeavesAloneWhatTheGroupAskedFor) {
  GroupUpdate told{"a.org", kStart, false};
  told.spacing = GroupSpacing{seconds(10), kStart + hours(24)};
  told.crash_extra = seconds(7);
  ASSERT_TRUE(await(catalog->frontier().hold(told)));
  ASSERT_TRUE(await(catalog->frontier().hold({"a.org", kStart + seconds(1), true})));
  EXPECT_EQ(lease(kStart + seconds(1)).spacing, *told.spacing);
  open(false);
  EXPECT_FALSE(lease(kStart + seconds(11)).token.run);
  EXPECT_TRUE(lease(kStart + seconds(12)).token.run);
}

TEST(WakeOrderTest, CountsWhatIsAwakeAndForgetsItAgainWhenTheClockIsSetBack) {
  WakeOrder order;
  for (const auto& [at, name] : {WakeOrder::Entry{30, "c"}, {10, "a"}, {20, "b"}}) order.insert({at, name});
  order.move_to(20);
  EXPECT_EQ(order.awake(), 2u);
  EXPECT_EQ(order.first_awake()->second, "a");
  order.insert({15, "d"});
  EXPECT_EQ(order.awake(), 3u);
  order.move_to(12);
  EXPECT_EQ(order.awake(), 1u);
  order.erase({10, "a"});
  EXPECT_EQ(order.first_awake(), nullptr);
  EXPECT_EQ(order.find([](const auto& entry) { return entry.second != "d"; })->second, "b");
  order.move_to(30);
  EXPECT_EQ(order.awake(), 3u);
}

}  // namespace
}  // namespace vellum::storage
