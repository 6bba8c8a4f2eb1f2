// Forgetting: what is taken down is in no file of the database, and nothing else is lost by it.

#include <gmock/gmock.h>

#include <random>

#include "storage/archive/records.h"
#include "storage/archive/revisit.h"
#include "storage/rocks/database.h"
#include "tests/storage/folder_bytes.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using rocks::Family;
using std::chrono::hours;
using testing::IsEmpty;
using testing::SizeIs;

std::string noise(unsigned seed, std::size_t bytes) {
  std::mt19937 random(seed);
  std::string text;
  while (text.size() < bytes) text += static_cast<char>(random() % 256);
  return text;
}

// Bytes that no compressor shortens, so that they are seen in whatever file holds them.
std::string marker(unsigned seed) {
  return noise(~seed, 64);
}

// The same for the same seed, but for a marker in the middle.
std::string page(unsigned seed, unsigned mark) {
  return noise(seed, 10'000) + marker(mark) + noise(seed + 1000, 10'000);
}

class TakedownTest : public testing::Test {
 protected:
  void SetUp() override { catalog = Catalog::open(archive, options_at(kStart, true)).value(); }

  Capture store(const std::string& url, const std::string& payload) {
    at += hours(1);
    NewCapture fresh = capture_of(*catalog, url, payload, at);
    fresh.headers.response =
        "HTTP/1.1 200 OK\r\nX-Of: " + marker_name(url) + std::to_string(stored.size()) + "\r\n\r\n";
    const Capture capture = await(catalog->commit(commit_of({std::move(fresh)})))->captures.at(0);
    stored.emplace_back(capture, payload);
    return capture;
  }
  static std::string marker_name(const std::string& url) { return to_hex(sha256(url).view()); }

  void repack() {
    for (bool is_end = false; !is_end;) is_end = catalog->repack().value().is_end;
  }
  static TakedownRequest request_of(const std::vector<Capture>& captures) {
    TakedownRequest request;
    for (const Capture& capture : captures) request.captures.push_back(capture.id);
    request.reason = "court order 7";
    request.at = kStart;
    return request;
  }
  TakedownReport take_down(const std::vector<Capture>& captures) {
    auto report = catalog->take_down(request_of(captures));
    EXPECT_TRUE(report) << report.error().message;
    forgotten.insert(forgotten.end(), captures.begin(), captures.end());
    for (const Capture& capture : captures)
      std::erase_if(stored, [&](const auto& kept) { return kept.first.id == capture.id; });
    reopen();
    return report.value_or(TakedownReport());
  }
  void reopen() {
    catalog.reset();
    catalog = Catalog::open(archive, options_at(kStart)).value();
  }
  void expect_whole() {
    for (const auto& [capture, payload] : stored) {
      const auto bytes = catalog->archive().payload(capture.digest);
      ASSERT_TRUE(bytes) << capture.url << ": " << bytes.error().message;
      EXPECT_TRUE(*bytes == payload) << capture.url;
      EXPECT_TRUE(catalog->archive().headers(capture.id)) << capture.url;
    }
    const auto report = catalog->archive().check(true).value();
    for (const Fault& fault : report.faults) ADD_FAILURE() << fault.where << ": " << fault.what;
    EXPECT_EQ(report.captures, stored.size());
  }
  // Files below the database that hold the bytes.
  std::vector<std::string> files_with_bytes(const std::string& wanted) {
    catalog.reset();
    std::vector<std::string> files;
    for (const auto& [name, bytes] : bytes_of(archive)) {
      if (bytes.find(wanted) != std::string::npos) files.push_back(name);
    }
    catalog = Catalog::open(archive, options_at(kStart)).value();
    return files;
  }
  void expect_forgotten(const Capture& capture, unsigned mark) {
    EXPECT_THAT(files_with_bytes(marker(mark)), IsEmpty()) << "its bytes";
    EXPECT_THAT(files_with_bytes(std::string(capture.digest.view())), IsEmpty()) << "its digest in binary";
    EXPECT_EQ(catalog->archive().capture(capture.id).error().kind, ErrorKind::kNotFound);
    EXPECT_FALSE(catalog->archive().has_payload(capture.digest));
    const auto stones = catalog->archive().tombstones(Url::parse(capture.url).value()).value();
    const bool has_stone = std::any_of(stones.begin(), stones.end(), [&](const Tombstone& stone) {
      return stone.id == capture.id && stone.digest == capture.digest && stone.reason == "court order 7";
    });
    EXPECT_TRUE(has_stone);
  }

