#include "storage/commit/catalog.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/storage/engine.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class CatalogTest : public testing::TestWithParam<Engine> {
 protected:
  void SetUp() override { open(true); }
  void open(bool create = false) {
    catalog.reset();
    auto opened = GetParam().open(folder / "archive", options_at(kStart, create));
    ASSERT_TRUE(opened) << opened.error().message;
    catalog = *std::move(opened);
  }
  CommitAck commit(Commit what) {
    auto ack = await(catalog->commit(std::move(what)));
    EXPECT_TRUE(ack) << ack.error().message;
    return ack ? *std::move(ack) : CommitAck();
  }
  Capture commit_one(NewCapture capture, RunId run = 0) {
    return commit(commit_of({std::move(capture)}, run)).captures.at(0);
  }
  NewCapture capture(std::string url, std::string_view payload, Timestamp at = kStart) {
    return capture_of(*catalog, std::move(url), payload, at);
  }
  RunId start_run() { return await(catalog->start_run("crawl", "seeds = []", kStart))->id; }
  LeaseToken lease(RunId run) {
    return await(catalog->frontier().lease(run, 1, seconds(60), kStart)).value().at(0).token;
  }
  void expect_whole() {
    const auto report = catalog->archive().check(true);
    ASSERT_TRUE(report) << report.error().message;
    for (const Fault& fault : report->faults) ADD_FAILURE() << fault.where << ": " << fault.what;
  }
  const Archive& archive() const { return catalog->archive(); }

  TempDir folder;
  std::unique_ptr<Catalog> catalog;
};

INSTANTIATE_TEST_SUITE_P(Engines, CatalogTest, testing::ValuesIn(kEngines), name_of_engine);

TEST_P(CatalogTest, GivesBackWhatWasCommittedAfterReopening) {
  const Capture stored = commit_one(capture("https://example.org/a", "<p>hello</p>"));
  EXPECT_EQ(stored.id, 1u);
  open();
  const auto found = archive().find(*Url::parse("https://example.org/a"), {});
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->to_json(), stored.to_json());
  EXPECT_EQ(archive().payload(found->digest).value(), "<p>hello</p>");
  EXPECT_EQ(archive().headers(1)->request, "GET / HTTP/1.1\r\n\r\n");
  EXPECT_EQ(archive().headers(1)->response, "HTTP/1.1 200 OK\r\n\r\n");
  expect_whole();
}

TEST_P(CatalogTest, StoresEqualPayloadsOnceAlsoWithinOneCommit) {
  const std::string payload(5000, 'x');
  const auto both = commit(commit_of({capture("https://a.org/1", payload), capture("https://a.org/2", payload)}));
  EXPECT_GT(both.captures[0].stored_bytes, both.captures[1].stored_bytes);
  const auto again = catalog->prepare(payload, {}).value();
  EXPECT_EQ(again.frame, "");
  commit_one(capture("https://a.org/3", payload));
  const auto stats = archive().stats().value();
  EXPECT_EQ(stats.captures, 3u);
  EXPECT_EQ(stats.payloads, 1u);
  EXPECT_EQ(stats.raw_bytes, 15000u);
  EXPECT_LT(stats.stored_bytes, 1000u);
  expect_whole();
}

TEST_P(CatalogTest, StoresAnEmptyPayload) {
  EXPECT_EQ(archive().payload(commit_one(capture("https://a.org/", "")).digest).value(), "");
}

