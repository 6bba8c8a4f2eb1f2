#include "crawler/net/body.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "tests/support/temp_dir.h"

namespace vellum::net {
namespace {

constexpr std::size_t kLimit = Body::kMemoryBytes;

// Different at every offset, so that a misplaced write shows.
std::string bytes_of(std::size_t count) {
  std::string bytes(count, '\0');
  std::uint32_t state = 1;
  for (char& c : bytes) {
    state = state * 1664525u + 1013904223u;
    c = static_cast<char>(state >> 24);
  }
  return bytes;
}

// Where temporary files go, for one test.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::filesystem::path& path) {
    if (const char* before = std::getenv("TMPDIR")) before_ = before;
    ::setenv("TMPDIR", path.c_str(), 1);
  }
  ~TemporaryFolder() {
    if (before_.empty())
      ::unsetenv("TMPDIR");
    else
      ::setenv("TMPDIR", before_.c_str(), 1);
  }

 private:
  std::string before_;
};

// Files cannot grow past a size, as on a full disk, but for any user and on any file system.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    previous_ = std::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit tight{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, previous_);
  }

 private:
  rlimit before_{};
  void (*previous_)(int) = nullptr;
};

TEST(Body, IsEmptyAtFirst) {
  const Body body;
  EXPECT_EQ(body.size(), 0u);
  EXPECT_EQ(body.view().value(), "");
}

TEST(Body, StaysInMemoryUpToOneMebibyte) {
  test::TempDir folder;
  const TemporaryFolder here(folder / "missing");
  Body body;
  const std::string bytes = bytes_of(kLimit);
  ASSERT_TRUE(body.append(bytes));
  EXPECT_EQ(body.view().value(), bytes);
  const auto spilled = body.append("x");
  ASSERT_FALSE(spilled);
  EXPECT_EQ(spilled.error().kind, ErrorKind::kStorage);
  EXPECT_EQ(body.size(), kLimit);
  EXPECT_EQ(body.view().value(), bytes);
}

TEST(Body, SpillsToAFileWithoutANameAndKeepsEveryByte) {
  test::TempDir folder;
  const TemporaryFolder here(folder.path());
  const std::string bytes = bytes_of(3 * kLimit + 17);
  Body body;
  for (std::size_t at = 0; at < bytes.size(); at += 65'537) {
    ASSERT_TRUE(body.append(std::string_view(bytes).substr(at, 65'537)));
  }
  EXPECT_EQ(body.size(), bytes.size());
  EXPECT_EQ(body.view().value(), bytes);
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(Body, KeepsViewsValidWhenMoved) {
  Body small(std::string("abc")), large;
  ASSERT_TRUE(large.append(bytes_of(kLimit + 1)));
  const auto small_view = small.view().value(), large_view = large.view().value();
  const Body small_moved = std::move(small);
  Body large_moved;
  large_moved = std::move(large);
  EXPECT_EQ(small_view.data(), small_moved.view().value().data());
  EXPECT_EQ(large_view.data(), large_moved.view().value().data());
  EXPECT_EQ(small_view, "abc");
  EXPECT_EQ(large_view, bytes_of(kLimit + 1));
}

TEST(Body, IsEmptyAndUsableAfterAMove) {
  Body body;
  ASSERT_TRUE(body.append(bytes_of(kLimit + 1)));
  const Body taken = std::move(body);
  EXPECT_EQ(body.size(), 0u);  // NOLINT: what a moved-from Body is, is promised
  EXPECT_EQ(body.view().value(), "");
  ASSERT_TRUE(body.append("new"));
  EXPECT_EQ(body.view().value(), "new");
}

TEST(Body, ShowsWhatWasAppendedAfterAView) {
  Body body;
  ASSERT_TRUE(body.append(bytes_of(kLimit + 1)));
  ASSERT_TRUE(body.view());
  ASSERT_TRUE(body.append("tail"));
  EXPECT_TRUE(body.view().value().ends_with("tail"));
  EXPECT_EQ(body.view().value().size(), kLimit + 5);
}

TEST(Body, CanBeReadByManyThreads) {
  Body body;
  const std::string bytes = bytes_of(kLimit + 1);
  ASSERT_TRUE(body.append(bytes));
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i) {
    readers.emplace_back([&] { EXPECT_EQ(body.view().value(), bytes); });
  }
  for (std::thread& reader : readers) reader.join();
}

TEST(Body, SaysStorageWhenTheDiskIsFullAndKeepsWhatItHad) {
  const std::string bytes = bytes_of(2 * kLimit);
  Body body;
  ASSERT_TRUE(body.append(std::string_view(bytes).substr(0, kLimit + 10)));
  {
    const FullDisk full(kLimit + 20);
    const auto failed = body.append(std::string_view(bytes).substr(kLimit + 10, 1000));
    ASSERT_FALSE(failed);
    EXPECT_EQ(failed.error().kind, ErrorKind::kStorage);
    EXPECT_EQ(failed.error().code, EFBIG);
  }
  EXPECT_EQ(body.size(), kLimit + 10);
  ASSERT_TRUE(body.append(std::string_view(bytes).substr(kLimit + 10)));
  EXPECT_EQ(body.view().value(), bytes);
}

TEST(Body, StaysInMemoryWhenTheSpillFails) {
  const std::string bytes = bytes_of(kLimit);
  Body body(bytes);
  {
    const FullDisk full(kLimit / 2);
    EXPECT_FALSE(body.append("x"));
  }
  EXPECT_EQ(body.view().value(), bytes);
  ASSERT_TRUE(body.append("x"));
  EXPECT_EQ(body.view().value(), bytes + "x");
}

}  // namespace
}  // namespace vellum::net
