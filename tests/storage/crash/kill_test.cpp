// kill -9 at random moments: every capture that the child had printed is there, whole, and groups that it had leased
// wait. And readers beside a living writer: what they see is whole at every moment.

#include <gmock/gmock.h>

#include <random>
#include <set>
#include <sstream>

#include "tests/storage/crash/child_process.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::milliseconds;
using testing::IsEmpty;

struct Printed {
  CaptureId id = 0;
  std::string digest, url;
};

class KillTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(Catalog::open(archive, options_at(SystemClock().now(), true))); }
  std::vector<std::string> child(unsigned seed, int commits) const {
    return {VELLUM_STORE_CHILD, archive, std::to_string(seed), std::to_string(commits)};
  }
  void note(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
      std::istringstream words(line);
      std::string what, first;
      words >> what >> first;
      if (what == "leased") leased.insert(first);
      if (what == "releasing") leased.erase(first);
      if (what != "captured") continue;
      Printed& capture = printed.emplace_back();
      capture.id = std::stoull(first);
      words >> capture.digest >> capture.url;
    }
  }
  void expect_printed(const Archive& stored) const {
    for (const Printed& capture : printed) {
      const auto found = stored.capture(capture.id);
      ASSERT_TRUE(found) << found.error().message;
      EXPECT_EQ(found->url, capture.url);
      EXPECT_EQ(found->digest.to_text(), capture.digest);
      EXPECT_TRUE(stored.payload(found->digest));
    }
  }
  static void expect_no_faults(const Archive& stored) {
    const auto report = stored.check(true);
    ASSERT_TRUE(report) << report.error().message;
    for (const Fault& fault : report->faults) ADD_FAILURE() << fault.where << ": " << fault.what;
  }
  // Opened at `now` after a kill: no group whose lease was printed may be leased before after_crash is over.
  void expect_wait() {
    const Timestamp now = SystemClock().now();
    const auto catalog = Catalog::open(archive, options_at(now));
    ASSERT_TRUE(catalog) << catalog.error().message;
    const auto runs = (*catalog)->archive().runs().value();
    if (runs.empty()) return;
    Frontier& frontier = (*catalog)->frontier();
    const Duration ttl = std::chrono::seconds(1);
    const auto early = await(frontier.lease(runs.back().id, 100, ttl, now + milliseconds(4999))).value();
    for (const GroupLease& lease : early) {
      EXPECT_FALSE(leased.contains(lease.token.group)) << lease.token.group << " does not wait";
    }
    std::set<std::string> later;
    const auto late = await(frontier.lease(runs.back().id, 100, ttl, now + milliseconds(6000))).value();
    for (const GroupLease& lease : late) {
      later.insert(lease.token.group);
    }
    for (const std::string& group : leased) EXPECT_TRUE(later.contains(group)) << group << " was forgotten";
  }

  TempDir folder;
  const std::filesystem::path archive = folder / "archive";
  std::vector<Printed> printed;
  std::set<std::string> leased;
};

TEST_F(KillTest, LosesNothingThatWasPrintedAndKeepsLeasedGroupsWaiting) {
  std::mt19937 random(20261123);
  for (unsigned round = 1; round <= 25 && !HasFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    leased.clear();
    ChildProcess writer(child(round, 1'000'000));
    writer.read_for(milliseconds(random() % 700));
    EXPECT_EQ(writer.stop(SIGKILL), -SIGKILL);
    note(writer.take_lines());
    if (round % 5 == 0) expect_printed(*Archive::open(archive).value());
    expect_wait();
  }
  const auto stored = Archive::open(archive).value();
  EXPECT_THAT(stored->warnings(), IsEmpty());
  expect_printed(*stored);
  expect_no_faults(*stored);
  EXPECT_GT(printed.size(), 100u);
}

TEST_F(KillTest, ReadersBesideALivingWriterSeeAWholeArchive) {
  ChildProcess writer(child(99, 300));
  const auto reader = Archive::open(archive).value();
  std::size_t looks = 0;
  for (bool going = true; going && !HasFailure(); ++looks) {
    writer.read_for(milliseconds(30));
    const auto lines = writer.take_lines();
    going = !lines.empty() || looks < 20;
    note(lines);
    ASSERT_TRUE(reader->refresh());
    expect_printed(*reader);
    printed.clear();
    const auto fresh = Archive::open(archive);
    ASSERT_TRUE(fresh) << fresh.error().message;
    EXPECT_THAT((*fresh)->warnings(), IsEmpty());
    SCOPED_TRACE("fresh reader, look " + std::to_string(looks));
    if (looks % 10 == 0) expect_no_faults(**fresh);
  }
  EXPECT_EQ(writer.stop(0), 0);
  ASSERT_TRUE(reader->refresh());
  expect_no_faults(*reader);
  EXPECT_GT(reader->stats()->captures, 1000u);
}

}  // namespace
}  // namespace vellum::storage