  TempDir folder;
  const std::filesystem::path archive = folder / "archive";
  std::unique_ptr<Catalog> catalog;
  Timestamp at = kStart;
  std::vector<std::pair<Capture, std::string>> stored;
  std::vector<Capture> forgotten;
};

TEST_F(TakedownTest, AKeyframeGoesAndWhatLeanedOnItStays) {
  const Capture key = store("https://a.org/1", page(1, 1));
  for (unsigned i = 2; i < 7; ++i) store("https://a.org/1", page(1, i));
  store("https://a.org/2", page(1, 9));
  ASSERT_THAT(files_with_bytes(marker(1)), SizeIs(1)) << "else this test proves nothing";
  Commit told;
  told.events.push_back({at, 0, "quarantined", key.url, "it reads: " + marker(1), ""});
  told.events.push_back({at, 0, "failed", key.url, "timeout", ""});
  ASSERT_TRUE(await(catalog->commit(std::move(told))));
  const TakedownReport report = take_down({key});
  EXPECT_EQ(report.captures, 1u);
  EXPECT_EQ(report.payloads, 1u);
  EXPECT_GE(report.rewritten, 6u);
  expect_forgotten(key, 1);
  expect_whole();
  EXPECT_LT(store("https://a.org/1", page(1, 20)).stored_bytes, 2000u) << "the star has a keyframe again";
  expect_whole();
}

TEST_F(TakedownTest, CapturesLeaveDeltaGroupsAndWhatLeansOnThem) {
  for (unsigned visit = 0; visit < 4; ++visit) {
    for (unsigned n = 0; n < 4; ++n) store("https://a.org/" + std::to_string(n), page(n, 100 + visit * 10 + n));
  }
  repack();
  store("https://a.org/2", page(2, 777));                            // a delta against the packed keyframe
  const Capture newest = stored[14].first, older = stored[2].first;  // of page 2
  ASSERT_FALSE(files_with_bytes(marker(132)).empty());
  take_down({newest, older});
  expect_forgotten(newest, 132);
  expect_forgotten(older, 102);
  expect_whole();
  repack();
  expect_whole();
}

TEST_F(TakedownTest, ASharedPayloadStaysUntilItsLastCaptureGoes) {
  const std::string same = page(1, 1);
  const Capture first = store("https://a.org/1", same);
  const Capture second = store("https://b.org/1", same);
  EXPECT_EQ(take_down({first}).payloads, 0u);
  EXPECT_FALSE(files_with_bytes(marker(1)).empty());
  expect_whole();
  EXPECT_EQ(take_down({second}).payloads, 1u);
  expect_forgotten(second, 1);
  expect_whole();
  EXPECT_EQ(catalog->archive().stats()->hosts, 0u);
}

TEST_F(TakedownTest, ArticleRecordsAndTheirIndexesGoAlsoWhereAFragmentIsQuoted) {
  const Capture main = store("https://a.org/1", page(1, 1));
  NewCapture part = capture_of(*catalog, "https://a.org/1/refs", page(2, 2), at);
  part.capture.role = Role::kFragment;
  part.capture.root = "https://a.org/1";
  part.capture.root_capture = main.id;
  const Capture fragment = await(catalog->commit(commit_of({part})))->captures.at(0);
  Commit with;
  const Json sources = {{{"url", fragment.url}, {"captured", to_rfc3339(fragment.captured)}}};
  OutboundLink link;
  link.doi = "10.1/cited";
  with.articles.push_back({main.id,
                           main.url,
                           main.captured,
                           "org.a",
                           1,
                           Json{{"kind", "article"}, {"ids", {{"doi", "10.1/x"}}}, {"sources", sources}},
                           {link}});
  ASSERT_TRUE(await(catalog->commit(std::move(with))));
  ASSERT_THAT(*catalog->archive().captures_by_id("doi:10.1/x"), SizeIs(1));
  EXPECT_EQ(take_down({fragment}).articles, 1u);
  EXPECT_THAT(*catalog->archive().captures_by_id("doi:10.1/x"), IsEmpty());
  EXPECT_THAT(*catalog->archive().citing("10.1/cited"), IsEmpty());
  EXPECT_EQ(catalog->archive().stats()->articles, 0u);
  EXPECT_EQ(catalog->archive().stats()->dois, 0u);
  expect_whole();
}