TEST_P(CatalogTest, RefusesACaptureWithoutItsPayloadAndWritesNothing) {
  NewCapture fresh = capture("https://a.org/", "text");
  fresh.payload.frame.clear();
  Commit broken = commit_of({capture("https://a.org/whole", "whole"), fresh});
  const auto ack = await(catalog->commit(std::move(broken)));
  ASSERT_FALSE(ack);
  EXPECT_EQ(ack.error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(archive().stats()->captures, 0u);
  EXPECT_EQ(commit_one(capture("https://a.org/", "text")).id, 1u);
  expect_whole();
}

TEST_P(CatalogTest, CanRepeatACommitWithoutStoringItTwice) {
  const RunId run = start_run();
  const Commit once = commit_of({capture("https://a.org/", "text")}, run);
  const Capture first = commit(once).captures.at(0), second = commit(once).captures.at(0);
  EXPECT_EQ(first.to_json(), second.to_json());
  EXPECT_EQ(archive().stats()->captures, 1u);
  EXPECT_EQ(archive().runs()->at(0).pages, 1u);
  expect_whole();
}

TEST_P(CatalogTest, SettlesTheTasksOfALease) {
  const RunId run = start_run();
  Frontier& frontier = catalog->frontier();
  EXPECT_EQ(await(frontier.add(run, {task_of("https://a.org/1", "a.org"), task_of("https://a.org/2", "a.org"),
                                     task_of("https://a.org/1", "a.org")}))
                .value(),
            2u);
  const LeaseToken token = lease(run);
  const auto tasks = await(frontier.take(token, 5, kStart)).value();
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(tasks[0].task.url, "https://a.org/1");
  Commit done = commit_of({capture(tasks[0].task.url, "one")}, run);
  done.lease = token;
  done.outcomes.push_back({tasks[0].key, TaskState::kDone, {}, {}});
  done.outcomes.push_back({tasks[1].key, TaskState::kFailed, "timeout: no answer", {}});
  done.discovered.push_back(task_of("https://b.org/", "b.org"));
  EXPECT_EQ(commit(done).discovered_new, 1u);
  EXPECT_EQ(commit(done).discovered_new, 0u);
  EXPECT_EQ(await(frontier.status(run, "https://a.org/1", "a.org"))->state, "done");
  EXPECT_EQ(await(frontier.status(run, "https://a.org/2", "a.org"))->reason, "timeout: no answer");
  EXPECT_EQ(await(frontier.status(run, "https://b.org/", "b.org"))->state, "queued");
  EXPECT_EQ(archive().runs()->at(0).pages, 1u);
  EXPECT_EQ(archive().runs()->at(0).failures, 1u);
  EXPECT_EQ(archive().stats()->queued, 1u);
}

TEST_P(CatalogTest, WritesNothingUnderALostLease) {
  const RunId run = start_run();
  Frontier& frontier = catalog->frontier();
  await(frontier.add(run, {task_of("https://a.org/1", "a.org")})).value();
  const LeaseToken old = lease(run);
  const auto tasks = await(frontier.take(old, 5, kStart)).value();
  const auto later = await(frontier.lease(run, 1, seconds(60), kStart + seconds(61))).value();
  ASSERT_EQ(later.size(), 1u);
  Commit late = commit_of({capture("https://a.org/1", "one")}, run);
  late.lease = old;
  late.outcomes.push_back({tasks.at(0).key, TaskState::kDone, {}, {}});
  late.discovered.push_back(task_of("https://b.org/", "b.org"));
  late.events.push_back({kStart, run, "failed", "https://a.org/1", "because", ""});
  const auto ack = await(catalog->commit(std::move(late)));
  ASSERT_FALSE(ack);
  EXPECT_EQ(ack.error().kind, ErrorKind::kRefused);
  EXPECT_EQ(archive().stats()->captures, 0u);
  EXPECT_EQ(await(frontier.status(run, "https://b.org/", "b.org"))->state, "unknown");
  EXPECT_EQ(await(frontier.take(later[0].token, 5, kStart + seconds(61)))->size(), 1u);
  EXPECT_TRUE(archive().scan_events([](const Event&) {
    ADD_FAILURE() << "an event of a refused commit";
    return true;
  }));
}

TEST_P(CatalogTest, RefusesAnOutcomeOfAnotherGroupThanTheLeases) {
  const RunId run = start_run();
  Frontier& frontier = catalog->frontier();
  await(frontier.add(run, {task_of("https://a.org/", "a.org"), task_of("https://b.org/", "b.org")})).value();
  const auto leases = await(frontier.lease(run, 2, seconds(60), kStart)).value();
  const auto tasks = await(frontier.take(leases.at(0).token, 5, kStart)).value();
  Commit stray = commit_of({}, run);
  stray.lease = leases.at(1).token;
  stray.outcomes.push_back({tasks.at(0).key, TaskState::kDone, {}, {}});
  EXPECT_EQ(await(catalog->commit(std::move(stray))).error().kind, ErrorKind::kInvalid);
}

TEST_P(CatalogTest, CountsPagesRequisitesAndFailuresOfARun) {
  const RunId run = start_run();
  const auto with = [&](std::string url, int status, Role role) {
    NewCapture fresh = capture(url, url);
    fresh.capture.status = status;
    fresh.capture.role = role;
    return fresh;
  };
  commit(commit_of({with("https://a.org/1", 200, Role::kPage), with("https://a.org/2", 404, Role::kPage),
                    with("https://a.org/3", 301, Role::kPage), with("https://a.org/4", 503, Role::kPage),
                    with("https://a.org/5", 200, Role::kFragment), with("https://a.org/6", 200, Role::kRequisite),
                    with("https://a.org/robots.txt", 200, Role::kRobots)},
                   run));
  open();
  const auto stored = archive().runs()->at(0);
  EXPECT_EQ(stored.pages, 2u);
  EXPECT_EQ(stored.requisites, 2u);
  EXPECT_EQ(stored.failures, 0u);
}

TEST_P(CatalogTest, FindsTheUnfinishedRunOfACrawlOnly) {
  const auto first = await(catalog->start_run("crawl", "a = 1", kStart)).value();
  EXPECT_EQ(catalog->unfinished_run("crawl").value()->id, first.id);
  EXPECT_FALSE(catalog->unfinished_run("other").value());
  EXPECT_TRUE(await(catalog->end_run(first.id, "finished", kStart + seconds(9))));
  open();
  EXPECT_FALSE(catalog->unfinished_run("crawl").value());
  const auto stored = archive().runs()->at(0);
  EXPECT_EQ(stored.state, "finished");
  EXPECT_EQ(stored.config, "a = 1");
  EXPECT_EQ(stored.ended, kStart + seconds(9));
  EXPECT_EQ(await(catalog->start_run("crawl", "a = 1", kStart))->id, first.id + 1);
}

StoredArticle article_of(const Capture& capture, int version, std::vector<std::string> dois, const char* pmid = "1") {
  StoredArticle article;
  article.capture = capture.id;
  article.url = capture.url;
  article.captured = capture.captured;
  article.plugin = "org.example";
  article.plugin_version = version;
  article.record =
      Json{{"kind", "article"}, {"title", "version " + std::to_string(version)}, {"ids", {{"pmid", pmid}}}};
  for (std::string& doi : dois) {
    OutboundLink link;
    link.place = "reference";
    link.n = static_cast<int>(article.links.size()) + 1;
    link.doi = std::move(doi);
    article.links.push_back(std::move(link));
  }
  return article;
}

std::vector<std::string> citing(const Archive& archive, std::string_view doi) {
  std::vector<std::string> sources;
  const auto rows = archive.citing(doi).value();
  for (const LinkRow& row : rows) sources.push_back(row.source);
  return sources;
}

TEST_P(CatalogTest, ReplacesWhatTheSamePluginVersionSaid) {
  const Capture page = commit_one(capture("https://a.org/", "text"));
  Commit with;
  with.articles = {article_of(page, 1, {"10.1/a", "10.1/b"}, "17")};
  commit(with);
  EXPECT_EQ(archive().stats()->dois, 2u);
  EXPECT_THAT(citing(archive(), "10.1/a"), ElementsAre("https://a.org/"));
  EXPECT_THAT(archive().captures_by_id("pmid:17").value(), ElementsAre(page.id));
  with.articles = {article_of(page, 1, {"10.1/b", "10.1/c", "10.1/c"}, "18")};
  commit(with);
  open();
  EXPECT_EQ(archive().stats()->articles, 1u);
  EXPECT_EQ(archive().stats()->dois, 2u);
  EXPECT_THAT(citing(archive(), "10.1/a"), IsEmpty());
  EXPECT_EQ(citing(archive(), "10.1/c").size(), 2u);
  EXPECT_THAT(archive().captures_by_id("pmid:17").value(), IsEmpty());
  EXPECT_THAT(archive().captures_by_id("pmid:18").value(), ElementsAre(page.id));
  EXPECT_EQ(archive().links(page.id)->size(), 3u);
  expect_whole();
}

TEST_P(CatalogTest, CountsAnArticleOnceHoweverOftenItWasCaptured) {
  const Capture first = commit_one(capture("https://a.org/1", "text"));
  const Capture again = commit_one(capture("https://a.org/1", "later text"));
  const Capture listing = commit_one(capture("https://a.org/list", "a list"));
  Commit with;
  with.articles = {article_of(first, 1, {}), article_of(again, 1, {}), article_of(listing, 1, {})};
  with.articles[2].record["kind"] = "search";
  commit(with);
  EXPECT_EQ(archive().stats()->articles, 1u);
  expect_whole();
}

TEST_P(CatalogTest, AnswersWithTheNewestVersionOfThePluginThatSpokeLast) {
  const Capture page = commit_one(capture("https://a.org/", "text"));
  Commit with;
  with.articles = {article_of(page, 2, {"10.1/new"}), article_of(page, 1, {"10.1/old"})};
  commit(with);
  EXPECT_EQ(text_of(archive().article(page.id)->record, "title"), "version 2");
  EXPECT_EQ(archive().article(page.id)->links.size(), 1u);
  EXPECT_THAT(citing(archive(), "10.1/old"), IsEmpty());
  with.articles = {article_of(page, 1, {})};
  with.articles[0].plugin = "com.other";
  commit(with);
  EXPECT_EQ(archive().article(page.id)->plugin, "com.other");
  EXPECT_EQ(archive().stats()->articles, 1u);
  EXPECT_EQ(archive().article(99).error().kind, ErrorKind::kNotFound);
  expect_whole();
}

TEST_P(CatalogTest, RemembersWhatWantsExtractionUntilItsArticleIsStored) {
  NewCapture fresh = capture("https://a.org/", "text");
  fresh.wants_extraction = true;
  const Capture page = commit_one(fresh);
  commit_one(capture("https://b.org/", "text"));
  open();
  EXPECT_THAT(catalog->pending_extractions().value(), ElementsAre(page.id));
  Commit with;
  with.articles = {article_of(page, 1, {})};
  commit(with);
  EXPECT_THAT(catalog->pending_extractions().value(), IsEmpty());
}

TEST_P(CatalogTest, RefusesAnArticleOfACaptureThatIsNotThere) {
  Capture nowhere;
  nowhere.id = 5;
  Commit with;
  with.articles = {article_of(nowhere, 1, {"10.1/a"})};
  EXPECT_EQ(await(catalog->commit(with)).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(archive().stats()->dois, 0u);
}

TEST_P(CatalogTest, KeepsEventsInOrder) {
  for (int i = 0; i < 3; ++i) {
    Commit with;
    with.events = {{kStart, 0, "skipped", "https://a.org/" + std::to_string(i), "robots", ""},
                   {kStart, 0, "failed", "https://b.org/" + std::to_string(i), "timeout", ""}};
    commit(with);
  }
  std::vector<std::string> urls;
  EXPECT_TRUE(archive().scan_events([&](const Event& event) {
    urls.push_back(event.url);
    return true;
  }));
  EXPECT_THAT(urls, ElementsAre("https://a.org/0", "https://b.org/0", "https://a.org/1", "https://b.org/1",
                                "https://a.org/2", "https://b.org/2"));
}

// Starts all tasks at once on one context and waits for them.
template <class T>
std::vector<Result<T>> await_all(std::vector<Task<T>> tasks) {
  boost::asio::io_context context;
  std::vector<std::optional<Result<T>>> results(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    auto done = [&results, i](std::exception_ptr thrown, Result<T> value) {
      if (thrown) std::rethrow_exception(thrown);
      results[i].emplace(std::move(value));
    };
    boost::asio::co_spawn(context, std::move(tasks[i]), done);
  }
  context.run();
  std::vector<Result<T>> values;
  for (auto& result : results) values.push_back(*std::move(result));
  return values;
}

TEST_P(CatalogTest, GroupsCommitsThatWaitTogetherAndKeepsThemApart) {
  constexpr int kCommits = 300;
  const RunId run = start_run();
  std::vector<Task<CommitAck>> tasks;
  for (int i = 0; i < kCommits; ++i) {
    // Every third has the same payload; every seventh is fenced out; all discover the same URL and one of their own.
    const std::string payload = i % 3 == 0 ? "same" : "payload " + std::to_string(i);
    Commit one = commit_of({capture("https://a.org/" + std::to_string(i), payload)}, run);
    if (i % 7 == 0) one.lease = LeaseToken{run, "never", 1};
    one.discovered = {task_of("https://b.org/", "b.org"), task_of("https://b.org/" + std::to_string(i), "b.org")};
    tasks.push_back(catalog->commit(std::move(one)));
  }
  std::set<CaptureId> ids;
  std::set<std::uint64_t> batches;
  std::size_t discovered = 0, refused = 0;
  for (const auto& ack : await_all(std::move(tasks))) {
    if (!ack) ++refused;
    if (!ack) continue;
    batches.insert(ack->sequence);
    ids.insert(ack->captures.at(0).id);
    discovered += ack->discovered_new;
  }
  EXPECT_EQ(refused, 43u);
  EXPECT_EQ(ids.size(), 257u);
  EXPECT_EQ(*ids.rbegin(), 257u);
  EXPECT_EQ(discovered, 258u);
  EXPECT_LT(batches.size(), 257u) << "commits that waited were not grouped";
  EXPECT_EQ(archive().stats()->queued, 258u);
  open();
  EXPECT_EQ(archive().runs()->at(0).pages, 257u);
  expect_whole();
}

TEST_P(CatalogTest, FencesACommitBehindTheReleaseOfItsLease) {
  const RunId run = start_run();
  await(catalog->frontier().add(run, {task_of("https://a.org/", "a.org")})).value();
  const LeaseToken token = lease(run);
  Commit late = commit_of({capture("https://a.org/", "text")}, run);
  late.lease = token;
  boost::asio::io_context context;
  std::optional<Result<void>> released;
  std::optional<Result<CommitAck>> ack;
  auto done_releasing = [&](std::exception_ptr, Result<void> value) { released.emplace(std::move(value)); };
  auto done_committing = [&](std::exception_ptr, Result<CommitAck> value) { ack.emplace(std::move(value)); };
  boost::asio::co_spawn(context, catalog->frontier().release(token, kStart), done_releasing);
  boost::asio::co_spawn(context, catalog->commit(std::move(late)), done_committing);
  context.run();
  EXPECT_TRUE(*released);
  EXPECT_EQ(ack->error().kind, ErrorKind::kRefused);
  EXPECT_EQ(archive().stats()->captures, 0u);
}

TEST_P(CatalogTest, FailsLaterCommitsOnceClosed) {
  commit_one(capture("https://a.org/", "text"));
  NewCapture late = capture("https://a.org/late", "late");
  catalog->close();
  EXPECT_EQ(await(catalog->commit(commit_of({late}))).error().kind, ErrorKind::kCancelled);
  catalog->close();
  open();
  EXPECT_EQ(archive().stats()->captures, 1u);
}

TEST_P(CatalogTest, MakesAnArchiveOnlyWhereNoneIs) {
  EXPECT_EQ(GetParam().open(folder / "empty", options_at(kStart)).error().kind, ErrorKind::kNotFound);
  catalog.reset();
  EXPECT_EQ(GetParam().open(folder / "archive", options_at(kStart, true)).error().kind, ErrorKind::kInvalid);
  open();
}

}  // namespace
}  // namespace vellum::storage
