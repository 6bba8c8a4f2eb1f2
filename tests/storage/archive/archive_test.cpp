// Reading: which capture answers, what a prefix covers, which fragments belong to a page. Over the writer's own
// database and beside it alike.

#include "storage/archive/archive.h"

#include <gmock/gmock.h>

#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::IsEmpty;

class ArchiveTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = Catalog::open(folder / "archive", options_at(kStart, true));
    ASSERT_TRUE(opened) << opened.error().message;
    catalog = *std::move(opened);
  }
  // A capture `at` seconds after the start; its payload names URL and time.
  NewCapture seen(const std::string& url, int at, int status = 200) {
    NewCapture fresh = capture_of(*catalog, url, url + "@" + std::to_string(at), kStart + seconds(at));
    fresh.capture.status = status;
    return fresh;
  }
  Capture store(NewCapture fresh) { return await(catalog->commit(commit_of({std::move(fresh)})))->captures.at(0); }
  Capture store(const std::string& url, int at, int status = 200) { return store(seen(url, at, status)); }
  Capture store_quarantined(const std::string& url, int at) {
    NewCapture fresh = seen(url, at);
    fresh.capture.quarantined = true;
    return store(std::move(fresh));
  }
  CaptureId find(const std::string& url, std::optional<int> at = {}, bool even_quarantined = false,
                 bool only_success = false) {
    Archive::Wish wish;
    if (at) wish.at = kStart + seconds(*at);
    wish.even_quarantined = even_quarantined;
    wish.only_success = only_success;
    const auto found = catalog->archive().find(*Url::parse(url), wish);
    return found ? found->id : 0;
  }
  std::vector<std::string> scan(std::string_view prefix) {
    std::vector<std::string> urls;
    EXPECT_TRUE(catalog->archive().scan(prefix, [&](const Capture& capture) {
      urls.push_back(capture.url);
      return true;
    }));
    return urls;
  }

  TempDir folder;
  std::unique_ptr<Catalog> catalog;
};

TEST_F(ArchiveTest, AnswersWithTheNewestCaptureAtOrBeforeTheTime) {
  const auto first = store("https://a.org/", 10).id, second = store("https://a.org/", 20).id;
  EXPECT_EQ(find("https://a.org/"), second);
  EXPECT_EQ(find("https://a.org/", 20), second);
  EXPECT_EQ(find("https://a.org/", 19), first);
  EXPECT_EQ(find("https://a.org/", 10), first);
}

TEST_F(ArchiveTest, AnswersWithTheEarliestCaptureAfterTheTimeIfNoneIsBefore) {
  const auto first = store("https://a.org/", 10).id;
  store("https://a.org/", 20);
  EXPECT_EQ(find("https://a.org/", 5), first);
}

TEST_F(ArchiveTest, PrefersTheExactUrlAmongThoseOfOneReplayKey) {
  const auto exact = store("https://a.org/x", 10).id;
  const auto other = store("http://www.a.org/x", 20).id;
  EXPECT_EQ(find("https://a.org/x"), exact);
  EXPECT_EQ(find("http://www.a.org/x#part"), other);
  EXPECT_EQ(find("http://a.org/X"), other);
  EXPECT_EQ(find("https://a.org/y"), 0u);
}

TEST_F(ArchiveTest, GivesAQuarantinedCaptureOnlyWhenAskedAndNothingElseIsThere) {
  const auto challenge = store_quarantined("https://a.org/", 30).id;
  EXPECT_EQ(find("https://a.org/"), 0u);
  EXPECT_EQ(find("https://a.org/", {}, true), challenge);
  const auto page = store("https://a.org/", 10).id;
  EXPECT_EQ(find("https://a.org/"), page);
  EXPECT_EQ(find("https://a.org/", {}, true), page);
}

