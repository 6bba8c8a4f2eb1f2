// Healing from a backup: damage anywhere, and all that the backup has is there again; what came after it stays where it
// still reads.

#include "storage/commit/repair.h"

#include <gmock/gmock.h>

#include "storage/commit/backup.h"
#include "tests/storage/folder_bytes.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string payload_of(int n) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += sha256(std::to_string(n * 1000 + i)).to_text();
  return text;
}

class Repair : public testing::Test {
 protected:
  static constexpr int kBefore = 40, kAfter = 5;

  void SetUp() override {
    auto catalog = Catalog::open(archive, options_at(kStart, true)).value();
    for (int i = 0; i < kBefore; ++i) store(*catalog, i);
    ASSERT_TRUE(copy_archive(archive, backup));
    catalog.reset();  // writes an SST file of each family
    catalog = Catalog::open(archive, options_at(kStart)).value();
    for (int i = kBefore; i < kBefore + kAfter; ++i) store(*catalog, i);
    write_bytes(archive / "vellum.toml", "seeds = []\n");
  }
  void store(Catalog& catalog, int n) {
    const std::string url = "https://example.org/" + std::to_string(n);
    ASSERT_TRUE(await(catalog.commit(commit_of({capture_of(catalog, url, payload_of(n))}))));
  }
  void expect_whole(int captures) {
    const auto catalog = Catalog::open(archive, options_at(kStart));
    ASSERT_TRUE(catalog) << catalog.error().message;
    const auto report = (*catalog)->archive().check(true).value();
    for (const Fault& fault : report.faults) ADD_FAILURE() << fault.where << ": " << fault.what;
    EXPECT_EQ(report.captures, static_cast<std::uint64_t>(captures));
    for (int n = 0; n < captures; ++n) {
      EXPECT_EQ((*catalog)->archive().payload(sha256(payload_of(n))).value(), payload_of(n));
    }
    EXPECT_EQ(read_bytes(archive / "vellum.toml"), "seeds = []\n");
    store(**catalog, 1000);
    EXPECT_TRUE((*catalog)->archive().check(true)->faults.empty());
  }

  TempDir folder;
  const fs::path archive = folder / "archive", backup = folder / "backup";
};

TEST_F(Repair, HealsAFlippedByteInAnyOfTheOlderFiles) {
  const auto files = files_with(archive / "db", ".sst");
  ASSERT_THAT(files, Not(IsEmpty()));
  for (const fs::path& sst : files) {
    if (fs::file_size(sst) < 40'000) continue;  // the one with the payloads, where a block is not all of the file
    flip_byte(sst, fs::file_size(sst) / 3);
    ASSERT_FALSE(Archive::open(archive).value()->check(true)->faults.empty());
    const auto report = repair_archive(archive, backup);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_GE(report->gaps, 1u);
    EXPECT_GE(report->rows, 1u);
    for (const Fault& fault : report->check.faults) ADD_FAILURE() << fault.where << ": " << fault.what;
    EXPECT_TRUE(fs::exists(report->damaged / "db"));
    expect_whole(kBefore + kAfter);
    return;
  }
  FAIL() << "no file is large enough";
}

TEST_F(Repair, OfAnArchiveWithoutDatabaseIsTheBackup) {
  fs::remove(archive / "db" / "CURRENT");
  const auto report = repair_archive(archive, backup);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->check.faults.size(), 1u) << "five captures are gone, and nothing refers to them";
  EXPECT_THAT(report->check.faults.front().what,
              HasSubstr("what was written after the backup, batches 42 to 46, may be missing"));
  expect_whole(kBefore);
}

TEST_F(Repair, SaysNothingIsMissingWhereTheBackupIsAsNew) {
  const fs::path fresh = folder / "fresh";
  ASSERT_TRUE(copy_archive(archive, fresh));
  fs::remove(archive / "db" / "CURRENT");
  const auto report = repair_archive(archive, fresh);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(report->check.faults, IsEmpty());
  expect_whole(kBefore + kAfter);
}

