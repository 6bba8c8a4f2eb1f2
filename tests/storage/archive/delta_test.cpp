// How payloads are stored: alone, as deltas of an adaptive star, in delta groups. Whatever the encoding, what is read
// is what was given, and no payload takes more than two reads.

#include <gmock/gmock.h>

#include <random>

#include "storage/archive/payload_reader.h"
#include "storage/rocks/database.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using rocks::Family;
using std::chrono::hours;
using testing::IsEmpty;

// A page of words that are the same for the same seed, with a token that is new each time.
std::string page(unsigned seed, unsigned token, std::size_t words = 4000) {
  std::mt19937 random(seed);
  std::string text = "<meta name=token content=" + sha256(std::to_string(token)).to_text() + ">";
  for (std::size_t i = 0; i < words; ++i) text += "<p>" + std::to_string(random() % 100'000) + "</p>";
  return text;
}

class DeltaTest : public testing::Test {
 protected:
  void SetUp() override { catalog = Catalog::open(archive, options_at(kStart, true)).value(); }
  Capture store(const std::string& url, const std::string& payload) {
    at += hours(1);
    auto ack = await(catalog->commit(commit_of({capture_of(*catalog, url, payload, at)})));
    EXPECT_TRUE(ack) << ack.error().message;
    stored.emplace_back(ack->captures.at(0), payload);
    return ack->captures.at(0);
  }
  std::uint64_t repack() {
    std::uint64_t payloads = 0;
    for (bool is_end = false; !is_end;) {
      const auto step = catalog->repack();
      EXPECT_TRUE(step) << step.error().message;
      if (!step) return 0;
      payloads += step->payloads;
      EXPECT_EQ(step->unreadable, 0u);
      is_end = step->is_end;
    }
    return payloads;
  }
  void expect_whole() {
    for (const auto& [capture, payload] : stored) {
      const auto bytes = catalog->archive().payload(capture.digest);
      ASSERT_TRUE(bytes) << bytes.error().message;
      EXPECT_TRUE(*bytes == payload) << capture.url;
      const auto headers = catalog->archive().headers(capture.id);
      ASSERT_TRUE(headers) << headers.error().message;
      EXPECT_EQ(headers->request, "GET / HTTP/1.1\r\n\r\n");
      EXPECT_EQ(headers->response, "HTTP/1.1 200 OK\r\n\r\n");
    }
    const auto report = catalog->archive().check(true);
    ASSERT_TRUE(report) << report.error().message;
    for (const Fault& fault : report->faults) ADD_FAILURE() << fault.where << ": " << fault.what;
    EXPECT_EQ(report->captures, stored.size());
  }
  std::uint64_t stored_bytes() { return catalog->archive().stats()->stored_bytes; }
  // Rows as they lie on disk.
  std::map<std::uint64_t, Frame> frames() {
    catalog.reset();
    const auto database = rocks::Database::open(archive, rocks::Mode::kSecondary).value();
    std::map<std::uint64_t, Frame> found;
    EXPECT_TRUE(database->scan(Family::kPayloads, {}, {}, [&](std::string_view key, std::string_view value) {
      Frame frame = parse_frame(value).value();
      frame.body = {};
      found.emplace(rocks::from_big_endian(key), frame);
      return true;
    }));
    catalog = Catalog::open(archive, options_at(kStart)).value();
    return found;
  }

  TempDir folder;
  const std::filesystem::path archive = folder / "archive";
  std::unique_ptr<Catalog> catalog;
  Timestamp at = kStart;
  std::vector<std::pair<Capture, std::string>> stored;
};

TEST_F(DeltaTest, StoresLaterCapturesOfAPageAsDeltasOfItsKeyframe) {
  const Capture first = store("https://a.org/1", page(1, 0));
  for (unsigned i = 1; i < 5; ++i) {
    const Capture later = store("https://a.org/1", page(1, i));
    EXPECT_LT(later.stored_bytes * 20, first.stored_bytes);
  }
  for (const auto& [id, frame] : frames()) EXPECT_EQ(frame.lean.row, id == 1 ? 0u : 1u);
  expect_whole();
}

TEST_F(DeltaTest, MakesAPageThatHasChangedItsOwnKeyframe) {
  store("https://a.org/1", page(1, 0));
  store("https://a.org/1", page(2, 1));  // redesigned
  store("https://a.org/1", page(2, 2));
  const auto rows = frames();
  EXPECT_EQ(rows.at(2).lean.row, 0u);
  EXPECT_EQ(rows.at(3).lean.row, 2u);
  expect_whole();
}

TEST_F(DeltaTest, LeansOnAnotherPageOfTheHostUntilThePageIsSeenAgain) {
  store("https://a.org/1", page(1, 0));
  store("https://a.org/2", page(1, 1) + "<p>another article</p>");
  store("https://b.org/2", page(1, 2));
  store("https://a.org/2", page(1, 3) + "<p>another article</p>");
  store("https://a.org/2", page(1, 4) + "<p>another article</p>");
  const auto rows = frames();
  EXPECT_EQ(rows.at(2).lean.row, 1u);
  EXPECT_EQ(rows.at(3).lean.row, 0u) << "another host";
  EXPECT_EQ(rows.at(4).lean.row, 0u) << "its own keyframe";
  EXPECT_EQ(rows.at(5).lean.row, 4u);
  expect_whole();
}

TEST_F(DeltaTest, GivesAKeyframeNoMoreDependentsThan64) {
  for (unsigned i = 0; i < 70; ++i) store("https://a.org/1", page(1, i, 300));
  std::map<std::uint64_t, int> dependents;
  for (const auto& [id, frame] : frames()) ++dependents[frame.lean.row];
  EXPECT_EQ(dependents[1], 64);
  EXPECT_EQ(dependents[66], 4);
  expect_whole();
}

TEST_F(DeltaTest, HoldsThe64EvenWhereManyWerePreparedAtOnce) {
  store("https://a.org/1", page(1, 0, 300));
  std::vector<NewCapture> many;
  for (unsigned i = 1; i < 70; ++i) {
    const std::string payload = page(1, i, 300);
    many.push_back(capture_of(*catalog, "https://a.org/1", payload, kStart + hours(i)));
    stored.emplace_back(many.back().capture, payload);
  }
  const auto ack = await(catalog->commit(commit_of(std::move(many))));
  ASSERT_TRUE(ack) << ack.error().message;
  for (std::size_t i = 0; i < ack->captures.size(); ++i) stored[i + 1].first = ack->captures[i];
  std::map<std::uint64_t, int> dependents;
  for (const auto& [id, frame] : frames()) ++dependents[frame.lean.row];
  EXPECT_EQ(dependents[1], 64);
  expect_whole();
}

TEST_F(DeltaTest, RepackShrinksTheStoreAndLosesNothing) {
  for (unsigned visit = 0; visit < 5; ++visit) {
    for (unsigned n = 0; n < 12; ++n) store("https://a.org/" + std::to_string(n), page(n, visit, 500 + n * 1500));
  }
  store("https://a.org/logo.png", "");
  const std::uint64_t online = stored_bytes();
  EXPECT_EQ(repack(), 60u);
  EXPECT_LT(stored_bytes(), online * 9 / 10);
  const auto rows = frames();
  EXPECT_LT(rows.size(), 10u);
  for (const auto& [id, frame] : rows) {
    if (frame.lean.row != 0) {
      EXPECT_EQ(rows.at(frame.lean.row).lean.row, 0u);
    }
  }
  expect_whole();
  EXPECT_EQ(repack(), 0u) << "nothing is left to do";
}

TEST_F(DeltaTest, RepackedRowsStayShortEnoughToBeReadInMilliseconds) {
  for (unsigned visit = 0; visit < 5; ++visit) {
    for (unsigned n = 0; n < 3; ++n) store("https://a.org/" + std::to_string(n), page(n, visit, 75'000));
  }
  EXPECT_EQ(repack(), 15u);
  catalog.reset();
  const auto database = rocks::Database::open(archive, rocks::Mode::kSecondary).value();
  std::map<bool, std::vector<std::size_t>> sizes;  // of rows that lean, and of those that do not
  EXPECT_TRUE(database->scan(Family::kPayloads, {}, {}, [&](std::string_view, std::string_view value) {
    const Frame frame = parse_frame(value).value();
    sizes[frame.lean.row != 0].push_back(content_size(frame).value());
    return true;
  }));
  catalog = Catalog::open(archive, options_at(kStart)).value();
  for (const std::size_t size : sizes[false]) EXPECT_LE(size, 2u << 20);
  for (const std::size_t size : sizes[true]) EXPECT_LE(size, 3u << 20);
  EXPECT_GE(sizes[false].size(), 3u) << "two rows of keyframes, one of header blocks";
  expect_whole();
}

TEST_F(DeltaTest, CapturesAfterARepackLeanOnThePackedKeyframeAndArePackedNextTime) {
  for (unsigned n = 0; n < 3; ++n) store("https://a.org/" + std::to_string(n), page(n, 0));
  repack();
  for (unsigned n = 0; n < 3; ++n) {
    EXPECT_LT(store("https://a.org/" + std::to_string(n), page(n, 1)).stored_bytes, 400u);
  }
  expect_whole();
  EXPECT_EQ(repack(), 3u);
  expect_whole();
  store("https://a.org/1", page(77, 2));  // redesigned since
  EXPECT_EQ(repack(), 1u);
  EXPECT_LT(store("https://a.org/1", page(77, 3)).stored_bytes, 400u);
  expect_whole();
}

TEST_F(DeltaTest, APreparedDeltaWhoseBaseWasRepackedIsStoredAllTheSame) {
  store("https://a.org/1", page(1, 0));
  const std::string payload = page(1, 1);
  NewCapture waiting = capture_of(*catalog, "https://a.org/1", payload, kStart + hours(9));
  repack();
  const auto ack = await(catalog->commit(commit_of({std::move(waiting)})));
  ASSERT_TRUE(ack) << ack.error().message;
  stored.emplace_back(ack->captures.at(0), payload);
  expect_whole();
}

TEST_F(DeltaTest, AReaderBesideARepackFindsWhatHasMoved) {
  for (unsigned i = 0; i < 6; ++i) store("https://a.org/1", page(1, i));
  const auto reader = Archive::open(archive).value();
  for (const auto& [capture, payload] : stored) EXPECT_EQ(reader->payload(capture.digest).value(), payload);
  repack();
  for (const auto& [capture, payload] : stored) {
    const auto bytes = reader->payload(capture.digest);
    ASSERT_TRUE(bytes) << bytes.error().message;
    EXPECT_EQ(*bytes, payload);
    EXPECT_TRUE(reader->headers(capture.id));
  }
}

TEST_F(DeltaTest, SharedPayloadsStayWhereEveryPageFindsThem) {
  const std::string same = page(1, 0);
  store("https://a.org/1", same);
  store("https://b.org/1", same);
  store("https://b.org/1", page(1, 1));
  EXPECT_EQ(repack(), 2u);
  expect_whole();
}

TEST_F(DeltaTest, FramesThatAreDamagedAreCorruptAndNeverAllocateWhatTheyClaim) {
  const Zstd zstd;
  const std::string text(1000, 'x');
  const std::string whole = make_frame(Encoding::kDelta, {7, 300, 20}, delta_body(zstd, text, "prefix", 3));
  const Frame parsed = parse_frame(whole).value();
  EXPECT_EQ(parsed.lean, (Lean{7, 300, 20}));
  EXPECT_EQ(content_size(parsed).value(), text.size());
  EXPECT_EQ(decode_frame(zstd, parsed, "prefix", text.size()).value(), text);
  for (const std::string& bytes : {std::string(), std::string("\x09what"), std::string("\x03"),
                                   std::string("\x03\xff\xff"), "\x03" + std::string(12, '\xff')}) {
    EXPECT_FALSE(parse_frame(bytes));
  }
  EXPECT_FALSE(decode_frame(zstd, parsed, "prefix", 999));
  EXPECT_FALSE(content_size(parse_frame("\x02zstd it is not").value()));
  EXPECT_FALSE(slice_of("12345", {1, 4, 2}));
  EXPECT_FALSE(slice_of("12345", {1, ~std::uint64_t{0}, 2}));
}

TEST_F(DeltaTest, OfAFrameNoMoreIsDecodedThanIsWanted) {
  const Zstd zstd;
  const std::string text = page(1, 1, 60'000), prefix = page(1, 2, 60'000);
  const std::string whole = make_frame(Encoding::kPack, {7, 0, 0}, delta_body(zstd, text, prefix, 3));
  const auto start = [&](std::string_view bytes, std::size_t wanted) {
    return decode_frame(zstd, parse_frame(bytes).value(), prefix, text.size(), wanted);
  };
  for (const std::size_t wanted : {std::size_t{0}, std::size_t{1}, std::size_t{200'000}, text.size(), text.size() + 1})
    EXPECT_EQ(start(whole, wanted).value(), text.substr(0, wanted)) << wanted;
  const std::string_view cut = std::string_view(whole).substr(0, whole.size() - 1);
  EXPECT_EQ(start(cut, 1000).value(), text.substr(0, 1000)) << "what comes later is not looked at";
  EXPECT_FALSE(start(cut, text.size()));
  EXPECT_FALSE(start(std::string_view(whole).substr(0, 30), 1000));
}

}  // namespace
}  // namespace vellum::storage