TEST_F(ArchiveTest, PassesOverFailuresWhenOnlySuccessIsWanted) {
  const auto page = store("https://a.org/", 10).id, gone = store("https://a.org/", 20, 410).id;
  EXPECT_EQ(find("https://a.org/"), gone);
  EXPECT_EQ(find("https://a.org/", {}, false, true), page);
}

TEST_F(ArchiveTest, ListsTheCapturesOfAUrlOldestFirst) {
  const auto late = store("https://a.org/", 20).id, early = store("http://a.org/", -20).id;
  store("https://a.org/more", 5);
  const auto captures = catalog->archive().captures(*Url::parse("https://a.org/")).value();
  ASSERT_EQ(captures.size(), 2u);
  EXPECT_EQ(captures[0].id, early);
  EXPECT_EQ(captures[1].id, late);
}

TEST_F(ArchiveTest, ScansUrlsByPrefix) {
  for (const char* url : {"https://a.org/", "https://a.org/x/1", "https://a.org/x/2?b=1&a=2", "https://a.org/xy",
                          "http://a.org/x/1", "https://sub.a.org/x/", "https://b.org/x/%41"}) {
    store(url, 1);
  }
  EXPECT_EQ(scan("").size(), 7u);
  EXPECT_THAT(scan("https://a.org/x/"), ElementsAre("https://a.org/x/1", "https://a.org/x/2?b=1&a=2"));
  EXPECT_EQ(scan("https://a.org/x").size(), 3u);
  EXPECT_EQ(scan("https://a.org/").size(), 4u);
  EXPECT_EQ(scan("https://a.org").size(), 4u);
  EXPECT_EQ(scan("https://").size(), 6u);
  EXPECT_THAT(scan("https://a.org/x/2?b=1"), ElementsAre("https://a.org/x/2?b=1&a=2"));
  EXPECT_THAT(scan("https://b.org/x/%4"), ElementsAre("https://b.org/x/%41"));
  EXPECT_THAT(scan("https://c.org/"), IsEmpty());
}

TEST_F(ArchiveTest, FeedsCapturesInCommitOrder) {
  for (int i = 5; i > 0; --i) store("https://a.org/" + std::to_string(i), i);
  std::vector<CaptureId> ids;
  EXPECT_TRUE(catalog->archive().scan_feed(2, [&](const Capture& capture) {
    ids.push_back(capture.id);
    return ids.size() < 2;
  }));
  EXPECT_THAT(ids, ElementsAre(3u, 4u));
}

TEST_F(ArchiveTest, GivesThePagesFragmentsOfTheSameVisitElseTheNearest) {
  const Capture page = store("https://a.org/1", 100);
  const auto fragment = [&](const std::string& url, int at, CaptureId root_capture, int status = 200) {
    NewCapture fresh = seen(url, at, status);
    fresh.capture.role = Role::kFragment;
    fresh.capture.root = page.url;
    fresh.capture.root_capture = root_capture;
    return store(std::move(fresh)).id;
  };
  fragment("https://a.org/1/references/", 99, 0);
  const auto same_visit = fragment("https://a.org/1/references/", 160, page.id);
  fragment("https://a.org/1/references/", 101, 0);
  fragment("https://a.org/1/cited/", 10, 0);
  const auto nearest = fragment("https://a.org/1/cited/", 120, 0);
  fragment("https://a.org/1/cited/", 105, 0, 503);
  NewCapture of_other = seen("https://a.org/11/references/", 100);
  of_other.capture.role = Role::kFragment;
  of_other.capture.root = "https://a.org/11";
  store(std::move(of_other));
  const auto fragments = catalog->archive().fragments_of(page).value();
  ASSERT_EQ(fragments.size(), 2u);
  EXPECT_EQ(fragments[0].id, same_visit);
  EXPECT_EQ(fragments[1].id, nearest);
}

