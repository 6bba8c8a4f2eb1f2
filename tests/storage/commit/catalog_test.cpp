#include "storage/commit/catalog.h"

#include <gmock/gmock.h>

#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using testing::ElementsAre;

class CatalogTest : public testing::Test {
 protected:
  void SetUp() override { open(true); }
  void open(bool create = false) {
    catalog.reset();
    auto opened = Catalog::open(folder.path() / "archive", options_at(kStart, create));
    ASSERT_TRUE(opened) << opened.error().message;
    catalog = *std::move(opened);
  }
  CommitAck commit(Commit what) {
    auto ack = await(catalog->commit(std::move(what)));
    EXPECT_TRUE(ack) << ack.error().message;
    return ack ? *ack : CommitAck();
  }
  const Archive& archive() const { return catalog->archive(); }

  TempDir folder;
  std::unique_ptr<Catalog> catalog;
};

TEST_F(CatalogTest, GivesBackWhatWasCommittedAfterReopening) {
  const CommitAck ack = commit(commit_of({capture_of(*catalog, "https://example.org/a", "<p>hello</p>")}));
  ASSERT_EQ(ack.captures.size(), 1u);
  EXPECT_EQ(ack.captures[0].id, 1u);
  open();
  const auto found = archive().find(*Url::parse("https://example.org/a"), {});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->to_json(), ack.captures[0].to_json());
  EXPECT_EQ(archive().payload(found->digest).value(), "<p>hello</p>");
  EXPECT_EQ(archive().headers(1)->response, "HTTP/1.1 200 OK\r\n\r\n");
}

TEST_F(CatalogTest, SettlesTheTasksOfALease) {
  const auto run = *await(catalog->start_run("crawl", "", kStart));
  Frontier& frontier = catalog->frontier();
  EXPECT_EQ(await(frontier.add(run.id, {task_of("https://a.org/1", "a.org"), task_of("https://a.org/2", "a.org"),
                                        task_of("https://a.org/1", "a.org")}))
                .value(),
            2u);
  const auto leases = await(frontier.lease(run.id, 5, std::chrono::seconds(60), kStart)).value();
  ASSERT_EQ(leases.size(), 1u);
  const auto tasks = await(frontier.take(leases[0].token, 5, kStart)).value();
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(tasks[0].task.url, "https://a.org/1");
  Commit done = commit_of({capture_of(*catalog, tasks[0].task.url, "one")}, run.id);
  done.lease = leases[0].token;
  done.outcomes.push_back(Outcome{tasks[0].key, TaskState::kDone, {}, {}});
  done.discovered.push_back(task_of("https://b.org/", "b.org"));
  EXPECT_EQ(commit(std::move(done)).discovered_new, 1u);
  EXPECT_TRUE(await(frontier.release(leases[0].token, kStart + std::chrono::seconds(1))));
  const auto stats = await(frontier.stats(run.id, kStart)).value();
  EXPECT_EQ(stats.queued, 2u);
  EXPECT_EQ(stats.ready, 1u);
  EXPECT_EQ(stats.leased, 0u);
  EXPECT_EQ(await(frontier.status(run.id, "https://a.org/1", "a.org"))->state, "done");
  EXPECT_EQ(archive().runs().value().at(0).pages, 1u);
}

}  // namespace
}  // namespace vellum::storage