TEST_F(Repair, OfAWholeArchiveChangesNothing) {
  const auto report = repair_archive(archive, backup);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->gaps, 0u);
  EXPECT_EQ(report->rows + report->payloads + report->headers, 0u);
  expect_whole(kBefore + kAfter);
}

TEST_F(Repair, RefusesAnArchiveThatIsWrittenToAndABackupThatIsDamaged) {
  {
    const auto catalog = Catalog::open(archive, options_at(kStart)).value();
    EXPECT_EQ(repair_archive(archive, backup).error().kind, ErrorKind::kRefused);
  }
  fs::remove(backup / "ACKNOWLEDGED");
  const auto before = bytes_of(archive);
  EXPECT_EQ(repair_archive(archive, backup).error().kind, ErrorKind::kCorrupt);
  EXPECT_TRUE(bytes_of(archive) == before);
}

TEST_F(Repair, ForgetsAgainWhatTheBackupBringsBack) {
  const Url url = Url::parse("https://example.org/7").value();
  Capture gone;
  {
    const auto catalog = Catalog::open(archive, options_at(kStart)).value();
    gone = catalog->archive().captures(url)->at(0);
    ASSERT_TRUE(catalog->take_down({{gone.id}, {}, "asked for", false, kStart}));
  }
  ASSERT_TRUE(Catalog::open(archive, options_at(kStart)));
  int came_back = 0, tried = 0;
  std::vector<fs::path> files = files_with(archive / "db", ".sst");
  files.resize(std::min<std::size_t>(files.size(), 8));  // the largest
  for (const fs::path& file : files) {
    const fs::path place = folder / "place";
    fs::remove_all(place);
    fs::copy(archive, place, fs::copy_options::recursive);
    const fs::path sst = place / "db" / file.filename();
    flip_byte(sst, fs::file_size(sst) / 3);
    const auto report = repair_archive(place, backup);
    ASSERT_TRUE(report) << report.error().message;
    fs::remove_all(report->damaged);
    if (Archive::open(place).value()->capture(gone.id)) ++came_back;
    const auto catalog = Catalog::open(place, options_at(kStart));
    ASSERT_TRUE(catalog) << catalog.error().message;
    const Archive& now = (*catalog)->archive();
    if (now.tombstones(url)->empty()) continue;  // the damage was in them, and the backup has none
    ++tried;
    EXPECT_THAT(*now.captures(url), IsEmpty()) << file;
    EXPECT_FALSE(now.has_payload(gone.digest)) << file;
    EXPECT_EQ(now.tombstones(url)->at(0).reason, "asked for");
    const CheckReport checked = now.check(true).value();  // it may lack what came after the backup
    for (const Fault& fault : checked.faults) EXPECT_THAT(fault.where, Not(HasSubstr("capture 8"))) << fault.what;
  }
  EXPECT_GT(tried, 3);
  EXPECT_GT(came_back, 0) << "else this test proves nothing";
}

TEST_F(Repair, HealsPayloadsFromAnotherArchiveThatHasThem) {
  const fs::path sst = files_with(archive / "db", ".sst").front();
  flip_byte(sst, fs::file_size(sst) / 3);
  ASSERT_FALSE(Archive::open(archive).value()->check(true)->faults.empty());
  {
    // As an import of a WARC file makes one: other ids, other rows.
    auto catalog = Catalog::open(folder / "other", options_at(kStart, true)).value();
    for (int i = kBefore + kAfter; i-- > 0;) store(*catalog, i);
  }
  const auto source = Archive::open(folder / "other").value();
  const auto report = repair_payloads(archive, *source);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_GE(report->payloads, 1u);
  for (const Fault& fault : report->check.faults) ADD_FAILURE() << fault.where << ": " << fault.what;
  expect_whole(kBefore + kAfter);
}

}  // namespace
}  // namespace vellum::storage