TEST_F(TakedownTest, ACrawlLeavesItAloneUntilItIsOpenedAgain) {
  const Capture capture = store("https://a.org/1", page(1, 1));
  const RunId run = await(catalog->start_run("crawl", "", kStart))->id;
  ASSERT_EQ(
      *await(catalog->frontier().add(run, {task_of("https://a.org/1", "a.org"), task_of("https://a.org/2", "a.org")})),
      2u);
  TakedownRequest request = request_of({capture});
  request.closed.push_back({capture.url, false, request.reason, kStart});
  request.closed.push_back({"https://a.org/private/", true, request.reason, kStart});
  EXPECT_EQ(catalog->take_down(request)->queued, 1u);
  stored.clear();
  reopen();
  EXPECT_EQ(*await(catalog->frontier().add(run, {task_of("https://a.org/private/x", "a.org")})), 0u);
  const auto status = await(catalog->frontier().status(run, "https://a.org/1", "a.org")).value();
  EXPECT_EQ(status.state, "skipped");
  EXPECT_EQ(status.reason, "taken down: court order 7");
  EXPECT_TRUE(*catalog->allow_fetch("https://a.org/private/"));
  EXPECT_FALSE(*catalog->allow_fetch("https://a.org/private/"));
  EXPECT_EQ(*await(catalog->frontier().add(run, {task_of("https://a.org/private/y", "a.org")})), 1u);
  EXPECT_EQ(catalog->archive().stats()->queued, 2u);
  expect_whole();
}

TEST_F(TakedownTest, WhatAProgramThatDiedHadPromisedTheNextOneCarriesOut) {
  const Capture key = store("https://a.org/1", page(1, 1));
  store("https://a.org/1", page(1, 2));
  catalog.reset();
  {
    const auto database = rocks::Database::open(archive, rocks::Mode::kReadWrite).value();
    Json request;
    request["captures"] = {key.id};
    request["reason"] = "court order 7";
    request["at"] = to_rfc3339(kStart);
    request["step"] = 1;
    rocks::Batch batch;
    batch.put(Family::kMeta, "takedown", to_cbor(request));
    ASSERT_TRUE(database->write(std::move(batch), database->acknowledged() + 1));
  }
  stored.erase(stored.begin());
  catalog = Catalog::open(archive, options_at(kStart)).value();
  reopen();
  expect_forgotten(key, 1);
  expect_whole();
}

TEST_F(TakedownTest, AnEmbargoHidesUntilItsTimeAndDeletesNothing) {
  const Capture capture = store("https://a.org/1", page(1, 1));
  ASSERT_TRUE(catalog->embargo({{capture.id}, {}, kStart + hours(100), "publisher", kStart}));
  ManualClock clock(kStart);
  const auto reader = Archive::open(archive).value();
  EXPECT_TRUE(reader->capture(capture.id)) << "hidden only where it is asked for";
  reader->withhold_embargoed(clock);
  const Url url = Url::parse(capture.url).value();
  EXPECT_THAT(*reader->captures(url), IsEmpty());
  EXPECT_EQ(reader->find(url, {}).error().kind, ErrorKind::kNotFound);
  EXPECT_FALSE(reader->capture(capture.id));
  clock.advance(hours(101));
  EXPECT_EQ(reader->find(url, {})->id, capture.id);
  expect_whole();
}

