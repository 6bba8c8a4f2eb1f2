// Hot backups and restoring them.

#include "storage/commit/backup.h"

#include <gmock/gmock.h>

#include "tests/storage/folder_bytes.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;

std::string payload_of(int n) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += sha256(std::to_string(n * 1000 + i)).to_text();
  return text;
}

class Backup : public testing::Test {
 protected:
  void SetUp() override {
    catalog = Catalog::open(archive, options_at(kStart, true)).value();
    run = await(catalog->start_run("crawl", "", kStart))->id;
    for (int i = 0; i < 10; ++i) store(i);
    write_bytes(archive / "vellum.toml", "seeds = []\n");
  }
  void store(int n) {
    const std::string url = "https://example.org/" + std::to_string(n % 4);
    Commit commit = commit_of({capture_of(*catalog, url, payload_of(n), kStart + std::chrono::hours(n))}, run);
    commit.discovered.push_back(task_of("https://example.org/queued/" + std::to_string(n), "example.org"));
    ASSERT_TRUE(await(catalog->commit(std::move(commit))));
  }

  TempDir folder;
  const fs::path archive = folder / "archive", backup = folder / "backup";
  std::unique_ptr<Catalog> catalog;
  RunId run = 0;
};

TEST_F(Backup, BesideAWriterHoldsWhatWasThereAndCanBeWrittenTo) {
  const auto report = copy_archive(archive, backup);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(report->captures, 10u);
  store(10);
  auto copy = Catalog::open(backup, options_at(kStart));
  ASSERT_TRUE(copy) << copy.error().message;
  EXPECT_EQ((*copy)->archive().stats()->captures, 10u);
  for (CaptureId id = 1; id <= 10; ++id) {
    const Capture capture = (*copy)->archive().capture(id).value();
    EXPECT_EQ(capture.to_json(), catalog->archive().capture(id)->to_json());
    EXPECT_EQ((*copy)->archive().payload(capture.digest).value(), payload_of(static_cast<int>(id) - 1));
  }
  EXPECT_EQ(await((*copy)->frontier().stats(run, kStart))->queued, 10u);
  EXPECT_EQ(read_bytes(backup / "vellum.toml"), "seeds = []\n");
  catalog = *std::move(copy);
  store(77);
  EXPECT_EQ(catalog->archive().stats()->captures, 11u);
}

TEST_F(Backup, GoesBackIntoANewFolderOnly) {
  ASSERT_TRUE(copy_archive(archive, backup));
  const auto again = copy_archive(archive, backup);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().kind, ErrorKind::kInvalid);
  EXPECT_THAT(again.error().message, HasSubstr("is there already"));
  fs::create_directory(folder / "empty");
  EXPECT_TRUE(copy_archive(backup, folder / "empty"));
  EXPECT_TRUE(Archive::open(folder / "empty").value()->check(true)->faults.empty());
}

TEST_F(Backup, OfADamagedArchiveIsRefusedAndLeavesNothing) {
  catalog.reset();
  const fs::path sst = files_with(archive / "db", ".sst").at(0);
  flip_byte(sst, fs::file_size(sst) / 3);
  const auto report = copy_archive(archive, backup);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().kind, ErrorKind::kCorrupt) << report.error().message;
  EXPECT_FALSE(fs::exists(backup));
  EXPECT_FALSE(fs::exists(folder / "backup.partial"));
  EXPECT_EQ(copy_archive(folder / "nothing", backup).error().kind, ErrorKind::kNotFound);
}

}  // namespace
}  // namespace vellum::storage
