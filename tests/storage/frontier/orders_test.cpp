// Operators' orders: durable, over every restart, and never shorter than what a server asked for.

#include <gtest/gtest.h>

#include "storage/frontier/queue_reader.h"
#include "tests/storage/engine.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::hours;
using std::chrono::seconds;

class OrdersTest : public testing::TestWithParam<Engine> {
 protected:
  OrdersTest() { reopen(true); }
  void reopen(bool create) {
    catalog.reset();
    catalog = GetParam().open(folder / "archive", OpenOptions{kStart, Duration::zero(), create}).value();
    if (create) run = await(catalog->start_run("c", "", kStart)).value().id;
  }
  Frontier& frontier() { return catalog->frontier(); }
  UrlTask task(const std::string& url, const std::string& group) {
    UrlTask out;
    out.url = out.seen = url;
    out.group = group;
    return out;
  }
  void add(const std::string& url, const std::string& group) {
    ASSERT_EQ(await(frontier().add(run, {task(url, group)})).value(), 1u);
  }
  std::vector<std::string> leased(Timestamp now) {
    std::vector<std::string> groups;
    const auto leases = await(frontier().lease(run, 10, seconds(1), now)).value();
    for (const GroupLease& lease : leases) {
      groups.push_back(lease.token.group);
      EXPECT_TRUE(await(frontier().release(lease.token, now)));
    }
    return groups;
  }
  void order(const GroupOrder& order) { ASSERT_TRUE(await(frontier().order(order))); }
  using Names = std::vector<std::string>;

  TempDir folder;
  std::unique_ptr<Catalog> catalog;
  RunId run = 0;
};

TEST_P(OrdersTest, AHeldGroupIsNotLeasedUntilItsTimeEvenAfterARestart) {
  add("https://a.org/", "a.org");
  add("https://b.org/", "b.org");
  order({"a.org", kStart + hours(1), "asked by mail"});
  EXPECT_EQ(leased(kStart), Names{"b.org"});
  reopen(false);
  EXPECT_EQ(await(frontier().orders()).value().at(0).reason, "asked by mail");
  EXPECT_EQ(leased(kStart + hours(1) - seconds(1)), Names{"b.org"});
  EXPECT_EQ(leased(kStart + hours(1)).size(), 2u);
}

TEST_P(OrdersTest, LiftingAHoldKeepsWhatTheServerAskedFor) {
  add("https://a.org/", "a.org");
  ASSERT_TRUE(await(frontier().hold({"a.org", kStart + seconds(60), true})));
  order({"a.org", kForGood, "x"});
  order({"a.org", {}, ""});
  EXPECT_EQ(leased(kStart + seconds(59)), Names{});
  EXPECT_EQ(leased(kStart + seconds(60)), Names{"a.org"});
}

TEST_P(OrdersTest, AHoldOnAllGroupsPausesTheArchive) {
  add("https://a.org/", "a.org");
  order({kEveryGroup, kForGood, "paused"});
  reopen(false);
  EXPECT_EQ(leased(kStart + hours(10)), Names{});
  const QueueStats stats = await(frontier().stats(run, kStart)).value();
  EXPECT_EQ(stats.ready, 0u);
  EXPECT_EQ(stats.next_due, kForGood);
  order({kEveryGroup, {}, ""});
  EXPECT_EQ(leased(kStart), Names{"a.org"});
}

TEST_P(OrdersTest, ADelayComesWithTheLease) {
  add("https://a.org/", "a.org");
  order({"a.org", {}, "", seconds(7)});
  reopen(false);
  const auto leases = await(frontier().lease(run, 1, seconds(1), kStart)).value();
  ASSERT_EQ(leases.size(), 1u);
  EXPECT_EQ(leases[0].delay, Duration(seconds(7)));
}

TEST_P(OrdersTest, ListsTasksInPagesWithTheKeysThatDropThem) {
  for (int i = 0; i < 5; ++i) add("https://a.org/" + std::to_string(i), "a.org");
  add("https://b.org/", "b.org");
  const auto first = await(frontier().list(run, "a.org", "", 3)).value();
  const auto rest = await(frontier().list(run, "a.org", first.back().key, 10)).value();
  ASSERT_EQ(first.size(), 3u);
  ASSERT_EQ(rest.size(), 2u);
  EXPECT_EQ(rest.back().task.url, "https://a.org/4");
  Commit drop;
  drop.run = run;
  drop.outcomes.push_back({first[0].key, TaskState::kSkipped, "dropped: wrong", {}});
  ASSERT_TRUE(await(catalog->commit(drop)));
  EXPECT_EQ(await(frontier().list(run, "", "", 10)).value().size(), 5u);
  EXPECT_EQ(await(frontier().status(run, "https://a.org/0", "a.org")).value().reason, "dropped: wrong");
}

TEST_P(OrdersTest, AReaderBesideTheWriterSeesTheSame) {
  add("https://a.org/", "a.org");
  add("https://b.org/", "b.org");
  add("https://b.org/2", "b.org");
  order({"b.org", kForGood, "held"});
  const auto reader = QueueReader::open(folder / "archive").value();
  const QueueStats seen = reader->stats(run, kStart).value(), own = await(frontier().stats(run, kStart)).value();
  EXPECT_EQ(seen.queued, own.queued);
  EXPECT_EQ(seen.groups, own.groups);
  EXPECT_EQ(seen.ready, own.ready);
  EXPECT_EQ(seen.next_due, own.next_due);
  EXPECT_EQ(reader->orders().value(), await(frontier().orders()).value());
  EXPECT_EQ(reader->list(run, "b.org", "", 10).value().size(), 2u);
}

INSTANTIATE_TEST_SUITE_P(Engines, OrdersTest, testing::ValuesIn(kEngines), name_of_engine);

}  // namespace
}  // namespace vellum::storage
