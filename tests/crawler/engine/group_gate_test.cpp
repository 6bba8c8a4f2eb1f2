#include "crawler/engine/group_gate.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

namespace vellum::engine {
namespace {

const Timestamp kStart = *parse_timestamp("2026-01-01T00:00:00Z");

// Runs one turn() against a clock that the test owns.
Result<void> turn(boost::asio::io_context& io, GroupGate& gate) {
  Result<void> outcome = fail(ErrorKind::kBug, "turn() did not end");
  auto body = [&]() -> boost::asio::awaitable<void> { outcome = co_await gate.turn(); };
  boost::asio::co_spawn(io, body, boost::asio::detached);
  io.restart();
  io.run();
  return outcome;
}

TEST(GroupGate, LetsTheFirstThroughAndSetsTheNextOneSpacingLater) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(3));
  ASSERT_TRUE(turn(io, gate));
  EXPECT_EQ(gate.next_at(), kStart + std::chrono::seconds(3));
}

TEST(GroupGate, CountsFromWhenTheRequestReallyLeft) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(3));
  ASSERT_TRUE(turn(io, gate));
  gate.request_left(kStart + std::chrono::seconds(1));
  EXPECT_EQ(gate.next_at(), kStart + std::chrono::seconds(4));
}

TEST(GroupGate, AHoldMovesTheNextTurnAndNeverBack) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(1));
  gate.hold(kStart + std::chrono::hours(1));
  gate.hold(kStart + std::chrono::minutes(1));
  EXPECT_EQ(gate.next_at(), kStart + std::chrono::hours(1));
}

TEST(GroupGate, ACrawlDelayOnlyLengthensTheSpacing) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(5));
  gate.lengthen(std::chrono::seconds(1));
  ASSERT_TRUE(turn(io, gate));
  EXPECT_EQ(gate.next_at(), kStart + std::chrono::seconds(5));
}

TEST(GroupGate, WhoWaitsWhenItClosesIsCancelled) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart + std::chrono::hours(1), std::chrono::seconds(1));
  Result<void> outcome;
  auto body = [&]() -> boost::asio::awaitable<void> { outcome = co_await gate.turn(); };
  boost::asio::co_spawn(io, body, boost::asio::detached);
  io.poll();
  gate.close();
  io.run();
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, ErrorKind::kCancelled);
}

TEST(GroupGate, TwoWaitersPassOneAfterTheOther) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::milliseconds(1));
  int passed = 0;
  auto body = [&]() -> boost::asio::awaitable<void> {
    const auto outcome = co_await gate.turn();
    if (!outcome) co_return;
    ++passed;
    clock.advance(std::chrono::milliseconds(1));
    gate.request_ended();
  };
  for (int i = 0; i < 5; ++i) boost::asio::co_spawn(io, body, boost::asio::detached);
  io.run();
  EXPECT_EQ(passed, 5);
}

TEST(GroupGate, NobodyPassesWhileARequestIsStillOnItsWay) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(1));
  int passed = 0;
  auto body = [&]() -> boost::asio::awaitable<void> {
    if (co_await gate.turn()) ++passed;
  };
  for (int i = 0; i < 2; ++i) boost::asio::co_spawn(io, body, boost::asio::detached);
  io.poll();
  clock.advance(std::chrono::seconds(5));  // connecting takes its time
  io.poll();
  EXPECT_EQ(passed, 1);
  gate.request_left(clock.now());
  EXPECT_EQ(gate.next_at(), clock.now() + std::chrono::seconds(1));
  gate.close();
  io.run();
}

TEST(GroupGate, ACrawlDelayCountsFromTheRequestThatBroughtIt) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(1));
  ASSERT_TRUE(turn(io, gate));
  gate.request_left(kStart);
  gate.lengthen(std::chrono::seconds(10));
  EXPECT_EQ(gate.next_at(), kStart + std::chrono::seconds(10));
  EXPECT_EQ(gate.update("g").crash_extra, std::chrono::seconds(10));
}

TEST(GroupGate, RemembersTheCrawlDelayThatEarlierLeasesWereTold) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate first(io, clock, kStart, std::chrono::milliseconds(60));
  EXPECT_FALSE(first.update("g").spacing.has_value());
  EXPECT_TRUE(first.lengthen(std::chrono::milliseconds(250)));
  EXPECT_FALSE(first.lengthen(std::chrono::milliseconds(200)));
  const auto told = first.update("g").spacing;
  ASSERT_TRUE(told);

  // Another lease, perhaps of another process: robots.txt of another host of the group is asked for first, and that of
  // the host that wants the delay may not be read for long.
  GroupGate second(io, clock, kStart, std::chrono::milliseconds(60));
  second.recall(*told);
  ASSERT_TRUE(turn(io, second));
  second.request_left(kStart);
  EXPECT_EQ(second.next_at(), kStart + std::chrono::milliseconds(250));
  EXPECT_EQ(second.update("g").spacing, told) << "it is not renewed by being remembered";

  clock.advance(std::chrono::hours(24));
  GroupGate third(io, clock, clock.now(), std::chrono::milliseconds(60));
  third.recall(*told);
  ASSERT_TRUE(turn(io, third));
  EXPECT_EQ(third.next_at(), clock.now() + std::chrono::milliseconds(60)) << "the group was not asked for a day";
}

TEST(GroupGate, LetsNobodyPassWhenItsLeaseHasEnded) {
  boost::asio::io_context io;
  ManualClock clock(kStart);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(600));
  gate.set_lease_end(kStart + std::chrono::seconds(300));
  ASSERT_TRUE(turn(io, gate));
  gate.request_left(kStart);
  const auto late = turn(io, gate);  // does not wait: there may be another gate by then
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().kind, ErrorKind::kCancelled);
  gate.set_lease_end(kStart + std::chrono::seconds(700));
  clock.advance(std::chrono::seconds(600));
  EXPECT_TRUE(turn(io, gate)) << "a renewed lease is as good as a new one";
}

TEST(GroupGate, OpensWhenItsHoursDo) {
  boost::asio::io_context io;
  ManualClock clock(kStart);  // midnight of a Thursday
  const auto hours = policy::Calendar::parse({"21:00-23:00"}, "UTC");
  ASSERT_TRUE(hours);
  GroupGate gate(io, clock, kStart, std::chrono::seconds(1), &*hours);
  EXPECT_EQ(gate.next_at(), kStart + std::chrono::hours(21));
}

}  // namespace
}  // namespace vellum::engine
