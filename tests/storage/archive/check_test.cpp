// `vellum check` on planted faults: each is named, and one does not hide another.

#include <gmock/gmock.h>

#include "storage/archive/records.h"
#include "storage/rocks/database.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using rocks::Family;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

class CheckTest : public testing::Test {
 protected:
  void SetUp() override {
    auto catalog = Catalog::open(archive, options_at(kStart, true)).value();
    for (int i = 1; i <= 3; ++i) {
      const std::string url = "https://a.org/" + std::to_string(i);
      Commit commit = commit_of({capture_of(*catalog, url, "payload of " + url)});
      captures.push_back(await(catalog->commit(std::move(commit)))->captures.at(0));
    }
    Commit with;
    StoredArticle article{1, captures[0].url, kStart, "org.example", 1, Json{{"ids", {{"doi", "10.1/self"}}}}, {}};
    article.links.resize(2);
    article.links[0].doi = "10.1/a";
    with.articles.push_back(article);
    ASSERT_TRUE(await(catalog->commit(std::move(with))));
    database = nullptr;
  }
  // Changes rows behind the archive's back.
  void plant(const std::function<void(rocks::Batch&)>& change) {
    const auto opened = rocks::Database::open(archive, rocks::Mode::kReadWrite).value();
    rocks::Batch batch;
    change(batch);
    ASSERT_TRUE(opened->write(std::move(batch), opened->acknowledged() + 1));
  }
  std::vector<Fault> faults(bool read_data = false) {
    const auto report = Archive::open(archive).value()->check(read_data);
    EXPECT_TRUE(report) << report.error().message;
    return report->faults;
  }
  std::string capture_key_of(const Capture& c) { return capture_key(replay_key(c.url), c.captured, c.id); }
  static auto fault(const std::string& where, const std::string& what) {
    return Contains(AllOf(Field(&Fault::where, HasSubstr(where)), Field(&Fault::what, HasSubstr(what))));
  }

  TempDir folder;
  const std::filesystem::path archive = folder / "archive";
  std::unique_ptr<rocks::Database> database;
  std::vector<Capture> captures;
};

TEST_F(CheckTest, FindsNothingInAWholeArchiveAndCounts) {
  const auto report = Archive::open(archive).value()->check(true).value();
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.captures, 3u);
  EXPECT_EQ(report.payloads, 3u);
  EXPECT_EQ(report.payload_bytes, 3 * std::string("payload of https://a.org/1").size());
  EXPECT_EQ(report.articles, 1u);
  EXPECT_EQ(report.links, 2u);
}

TEST_F(CheckTest, NamesAPayloadThatIsGone) {
  plant([&](rocks::Batch& batch) { batch.erase(Family::kPayloads, id_key(2)); });
  EXPECT_THAT(faults(), fault("payload 2", "its frame is not there"));
}

TEST_F(CheckTest, NamesAPayloadThatHashesToSomethingElse) {
  plant([&](rocks::Batch& batch) {
    batch.put(Family::kPayloads, id_key(2), encode_payload("payload of https://a.org/9"));
  });
  EXPECT_THAT(faults(true), fault("payload 2", "payload hashes to " + sha256("payload of https://a.org/9").to_text()));
}

TEST_F(CheckTest, NamesACaptureWithoutPayload) {
  plant([&](rocks::Batch& batch) { batch.erase(Family::kDigests, std::string(captures[1].digest.view())); });
  const auto found = faults();
  EXPECT_THAT(found, fault("capture 2 https://a.org/2", "no payload sha256:"));
  EXPECT_THAT(found, fault("payload 2", "no digest names it"));
}

TEST_F(CheckTest, NamesACaptureThatTheFeedHasAndTheStoreHasNot) {
  plant([&](rocks::Batch& batch) { batch.erase(Family::kCaptures, capture_key_of(captures[0])); });
  const auto found = faults();
  EXPECT_THAT(found, fault("capture 1", "listed in the feed, but not stored"));
  EXPECT_THAT(found, fault("counter captures", "says 3, counted 2"));
}

TEST_F(CheckTest, NamesACaptureThatTheFeedHasNot) {
  plant([&](rocks::Batch& batch) { batch.erase(Family::kFeed, id_key(3)); });
  const auto found = faults();
  EXPECT_THAT(found, fault("capture 3 https://a.org/3", "stored, but not listed in the feed"));
  EXPECT_THAT(found, fault("header blocks of capture 3", "there is no such capture"));
  EXPECT_THAT(found, fault("payload 3", "0 captures have it, its locator says 1"));
}

TEST_F(CheckTest, NamesACaptureRecordThatDoesNotDecode) {
  plant([&](rocks::Batch& batch) { batch.put(Family::kCaptures, capture_key_of(captures[0]), "\xff"); });
  EXPECT_THAT(faults(), fault("capture 1", "not cbor"));
}

TEST_F(CheckTest, NamesLostAndBrokenHeaderBlocks) {
  plant([&](rocks::Batch& batch) {
    batch.erase(Family::kHeaders, id_key(1));
    batch.put(Family::kHeaders, id_key(2), "\x02zstd it is not");
  });
  const auto found = faults();
  EXPECT_THAT(found, fault("capture 1 https://a.org/1", "no header blocks"));
  EXPECT_THAT(found, fault("capture 2 https://a.org/2", "header blocks: not a zstd frame"));
}

TEST_F(CheckTest, NamesArticlesAndIndexRowsThatLeadNowhere) {
  const std::string article = article_key(1, "org.example", 1);
  plant([&](rocks::Batch& batch) {
    batch.erase(Family::kLinks, index_key(article, 0));
    batch.put(Family::kArticleIds, named_key("pmid:9", article_key(2, "org.example", 1)), "");
    batch.put(Family::kPending, id_key(77), "");
  });
  const auto found = faults();
  EXPECT_THAT(found, fault("article of capture 1", "its link 0 is not there"));
  EXPECT_THAT(found, fault("doi 10.1/a", "names a record that is not there"));
  EXPECT_THAT(found, fault("id pmid:9", "names a record that is not there"));
}

TEST_F(CheckTest, NamesACounterThatIsWrong) {
  plant([&](rocks::Batch& batch) {
    Counters counters;
    counters.captures = counters.last_capture = counters.last_payload = 3;
    batch.put(Family::kMeta, std::string(kCountersKey), counters.encode());
  });
  const auto found = faults();
  EXPECT_THAT(found, fault("counter payloads", "says 0, counted 3"));
  EXPECT_THAT(found, fault("counter urls", "says 0, counted 3"));
  EXPECT_THAT(found, fault("counter hosts", "says 0, counted 1"));
}

TEST_F(CheckTest, NamesQueuedRowsThatNobodyCounts) {
  plant([&](rocks::Batch& batch) {
    batch.put(Family::kQueue, std::string("\0\0\0\1a.org\0", 10) + std::string(17, '\0'), "task");
  });
  EXPECT_THAT(faults(), fault("counter queued", "is not the number of queued URLs"));
}

TEST_F(CheckTest, NamesRunsAndEventsThatDoNotDecode) {
  plant([&](rocks::Batch& batch) {
    batch.put(Family::kRuns, id_key(4), "banana");
    batch.put(Family::kEvents, id_key(5), "");
  });
  const auto found = faults();
  EXPECT_THAT(found, fault("run 4", "not cbor"));
  EXPECT_THAT(found, fault("event 5", "not cbor"));
}

}  // namespace
}  // namespace vellum::storage
