// A WAL that ends in the middle of its last record, wherever that is: the batch was acknowledged, so the archive must
// say what it lost, and change nothing.

#include <gtest/gtest.h>

#include "tests/storage/folder_bytes.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using namespace test;

// Where the last record of a WAL begins: checksum (4 bytes), length (2), type (1) and content, in blocks of 32 KiB; the
// types 1 (whole) and 2 (first part) begin one.
std::size_t last_record_of(const std::string& log) {
  constexpr std::size_t kBlock = 32768, kHeader = 7;
  const auto byte = [&](std::size_t at) { return static_cast<std::size_t>(static_cast<unsigned char>(log[at])); };
  std::size_t last = 0;
  for (std::size_t at = 0; at + kHeader <= log.size();) {
    const std::size_t left = kBlock - at % kBlock;
    if (left < kHeader) {
      at += left;
      continue;
    }
    if (byte(at + 6) == 1 || byte(at + 6) == 2) last = at;
    at += kHeader + byte(at + 4) + (byte(at + 5) << 8);
  }
  return last;
}

TEST(TornWal, IsRefusedAtEveryByteOfItsLastRecordAndHealsWhenTheRestIsPutBack) {
  TempDir folder;
  const fs::path archive = folder / "archive";
  auto catalog = Catalog::open(folder / "open", options_at(kStart, true));
  ASSERT_TRUE(catalog) << catalog.error().message;
  for (const char* name : {"a", "b", "c"}) {
    const std::string url = std::string("https://example.org/") + name;
    ASSERT_TRUE(await((*catalog)->commit(commit_of({capture_of(**catalog, url, name)}))));
  }
  fs::copy(folder / "open", archive, fs::copy_options::recursive);  // as a crash leaves it: all in the WAL
  const fs::path wal = files_with(archive / "db", ".log").at(0);
  const std::string whole = read_bytes(wal);
  const std::size_t last = last_record_of(whole);
  ASSERT_GT(last, 0u);
  ASSERT_GT(whole.size() - last, 100u);
  for (std::size_t size = last; size < whole.size(); ++size) {
    write_bytes(wal, whole.substr(0, size));
    const auto opened = Catalog::open(archive, options_at(kStart));
    ASSERT_FALSE(opened) << "cut at " << size << " of " << whole.size();
    EXPECT_EQ(opened.error().kind, ErrorKind::kCorrupt) << opened.error().message;
    EXPECT_NE(opened.error().message.find("lost acknowledged writes"), std::string::npos) << opened.error().message;
  }
  write_bytes(wal, whole);
  const auto healed = Catalog::open(archive, options_at(kStart));
  ASSERT_TRUE(healed) << healed.error().message;
  EXPECT_EQ((*healed)->archive().check(true)->captures, 3u);
}

}  // namespace
}  // namespace vellum::storage
