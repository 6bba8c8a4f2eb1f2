// What an archive says after a disk, or a person, damaged it: one clear line, and nothing made worse.

#include <gmock/gmock.h>
#include <unistd.h>

#include <algorithm>

#include "base/digest.h"
#include "storage/rocks/database.h"
#include "tests/storage/folder_bytes.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kCaptures = 40;

// Text that zstd cannot shrink to nothing, so that frames are large enough to hit.
std::string payload_of(int n) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += sha256(std::to_string(n * 1000 + i)).to_text();
  return text;
}

class Damage : public testing::Test {
 protected:
  // The archive under test is a copy of one that is still open: what a crash leaves, everything in the WAL.
  void SetUp() override {
    auto catalog = Catalog::open(folder / "open", options_at(kStart, true));
    ASSERT_TRUE(catalog) << catalog.error().message;
    for (int i = 0; i < kCaptures; ++i) {
      const std::string url = "https://example.org/" + std::to_string(i);
      ASSERT_TRUE(await((*catalog)->commit(commit_of({capture_of(**catalog, url, payload_of(i))}))));
    }
    fs::copy(folder / "open", archive, fs::copy_options::recursive);
  }
  Result<std::unique_ptr<Catalog>> open() const { return Catalog::open(archive, options_at(kStart)); }
  // Opening fails with this, each time, and leaves every file as it is.
  void expect_refusal(ErrorKind kind, const std::string& text) const {
    const auto before = bytes_of(archive);
    for (int attempt = 0; attempt < 2; ++attempt) {
      const auto opened = open();
      ASSERT_FALSE(opened) << "opened as if nothing had happened";
      EXPECT_EQ(opened.error().kind, kind) << opened.error().message;
      EXPECT_THAT(opened.error().message, AllOf(HasSubstr(text), Not(HasSubstr("\n"))));
      const bool unchanged = before == bytes_of(archive);
      EXPECT_TRUE(unchanged) << "opening changed files";
    }
  }
  void expect_whole() const {
    const auto catalog = open();
    ASSERT_TRUE(catalog) << catalog.error().message;
    const auto report = (*catalog)->archive().check(true);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(report->captures, std::uint64_t{kCaptures});
    EXPECT_THAT(report->faults, IsEmpty());
  }
  // A reader still opens, warns, and the check names the fault.
  void expect_warning(const std::string& text) const {
    const auto reader = Archive::open(archive);
    ASSERT_TRUE(reader) << reader.error().message;
    EXPECT_THAT((*reader)->warnings(), Contains(HasSubstr(text)));
    const auto report = (*reader)->check(false);
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_THAT(report->faults, Contains(Field(&Fault::what, HasSubstr(text))));
  }
  // One more SST file of each family, with a row that it has already.
  void write_rows_again() const {
    const auto database = *rocks::Database::open(archive, rocks::Mode::kReadWrite);
    rocks::Batch batch;
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(rocks::Family::kCount); ++i) {
      const auto family = static_cast<rocks::Family>(i);
      const auto put_first = [&](std::string_view key, std::string_view value) {
        batch.put(family, std::string(key), std::string(value));
        return false;
      };
      ASSERT_TRUE(database->scan(family, "", "", put_first));
    }
    ASSERT_TRUE(database->write(std::move(batch), database->acknowledged() + 1));
    ASSERT_TRUE(database->flush());
  }
  fs::path wal() const { return files_with(archive / "db", ".log").at(0); }

  TempDir folder;
  const fs::path archive = folder / "archive";
};

TEST_F(Damage, FindsNothingInAWholeArchive) {
  expect_whole();
  const auto reader = Archive::open(archive);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_THAT((*reader)->warnings(), IsEmpty());
}

TEST_F(Damage, RefusesAWalWhoseTailWasCutAndHealsWhenItIsPutBack) {
  const std::string whole = read_bytes(wal());
  write_bytes(wal(), whole.substr(0, whole.size() - 150));
  expect_refusal(ErrorKind::kCorrupt,
                 "archive lost acknowledged writes: the mark says batch 41, the database holds 40");
  expect_warning("archive lost acknowledged writes");
  write_bytes(wal(), whole);
  expect_whole();
}

