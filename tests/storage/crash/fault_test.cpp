// The n-th call to the disk fails, for n = 0, 1, 2, ... until a run passes untouched. After each: what was acknowledged
// is there and whole, later commits failed, and the archive opens again.

#include <gmock/gmock.h>

#include <iostream>

#include "storage/rocks/mark.h"
#include "tests/storage/crash/fault_fs.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

namespace fs = std::filesystem;
using namespace test;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kCommits = 6;

// Long enough for deltas and packs.
std::string payload_of(const std::string& url) {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "line " + std::to_string(i) + " of the payload of " + url + "\n";
  return text;
}

class FaultTest : public testing::TestWithParam<DiskFault> {
 protected:
  void SetUp() override {
    auto catalog = Catalog::open(archive, options());
    ASSERT_TRUE(catalog) << catalog.error().message;
    run = await((*catalog)->start_run("crawl", "", kStart))->id;
  }
  OpenOptions options() const {
    OpenOptions chosen = options_at(kStart, !fs::exists(archive));
    chosen.env = env.get();
    return chosen;
  }
  // Commits until one fails; all after it must fail too. Notes what was acknowledged.
  void work(Catalog& catalog) {
    std::optional<Error> failed;
    for (int i = 0; i < kCommits; ++i) {
      const std::string url = "https://a.org/" + std::to_string(next++);
      Commit one = commit_of({capture_of(catalog, url, payload_of(url))}, run);
      one.discovered.push_back(task_of(url + "/more", "a.org"));
      const auto ack = await(catalog.commit(std::move(one)));
      if (ack) {
        EXPECT_FALSE(failed) << "acknowledged after a failed write";
        acknowledged.push_back(ack->captures.at(0));
        last_batch = ack->sequence;
      } else {
        EXPECT_EQ(ack.error().kind, ErrorKind::kStorage) << ack.error().message;
        failed = ack.error();
      }
    }
  }
  void expect_whole() {
    EXPECT_GE(rocks::Mark::read(*rocksdb::Env::Default(), archive / "ACKNOWLEDGED").value(), last_batch);
    const auto catalog = Catalog::open(archive, options());
    ASSERT_TRUE(catalog) << catalog.error().message;
    for (const Capture& capture : acknowledged) {
      const auto found = (*catalog)->archive().capture(capture.id);
      ASSERT_TRUE(found) << found.error().message;
      EXPECT_EQ(found->to_json(), capture.to_json());
      EXPECT_EQ((*catalog)->archive().payload(found->digest).value(), payload_of(capture.url));
      const auto status = await((*catalog)->frontier().status(run, capture.url + "/more", "a.org"));
      EXPECT_EQ(status->state, "queued");
    }
    const auto report = (*catalog)->archive().check(true).value();
    for (const auto& fault : report.faults) ADD_FAILURE() << fault.where << ": " << fault.what;
    EXPECT_EQ(await((*catalog)->frontier().stats(run, kStart))->queued, report.captures);
  }
  // Later captures of one page, so that there is something to repack.
  void fill(Catalog& catalog) {
    for (int i = 0; i < 3; ++i) {
      const std::string url = "https://a.org/" + std::to_string(next++);
      Commit one = commit_of({capture_of(catalog, url, payload_of(url))}, run);
      one.discovered.push_back(task_of(url + "/more", "a.org"));
      acknowledged.push_back(await(catalog.commit(std::move(one)))->captures.at(0));
    }
  }
  void close_and_expect_whole(std::unique_ptr<Catalog> catalog) {
    catalog.reset();
    repair_disk();
    expect_whole();
  }
  void repair_disk() {
    faults->disarm();
    if (GetParam() == DiskFault::kPowerCut) faults->cut_power();
  }
  // The archive as it is now is where every later round begins: what a round costs does not grow with their number.
  void begin_here() {
    fs::copy(archive, folder / "begin", fs::copy_options::recursive);
    begin = acknowledged;
  }
  void renew() {
    fs::remove_all(archive);
    fs::copy(folder / "begin", archive, fs::copy_options::recursive);
    acknowledged = begin;
    last_batch = 0;
    faults = std::make_shared<FaultFs>();
    env = rocksdb::NewCompositeEnv(faults);
  }
  void fill_and_begin_here() {
    const auto catalog = Catalog::open(archive, options());
    ASSERT_TRUE(catalog) << catalog.error().message;
    work(**catalog);
    begin_here();  // while it is open: a WAL to read, as after a kill
  }