TEST_F(ArchiveTest, CountsUrlsAndHosts) {
  store("https://a.org/1", 1);
  store("https://a.org/1", 2);
  store("http://a.org/1", 3);
  store("https://b.org/1", 4);
  const auto stats = catalog->archive().stats().value();
  EXPECT_EQ(stats.captures, 4u);
  EXPECT_EQ(stats.urls, 3u);
  EXPECT_EQ(stats.hosts, 2u);
  EXPECT_EQ(stats.payloads, 4u);
  EXPECT_GT(stats.disk_bytes, stats.stored_bytes);
}

TEST_F(ArchiveTest, SaysWhatIsNotThere) {
  const Archive& archive = catalog->archive();
  EXPECT_EQ(archive.capture(1).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(archive.headers(1).error().kind, ErrorKind::kNotFound);
  EXPECT_EQ(archive.payload(sha256("no")).error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(archive.has_payload(sha256("no")));
  EXPECT_EQ(archive.find(*Url::parse("https://a.org/"), {}).error().message, "no capture of https://a.org/");
  EXPECT_EQ(Archive::open(folder / "nowhere").error().kind, ErrorKind::kNotFound);
}

TEST_F(ArchiveTest, ReadsBesideTheWriterAndCatchesUp) {
  const Capture first = store("https://a.org/1", 1);
  const auto reader = Archive::open(folder / "archive").value();
  EXPECT_THAT(reader->warnings(), IsEmpty());
  EXPECT_EQ(reader->capture(first.id)->url, "https://a.org/1");
  const Capture second = store("https://a.org/2", 2);
  EXPECT_EQ(reader->capture(second.id).error().kind, ErrorKind::kNotFound);
  EXPECT_TRUE(reader->refresh());
  EXPECT_EQ(reader->payload(reader->capture(second.id)->digest).value(), "https://a.org/2@2");
  EXPECT_EQ(reader->stats()->captures, 2u);
  EXPECT_THAT(reader->check(true)->faults, IsEmpty());
}

// A RocksDB secondary alone stands still here: the WAL is gone, and what the last flush wrote stays invisible to it.
TEST_F(ArchiveTest, CatchesUpWithAWriterThatClosed) {
  store("https://a.org/1", 1);
  const auto reader = Archive::open(folder / "archive").value();
  for (int i = 2; i <= 20; ++i) store("https://a.org/" + std::to_string(i), i);
  catalog.reset();
  EXPECT_TRUE(reader->refresh());
  EXPECT_EQ(reader->stats()->captures, 20u);
  EXPECT_TRUE(reader->capture(20));
  EXPECT_THAT(reader->check(true)->faults, IsEmpty());
}

TEST_F(ArchiveTest, KeepsEveryFieldOfACapture) {
  NewCapture fresh = seen("https://a.org/all", 1, 203);
  Capture& capture = fresh.capture;
  capture.content_coding = "gzip";
  capture.coded_bytes = 7;
  capture.coded_digest = sha256("coded");
  capture.protocol = "HTTP/2";
  capture.remote_address = "[::1]:443";
  capture.verdict = "captcha";
  capture.evidence = {"title: Just a moment", "form#challenge"};
  capture.quarantined = true;
  capture.rights = {"noarchive"};
  capture.role = Role::kFile;
  capture.via = "https://a.org/";
  capture.hop = "link";
  capture.root = "https://a.org/root";
  capture.root_capture = 9;
  capture.depth = 3;
  capture.rule = "hosts[0]";
  const Capture stored = store(fresh);
  const Capture read = catalog->archive().capture(stored.id).value();
  EXPECT_EQ(read.to_json(), stored.to_json());
  EXPECT_EQ(read.coded_digest, capture.coded_digest);
  EXPECT_EQ(read.coded_bytes, 7u);
  EXPECT_EQ(read.evidence, capture.evidence);
  EXPECT_EQ(read.root_capture, 9u);
  EXPECT_EQ(read.role, Role::kFile);
  EXPECT_EQ(read.remote_address, "[::1]:443");
}

}  // namespace
}  // namespace vellum::storage