TEST_F(Damage, RefusesADeletedWalAndHealsWhenItIsPutBack) {
  const fs::path file = wal();
  const std::string whole = read_bytes(file);
  fs::remove(file);
  expect_refusal(ErrorKind::kCorrupt, "archive lost acknowledged writes: the mark says batch 41, the database holds 0");
  expect_warning("archive lost acknowledged writes");
  write_bytes(file, whole);
  expect_whole();
}

TEST_F(Damage, RefusesAWalWithAFlippedByteAndReadsWhatIsAroundIt) {
  const std::string whole = read_bytes(wal());
  flip_byte(wal(), whole.size() / 2);
  expect_refusal(ErrorKind::kCorrupt, "cannot open the database: Corruption");
  expect_warning("cannot open the database: Corruption: checksum mismatch; reading what is whole");
  const auto reader = Archive::open(archive);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_TRUE((*reader)->capture(1));
  EXPECT_TRUE((*reader)->capture(kCaptures));
  write_bytes(wal(), whole);
  expect_whole();
}

TEST_F(Damage, RefusesAMissingMark) {
  const std::string mark = read_bytes(archive / "ACKNOWLEDGED");
  fs::remove(archive / "ACKNOWLEDGED");
  expect_refusal(ErrorKind::kCorrupt, "the mark of acknowledged writes is missing");
  expect_warning("the mark of acknowledged writes is missing");
  write_bytes(archive / "ACKNOWLEDGED", mark);
  expect_whole();
}

TEST_F(Damage, RefusesAShortOrGarbledMark) {
  const std::string mark = read_bytes(archive / "ACKNOWLEDGED");
  for (std::size_t at = 0; at < mark.size(); ++at) {
    write_bytes(archive / "ACKNOWLEDGED", mark);
    flip_byte(archive / "ACKNOWLEDGED", at);
    const auto opened = open();
    ASSERT_FALSE(opened) << "byte " << at;
    EXPECT_EQ(opened.error().kind, ErrorKind::kCorrupt);
  }
  write_bytes(archive / "ACKNOWLEDGED", mark.substr(0, mark.size() - 1));
  expect_refusal(ErrorKind::kCorrupt, "the mark of acknowledged writes is damaged");
  expect_warning("the mark of acknowledged writes is damaged");
}

TEST_F(Damage, NamesTheFileAndThePayloadBehindAFlippedByteInAnSst) {
  ASSERT_TRUE(open());  // writes the WAL out into SST files
  const fs::path sst = files_with(archive / "db", ".sst").at(0);
  flip_byte(sst, fs::file_size(sst) / 3);
  const auto reader = Archive::open(archive);
  ASSERT_TRUE(reader) << reader.error().message;
  const auto report = (*reader)->check(true);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_THAT(report->faults, Contains(Field(&Fault::where, "file " + sst.filename().string())));
  EXPECT_THAT(report->faults, Contains(Field(&Fault::where, HasSubstr("payload "))));
  std::size_t whole = 0;
  for (CaptureId id = 1; id <= kCaptures; ++id) {
    const auto capture = (*reader)->capture(id);
    ASSERT_TRUE(capture) << capture.error().message;
    const auto payload = (*reader)->payload(capture->digest);
    if (payload) ++whole;
    if (!payload) {
      EXPECT_EQ(payload.error().kind, ErrorKind::kCorrupt);
      EXPECT_THAT(payload.error().message, HasSubstr("run `vellum check`"));
    }
  }
  EXPECT_GT(whole, 0u);
  EXPECT_LT(whole, std::size_t{kCaptures});
}

