// Reading everything bit by bit: calls that end early go on where they ended, and together they see all that one long
// call sees.

#include <gmock/gmock.h>

#include <set>

#include "storage/archive/records.h"
#include "storage/rocks/database.h"
#include "tests/storage/folder_bytes.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using rocks::Family;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string payload_of(int n) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += sha256(std::to_string(n * 1000 + i)).to_text();
  return text;
}

class Scrub : public testing::Test {
 protected:
  static constexpr int kPages = 12;

  void SetUp() override {
    const auto catalog = Catalog::open(archive, options_at(kStart, true)).value();
    for (int i = 0; i < kPages; ++i) {
      const std::string url = "https://example.org/" + std::to_string(i);
      ASSERT_TRUE(await(catalog->commit(commit_of({capture_of(*catalog, url, payload_of(i))}))));
    }
  }
  // Calls that read `rows` rows each, until a pass ends; their sums.
  ScrubReport pass(int rows) {
    ScrubReport sum;
    const auto reader = Archive::open(archive).value();
    for (calls = 0; calls < 1000 && !sum.is_end; ++calls) {
      int left = rows;
      const auto report = reader->scrub(sum.next, [&] { return --left > 0; });
      EXPECT_TRUE(report) << report.error().message;
      if (!report) break;
      EXPECT_TRUE(report->is_end || report->next.row > sum.next.row || report->next.headers > sum.next.headers);
      sum.rows += report->rows;
      sum.payloads += report->payloads;
      sum.bytes += report->bytes;
      sum.next = report->next;
      sum.is_end = report->is_end;
      for (const Fault& fault : report->faults) {
        sum.faults.push_back(fault);
        lines.insert(fault.where + ": " + fault.what);
      }
    }
    return sum;
  }
  void put(Family family, const std::string& key, const std::string& value) {
    const auto database = rocks::Database::open(archive, rocks::Mode::kReadWrite).value();
    rocks::Batch batch;
    batch.put(family, key, value);
    ASSERT_TRUE(database->write(std::move(batch), database->acknowledged() + 1));
  }

  TempDir folder;
  const std::filesystem::path archive = folder / "archive";
  int calls = 0;
  std::set<std::string> lines;
};

TEST_F(Scrub, ShortCallsTogetherReadAllThatALongOneReads) {
  const ScrubReport whole = pass(1'000'000);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(whole.payloads, static_cast<std::uint64_t>(kPages));
  EXPECT_EQ(whole.bytes, kPages * payload_of(0).size());
  for (const int rows : {1, 2, 5}) {
    const ScrubReport sum = pass(rows);
    EXPECT_GT(calls, kPages / rows);
    EXPECT_TRUE(sum.is_end);
    EXPECT_EQ(sum.payloads, whole.payloads);
    EXPECT_EQ(sum.bytes, whole.bytes);
    EXPECT_EQ(sum.next, ScrubCursor()) << "the next call begins anew";
  }
  EXPECT_THAT(lines, IsEmpty());
}

TEST_F(Scrub, AnEmptyArchiveIsReadAtOnce) {
  const std::filesystem::path empty = folder / "empty";
  ASSERT_TRUE(Catalog::open(empty, options_at(kStart, true)));
  const auto report = Archive::open(empty).value()->scrub({}, [] { return false; });
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->is_end);
}

TEST_F(Scrub, FindsAPayloadThatIsNotAsItWasAndAHeaderBlockThatDoesNotRead) {
  const std::string frame = [&] {
    const auto database = rocks::Database::open(archive, rocks::Mode::kSecondary).value();
    return **database->find(Family::kPayloads, id_key(3));
  }();
  put(Family::kPayloads, id_key(7), frame);  // a whole frame, of another payload
  put(Family::kHeaders, id_key(5), "no frame");
  const ScrubReport sum = pass(2);
  EXPECT_TRUE(sum.is_end);
  EXPECT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines, Contains(HasSubstr("payload 7")));
  EXPECT_THAT(lines, Contains(HasSubstr("header blocks of capture 5")));
}

TEST_F(Scrub, GoesOnBehindABlockOfTheDiskThatDoesNotRead) {
  ASSERT_TRUE(Catalog::open(archive, options_at(kStart)));  // closing writes SST files
  const std::filesystem::path largest = files_with(archive / "db", ".sst").front();
  flip_byte(largest, std::filesystem::file_size(largest) / 2);
  const ScrubReport sum = pass(3);
  EXPECT_TRUE(sum.is_end) << "one bad block does not hold up the pass";
  EXPECT_THAT(lines, testing::Not(IsEmpty()));
  EXPECT_LT(sum.payloads, static_cast<std::uint64_t>(kPages));
  EXPECT_GE(sum.payloads, static_cast<std::uint64_t>(kPages - 3)) << "only what is in that block is lost";
}

}  // namespace
}  // namespace vellum::storage