  TempDir folder;
  const fs::path archive = folder / "archive";
  std::shared_ptr<FaultFs> faults = std::make_shared<FaultFs>();
  std::unique_ptr<rocksdb::Env> env = rocksdb::NewCompositeEnv(faults);
  RunId run = 0;
  int next = 0;
  std::uint64_t last_batch = 0;
  std::vector<Capture> acknowledged, begin;
};

TEST_P(FaultTest, WhileCommittingLosesNothingThatWasAcknowledged) {
  int n = 0;
  for (bool struck = true; struck && !HasFailure(); ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    {
      const auto catalog = Catalog::open(archive, options());
      ASSERT_TRUE(catalog) << catalog.error().message;
      faults->arm(GetParam(), n);
      work(**catalog);
      struck = faults->has_struck();
    }
    repair_disk();
    expect_whole();
  }
  EXPECT_GE(n, 4 * kCommits) << "a commit writes and syncs the WAL and the mark";
}

TEST_P(FaultTest, WhileOpeningLosesNothingThatWasAcknowledged) {
  fill_and_begin_here();
  int n = 0;
  for (bool struck = true; struck && !HasFailure(); ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    renew();
    faults->arm(GetParam(), n);
    {
      const auto catalog = Catalog::open(archive, options());
      struck = faults->has_struck();
      EXPECT_TRUE(catalog || struck) << catalog.error().message;
      if (!catalog) {
        EXPECT_THAT(catalog.error().message, HasSubstr("injected"));
      }
    }
    repair_disk();
    expect_whole();
  }
  EXPECT_GE(n, 10);
  std::cout << n << " calls that failed\n";
}

// Every n-th append, sync, truncation, rename, creation and directory sync of opening, committing and repacking.
TEST_P(FaultTest, OfOneKindOfCallLosesNothingThatWasAcknowledged) {
  fill_and_begin_here();
  constexpr DiskCall kKinds[] = {DiskCall::kAppend, DiskCall::kSync,   DiskCall::kTruncate,
                                 DiskCall::kRename, DiskCall::kCreate, DiskCall::kDirectorySync};
  int rounds = 0;
  for (const DiskCall kind : kKinds) {
    int n = 0;
    for (bool struck = true; struck && !HasFailure(); ++n, ++rounds) {
      SCOPED_TRACE("kind " + std::to_string(static_cast<int>(kind)) + ", call " + std::to_string(n));
      renew();
      faults->arm(GetParam(), n, kind);
      auto catalog = Catalog::open(archive, options());
      if (catalog) {
        work(**catalog);
        ignore((*catalog)->repack(), "the disk may fail");
      }
      struck = faults->has_struck();
      EXPECT_TRUE(catalog || struck) << catalog.error().message;
      close_and_expect_whole(catalog ? std::move(*catalog) : nullptr);
    }
  }
  std::cout << rounds << " calls that failed\n";
}

TEST_P(FaultTest, WhileRepackingLosesNothingThatWasAcknowledged) {
  int n = 0;
  for (bool struck = true; struck && !HasFailure(); ++n) {
    SCOPED_TRACE("call " + std::to_string(n));
    auto catalog = Catalog::open(archive, options());
    ASSERT_TRUE(catalog) << catalog.error().message;
    fill(**catalog);
    faults->arm(GetParam(), n);
    const auto step = (*catalog)->repack();
    struck = faults->has_struck();
    EXPECT_TRUE(step || struck) << step.error().message;
    close_and_expect_whole(std::move(*catalog));
  }
  EXPECT_GE(n, 3) << "a repack writes and syncs the WAL and the mark";
}

std::string name_of_fault(const testing::TestParamInfo<DiskFault>& tested) {
  constexpr const char* kNames[] = {"OneError", "DiskFull", "PowerCut"};
  return kNames[static_cast<std::size_t>(tested.param)];
}

INSTANTIATE_TEST_SUITE_P(Faults, FaultTest,
                         testing::Values(DiskFault::kOneError, DiskFault::kDiskFull, DiskFault::kPowerCut),
                         name_of_fault);

}  // namespace
}  // namespace vellum::storage