TEST_F(Damage, NamesEachSstFileThatIsFlippedCutOrGone) {
  ASSERT_TRUE(open());  // writes the WAL out into SST files
  const std::vector<void (*)(const fs::path&)> harms = {
      [](const fs::path& f) { flip_byte(f, fs::file_size(f) / 2); },
      [](const fs::path& f) { flip_byte(f, fs::file_size(f) - 1); },
      [](const fs::path& f) { fs::resize_file(f, fs::file_size(f) / 2); }, [](const fs::path& f) { fs::remove(f); }};
  const auto files = files_with(archive / "db", ".sst");
  ASSERT_GT(files.size(), 5u);
  for (const fs::path& file : files) {
    for (const auto harm : harms) {
      const fs::path copy = folder / "harmed";
      fs::remove_all(copy);
      fs::copy(archive, copy, fs::copy_options::recursive);
      harm(copy / "db" / file.filename());
      const auto reader = Archive::open(copy);
      ASSERT_TRUE(reader) << reader.error().message;
      const auto report = (*reader)->check(true);
      ASSERT_TRUE(report) << report.error().message;
      const auto named = testing::AnyOf(Field(&Fault::where, HasSubstr(file.filename().string())),
                                        Field(&Fault::what, HasSubstr(file.filename().string())));
      EXPECT_THAT(report->faults, Contains(named)) << file;
    }
  }
}

// A secondary passes over a file that does not open, without a word, and a strict open tries the first 16 files alone
// unless it may keep all of them open. Of the runs nothing else tells how many there are.
TEST_F(Damage, FindsAFlippedByteAnywhereInTheFileOfTheRuns) {
  ASSERT_TRUE(await(open().value()->start_run("crawl", "", kStart)));
  write_rows_again();
  const auto files = files_with(archive / "db", ".sst");
  const auto holds_runs = [](const fs::path& f) { return read_bytes(f).find("nameruns") != std::string::npos; };
  const auto found = std::ranges::find_if(files, holds_runs);  // RocksDB puts the family's name into its properties
  ASSERT_NE(found, files.end());
  ASSERT_GT(files.size(), 16u);
  constexpr std::uintmax_t kStep = 17;
  for (std::uintmax_t at = 0; at < fs::file_size(*found); at += kStep) {
    flip_byte(*found, at);
    const auto reader = Archive::open(archive);
    const auto report = reader ? (*reader)->check(true) : fail(reader.error());
    EXPECT_TRUE(!report || !report->faults.empty()) << "byte " << at;
    flip_byte(*found, at);
  }
  EXPECT_THAT((*Archive::open(archive))->check(true)->faults, IsEmpty());
}

TEST_F(Damage, RefusesToWriteWhereAFileOfTheDatabaseIsGone) {
  ASSERT_TRUE(open());
  for (const fs::path& file : files_with(archive / "db", ".sst")) {
    const fs::path aside = folder / "aside";
    fs::rename(file, aside);
    expect_refusal(ErrorKind::kCorrupt, file.filename().string());
    expect_warning(file.filename().string());
    fs::rename(aside, file);
  }
  for (const auto& entry : fs::directory_iterator(archive / "db")) {
    if (!entry.path().filename().string().starts_with("MANIFEST")) continue;
    fs::rename(entry.path(), folder / "aside");
    expect_refusal(ErrorKind::kCorrupt, "MANIFEST");
    fs::rename(folder / "aside", entry.path());
  }
  expect_whole();
}

TEST_F(Damage, FollowsNoFormatFromTheFuture) {
  {
    const auto database = rocks::Database::open(archive, rocks::Mode::kReadWrite);
    ASSERT_TRUE(database);
    rocks::Batch batch;
    batch.put(rocks::Family::kMeta, "format", rocks::big_endian(rocks::kFormat + 1));
    ASSERT_TRUE((*database)->write(std::move(batch), (*database)->acknowledged() + 1));
  }
  expect_refusal(ErrorKind::kInvalid, "this program reads up to " + std::to_string(rocks::kFormat));
  const auto reader = Archive::open(archive);
  ASSERT_FALSE(reader);
  EXPECT_EQ(reader.error().kind, ErrorKind::kInvalid);
}

TEST_F(Damage, NamesWhoHoldsTheArchive) {
  const auto first = open();
  ASSERT_TRUE(first);
  const auto second = open();
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::kRefused);
  EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(::getpid())));
}

}  // namespace
}  // namespace vellum::storage
