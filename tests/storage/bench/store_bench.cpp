// Figures of the store on this machine; not a test. Builds with the tests, runs by hand:
//   store_bench commits [SECONDS]   captures a second, 9 KB and 30 discovered links each: one by one, and 16 at a time
//   store_bench frontier [URLS [random]]   inserts and leases a second, their CPU time, and resident memory, as the
//   queue
//                                   grows to URLS over 100,000 groups, four of five links on the page's own host;
//                                   random: every link leads to another one (docs/benchmarks.md)
//   store_bench pages FOLDER [16]   ingest, check and reads of real pages, online and repacked
//   store_bench levels FOLDER       compression levels against size and speed

#include <malloc.h>

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/storage/bench/frontier_bench.h"
#include "tests/storage/bench/page_bench.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using Steady = std::chrono::steady_clock;

double seconds_since(Steady::time_point start) {
  return std::chrono::duration<double>(Steady::now() - start).count();
}

std::unique_ptr<Catalog> make(const TempDir& folder) {
  auto catalog = Catalog::open(folder / "archive", options_at(kStart, true));
  if (!catalog) std::fprintf(stderr, "%s\n", catalog.error().message.c_str());
  return catalog ? *std::move(catalog) : nullptr;
}

// --- commits
// ----------------------------------------------------------------------------------------------------------

struct Committer {
  Catalog& catalog;
  RunId run;
  std::mt19937 random;
  Steady::time_point end;
  int done = 0;

  Commit next() {
    const std::string url = "https://host" + std::to_string(random() % 50) + ".org/" + std::to_string(random());
    std::string page = url;
    while (page.size() < 9000) page += " word" + std::to_string(random() % 20000);
    Commit commit = commit_of({capture_of(catalog, url, page)}, run);
    for (int i = 0; i < 30; ++i) {
      commit.discovered.push_back(
          task_of(url + "/" + std::to_string(i), "host" + std::to_string(random() % 50) + ".org"));
    }
    return commit;
  }
  Task<void> work() {
    while (Steady::now() < end) {
      Commit commit = next();
      VELLUM_CO_TRY(const CommitAck ack, co_await catalog.commit(std::move(commit)));
      done += static_cast<int>(ack.captures.size());
    }
    co_return Result<void>();
  }
};

double commits_a_second(int workers, int seconds) {
  TempDir folder;
  const auto catalog = make(folder);
  const RunId run = await(catalog->start_run("bench", "", kStart))->id;
  boost::asio::io_context context;
  std::vector<std::unique_ptr<Committer>> committers;
  const auto start = Steady::now();
  for (int i = 0; i < workers; ++i) {
    const auto end = start + std::chrono::seconds(seconds);
    committers.push_back(
        std::make_unique<Committer>(Committer{*catalog, run, std::mt19937(static_cast<unsigned>(i)), end}));
    boost::asio::co_spawn(context, committers.back()->work(), [](std::exception_ptr, Result<void>) {});
  }
  context.run();
  int done = 0;
  for (const auto& committer : committers) done += committer->done;
  return done / seconds_since(start);
}

int bench_commits(int seconds) {
  for (const int workers : {1, 16})
    std::printf("%2d at a time: %.0f captures/s\n", workers, commits_a_second(workers, seconds));
  return 0;
}

}  // namespace
}  // namespace vellum::storage

int main(int argc, char** argv) {
  mallopt(M_MMAP_THRESHOLD, 256 * 1024);  // as tools/vellum/main.cpp, for resident memory is a figure
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "commits") return vellum::storage::bench_commits(argc > 2 ? std::atoi(argv[2]) : 5);
  if (what == "frontier")
    return vellum::storage::bench_frontier(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000, argc > 3);
  const unsigned copies = argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 16;
  if (what == "pages" && argc >= 3) return vellum::storage::bench_pages(argv[2], copies);
  if (what == "levels" && argc == 3) return vellum::storage::bench_levels(argv[2]);
  std::fprintf(stderr,
               "store_bench commits [SECONDS] | frontier [URLS [random]] | pages FOLDER [COPIES] | levels FOLDER\n");
  return 2;
}
