// Thousands of random steps, each compared with the reference in model.h; the archive is closed and opened in between,
// as after a crash: leases are never given back before.

#include <gmock/gmock.h>

#include <random>

#include "tests/storage/engine.h"
#include "tests/storage/frontier/model.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::seconds;

class FrontierModelTest : public testing::TestWithParam<Engine> {
 protected:
  void open(bool create) {
    catalog.reset();
    auto opened = GetParam().open(folder / "archive", options_at(now, create));
    ASSERT_TRUE(opened) << opened.error().message;
    catalog = *std::move(opened);
  }
  Frontier& frontier() { return catalog->frontier(); }
  int pick(int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); }
  RunId pick_run() { return runs[static_cast<std::size_t>(pick(2))]; }
  std::string pick_group() { return "group" + std::to_string(pick(5)); }
  int pick_priority() { return pick(4) == 0 ? pick(10) : 5; }
  Timestamp soon() { return now + seconds(pick(6)); }

  UrlTask random_task() {
    UrlTask task = task_of("https://x.org/" + std::to_string(pick(300)), "", pick_priority());
    task.group = "group" + std::to_string(std::hash<std::string>()(task.url) % 5);
    if (pick(2) == 0) task.not_before = soon();
    return task;
  }

  void add() {
    std::vector<UrlTask> tasks;
    for (int i = pick(8); i >= 0; --i) tasks.push_back(random_task());
    const RunId run = pick_run();
    EXPECT_EQ(await(frontier().add(run, tasks)).value(), model.add(run, tasks));
  }
  void lease() {
    const RunId run = pick_run();
    const auto ready = model.ready(run, now);
    const std::size_t max = static_cast<std::size_t>(pick(3)) + 1;
    const Duration ttl = seconds(1 + pick(20));
    const auto leases = await(frontier().lease(run, max, ttl, now)).value();
    ASSERT_EQ(leases.size(), std::min(max, ready.size()));
    auto next = ready.begin();
    for (const GroupLease& lease : leases) {
      const auto same =
          std::find_if(ready.begin(), ready.end(), [&](const auto& r) { return r.second == lease.token.group; });
      ASSERT_NE(same, ready.end()) << lease.token.group << " is not ready";
      EXPECT_EQ(same->first, next->first) << "leased before a group that waited longer";
      ++next;
      const GroupLease expected = model.lease(run, lease.token.group, ttl, now);
      EXPECT_EQ(lease.token.epoch, expected.token.epoch);
      EXPECT_EQ(lease.not_before, expected.not_before);
      EXPECT_EQ(lease.expires, expected.expires);
      tokens.push_back(lease.token);
    }
  }
  // Of the leases ever given, mostly one of the last.
  const LeaseToken* pick_token() {
    return tokens.empty() ? nullptr : &tokens[tokens.size() - 1 - pick_recent(tokens.size())];
  }
  std::size_t pick_recent(std::size_t size) {
    return static_cast<std::size_t>(pick(static_cast<int>(pick(10) == 0 ? size : std::min<std::size_t>(size, 4))));
  }
  void take() {
    const LeaseToken* token = pick_token();
    if (token == nullptr) return;
    const std::size_t max = static_cast<std::size_t>(pick(4)) + 1;
    const auto tasks = await(frontier().take(*token, max, now));
    ASSERT_EQ(tasks.has_value(), model.holds(*token));
    if (!tasks) {
      EXPECT_EQ(tasks.error().kind, ErrorKind::kRefused);
      return;
    }
    std::vector<std::string> urls;
    for (const LeasedTask& task : *tasks) {
      urls.push_back(task.task.url);
      taken.emplace_back(*token, task);
    }
    EXPECT_EQ(urls, model.take(*token, max, now));
  }
  void settle() {
    if (taken.empty()) return;
    const auto& [token, leased] = taken[taken.size() - 1 - pick_recent(taken.size())];
    Commit commit;
    commit.run = token.run;
    commit.lease = token;
    const auto state = static_cast<TaskState>(pick(4) + 1);
    UrlTask retry = leased.task;
    retry.not_before = pick(2) == 0 ? soon() : Timestamp{};
    retry.priority = pick_priority();
    ++retry.attempts;
    commit.outcomes.push_back({leased.key, state, "because", retry});
    commit.discovered.push_back(random_task());
    const auto discovered = commit.discovered;
    const auto ack = await(catalog->commit(std::move(commit)));
    ASSERT_EQ(ack.has_value(), model.holds(token)) << (ack ? "" : ack.error().message);
    if (!ack) {
      ++refused;
      EXPECT_EQ(ack.error().kind, ErrorKind::kRefused);
      return;
    }
    if (settled.insert(leased.key).second) model.settle(token, leased.task.url, state, retry);
    EXPECT_EQ(ack->discovered_new, model.add(token.run, discovered));
  }
  void release() {
    const LeaseToken* token = pick_token();
    if (token == nullptr) return;
    const Timestamp next_at = soon();
    const bool held = model.holds(*token);
    EXPECT_EQ(await(frontier().release(*token, next_at)).has_value(), held);
    if (held) model.release(*token, next_at);
  }
  void renew() {
    const LeaseToken* token = pick_token();
    if (token == nullptr) return;
    EXPECT_EQ(await(frontier().renew(*token, seconds(20), now)).has_value(), model.holds(*token));
    if (model.holds(*token)) model.groups[token->group].expires = now + seconds(20);
  }
  void hold() {
    GroupUpdate update{pick_group(), soon(), pick(2) == 0};
    if (pick(4) == 0) update = {update.group, Timestamp::min(), false};
    EXPECT_TRUE(await(frontier().hold(update)));
    model.update(update);
  }
  void crash() {
    open(false);
    model.crash(now + seconds(5));
  }
  void compare(RunId run) {
    const QueueStats got = await(frontier().stats(run, now)).value(), expected = model.stats(run, now);
    EXPECT_EQ(got.queued, expected.queued);
    EXPECT_EQ(got.groups, expected.groups);
    EXPECT_EQ(got.ready, expected.ready);
    EXPECT_EQ(got.leased, expected.leased);
    EXPECT_EQ(got.next_due, expected.next_due);
    const UrlTask task = random_task();
    EXPECT_EQ(await(frontier().status(run, task.seen, task.group))->state, model.state(run, task.seen));
  }
  void compare_queue(RunId run) {
    std::multiset<std::string> urls;
    EXPECT_TRUE(await(frontier().scan(run, [&](const UrlTask& task) {
      urls.insert(task.url);
      return true;
    })));
    EXPECT_EQ(urls, model.queued(run));
  }
  void drop() {
    const RunId run = pick_run();
    EXPECT_TRUE(await(frontier().drop(run)));
    model.drop(run);
  }
  void step() {
    const int choice = pick(100);
    if (choice < 20) return add();
    if (choice < 35) return lease();
    if (choice < 55) return take();
    if (choice < 80) return settle();
    if (choice < 87) return release();
    if (choice < 90) return renew();
    if (choice < 94) return hold();
    if (choice < 97) return compare_queue(pick_run());
    if (choice < 98) return pick(3) == 0 ? drop() : void();
    if (pick(2) == 0) crash();
  }

  TempDir folder;
  Timestamp now = kStart;
  std::unique_ptr<Catalog> catalog;
  FrontierModel model;
  std::vector<RunId> runs;
  std::vector<LeaseToken> tokens;
  std::vector<std::pair<LeaseToken, LeasedTask>> taken;
  std::set<std::string> settled;
  int refused = 0;
  std::mt19937 random;
};

TEST_P(FrontierModelTest, DoesWhatTheReferenceDoes) {
  ASSERT_NO_FATAL_FAILURE(open(true));
  for (const char* name : {"one", "two"}) runs.push_back(await(catalog->start_run(name, "", now))->id);
  for (unsigned seed = 1; seed <= 3; ++seed) {
    random.seed(seed);
    for (int i = 0; i < 800 && !HasFailure(); ++i) {
      SCOPED_TRACE("seed " + std::to_string(seed) + " step " + std::to_string(i));
      now += std::chrono::milliseconds(pick(600));
      ASSERT_NO_FATAL_FAILURE(step());
      compare(pick_run());
    }
  }
  // Lest it prove nothing: every kind of step did happen often.
  EXPECT_GT(tokens.size(), 100u);
  EXPECT_GT(settled.size(), 100u);
  EXPECT_GT(refused, 100);
}

INSTANTIATE_TEST_SUITE_P(Engines, FrontierModelTest, testing::ValuesIn(kEngines), name_of_engine);

}  // namespace
}  // namespace vellum::storage