TEST_F(TakedownTest, APageLeavesItsWorkAndItsRevisitsGoWithIt) {
  const std::string page_url = "https://a.org/1", twin_url = "https://b.org/1";
  const Capture first = store(page_url, page(1, 1));
  store(twin_url, page(5, 5));
  at += hours(1);
  NewCapture again = capture_of(*catalog, page_url, page(1, 1), at);
  again.capture.refers_to = reference_to(first);
  const Capture revisit = await(catalog->commit(commit_of({std::move(again)})))->captures.at(0);
  Commit visits;
  for (const std::string& url : {page_url, twin_url})
    visits.visits.push_back({url, at, 1, {"doi:10.1/x"}, "p 1", {{"heading", "a"}}, false});
  ASSERT_TRUE(await(catalog->commit(std::move(visits))));
  ASSERT_THAT((**catalog->archive().work_of(twin_url)).pages, SizeIs(2));
  EXPECT_EQ(take_down({first, revisit}).payloads, 1u) << "they share it";
  expect_forgotten(first, 1);
  expect_forgotten(revisit, 1);
  const Work left = **catalog->archive().work_of(twin_url);
  ASSERT_THAT(left.pages, SizeIs(1));
  EXPECT_EQ(left.pages[0].url, twin_url);
  const auto none = catalog->archive().work_of(page_url);
  EXPECT_FALSE(none && *none);
  expect_whole();
  take_down({stored[0].first});
  const auto last = catalog->archive().work_of(twin_url);
  EXPECT_FALSE(last && *last) << "a work goes with its last page";
  expect_whole();
}

TEST_F(TakedownTest, ARequestThatFailedHalfwayIsNotForgottenByTheNext) {
  const Capture one = store("https://a.org/1", page(1, 1)), two = store("https://a.org/2", page(2, 2));
  catalog.reset();
  {
    const auto database = rocks::Database::open(archive, rocks::Mode::kReadWrite).value();
    rocks::Batch batch;
    const Json request = {{"captures", {one.id}}, {"reason", "court order 7"}, {"at", to_rfc3339(kStart)}, {"step", 1}};
    batch.put(Family::kMeta, "takedown", to_cbor(request));
    ASSERT_TRUE(database->write(std::move(batch), database->acknowledged() + 1));
  }
  catalog = Catalog::open(archive, options_at(kStart)).value();
  stored.clear();
  EXPECT_EQ(catalog->take_down(request_of({two}))->captures, 1u);
  reopen();
  expect_forgotten(one, 1);
  expect_forgotten(two, 2);
  expect_whole();
}

TEST_F(TakedownTest, AnEmbargoOnAnAddressHoldsForItsPartsAndForWhatComesLater) {
  const Capture before = store("https://a.org/1", page(1, 1));
  NewCapture part = capture_of(*catalog, "https://a.org/1/refs", page(2, 2), at);
  part.capture.role = Role::kFragment;
  part.capture.root = before.url;
  part.capture.root_capture = before.id;
  const Capture fragment = await(catalog->commit(commit_of({part})))->captures.at(0);
  EmbargoRequest request{
      {}, {{before.url, false}, {"https://b.org/private/", true}}, kStart + hours(100), "contract", at};
  ASSERT_TRUE(catalog->embargo(request));
  const Capture after = store("https://a.org/1", page(1, 3)), below = store("https://b.org/private/x", page(3, 4)),
                other = store("https://a.org/2", page(4, 5));
  reopen();
  ManualClock clock(kStart);
  const auto reader = catalog->reader();
  reader->withhold_embargoed(clock);
  for (const Capture& capture : {before, fragment, after, below}) {
    const Url url = Url::parse(capture.url).value();
    EXPECT_FALSE(reader->capture(capture.id)) << capture.url;
    const auto over = reader->embargoes_over(url).value();
    ASSERT_THAT(over, SizeIs(1)) << capture.url;
    EXPECT_EQ(over[0].reason, "contract");
    EXPECT_EQ(over[0].until, kStart + hours(100));
  }
  EXPECT_TRUE(reader->capture(other.id));
  EXPECT_THAT(*reader->embargoes_over(Url::parse(other.url).value()), IsEmpty());
  request.until.reset();
  ASSERT_TRUE(catalog->embargo(request));
  EXPECT_TRUE(reader->capture(after.id)) << "the embargo was ended";
  EXPECT_THAT(*catalog->archive().embargoes(), IsEmpty());
}

}  // namespace
}  // namespace vellum::storage
