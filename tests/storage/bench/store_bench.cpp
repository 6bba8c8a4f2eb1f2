// Figures of the store on this machine; not a test. Builds with the tests, runs by hand:
//   store_bench commits [SECONDS]   captures a second, 9 KB and 30 discovered links each: one by one, and 16 at a time
//   store_bench frontier [URLS]     inserts and leases a second, and resident memory, as the queue grows to URLS over
//                                   100,000 groups, four of five links on the page's own host
//   store_bench pages FOLDER [16]   ingest, check and reads of real pages, online and repacked
//   store_bench levels FOLDER       compression levels against size and speed

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>

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

std::uint64_t resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) / 1024;
  }
  return 0;
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

// --- frontier
// ---------------------------------------------------------------------------------------------------------

constexpr unsigned kGroups = 100'000;

struct Filler {
  Catalog& catalog;
  RunId run;
  std::mt19937 random{1};
  unsigned below(unsigned end) { return static_cast<unsigned>(random() % end); }
  std::uint64_t urls = 0;

  // As a page's links come: four of five on its own host.
  std::vector<UrlTask> links_of_a_page() {
    std::vector<UrlTask> tasks;
    const unsigned home = below(kGroups);
    for (int i = 0; i < 50; ++i) {
      const std::string host = "host" + std::to_string(i % 5 == 0 ? below(kGroups) : home) + ".org";
      tasks.push_back(task_of("https://" + host + "/articles/" + std::to_string(random() % 1'000'000'000), host));
    }
    return tasks;
  }
  void fill_to(std::uint64_t wanted) {
    while (urls < wanted) {
      std::vector<UrlTask> tasks;
      for (int page = 0; page < 20; ++page) {
        for (UrlTask& task : links_of_a_page()) tasks.push_back(std::move(task));
      }
      urls += await(catalog.frontier().add(run, std::move(tasks))).value();
    }
  }
  // Lease, take, settle and release groups of tasks; gives back how many URLs a second went through.
  double drain(int groups) {
    const auto start = Steady::now();
    std::size_t done = 0;
    const auto leases =
        await(catalog.frontier().lease(run, static_cast<std::size_t>(groups), std::chrono::hours(1), kStart)).value();
    for (const GroupLease& lease : leases) {
      const auto tasks = await(catalog.frontier().take(lease.token, 5, kStart)).value();
      Commit commit;
      commit.run = run;
      commit.lease = lease.token;
      for (const LeasedTask& task : tasks) commit.outcomes.push_back({task.key, TaskState::kDone, {}, {}});
      done += tasks.size();
      ignore(await(catalog.commit(std::move(commit))), "figures only");
      ignore(await(catalog.frontier().release(lease.token, kStart)), "figures only");
    }
    urls -= done;
    return static_cast<double>(done) / seconds_since(start);
  }
};

int bench_frontier(std::uint64_t most) {
  TempDir folder;
  const auto catalog = make(folder);
  const RunId run = await(catalog->start_run("bench", "", kStart))->id;
  std::printf("idle: %lu MiB resident\n", static_cast<unsigned long>(resident_mib()));
  Filler filler{*catalog, run};
  for (std::uint64_t stage = 10'000; stage <= most; stage = stage < 1'000'000 ? stage * 10 : stage + 1'000'000) {
    filler.fill_to(stage - std::min<std::uint64_t>(stage / 2, 500'000));
    const std::uint64_t before = filler.urls;
    const auto start = Steady::now();
    filler.fill_to(stage);
    const double inserts = static_cast<double>(filler.urls - before) / seconds_since(start);
    const double leased = filler.drain(1000);
    std::printf("%10lu queued: %.0f inserts/s, %.0f URLs/s leased and done, %lu MiB resident\n",
                static_cast<unsigned long>(stage), inserts, leased, static_cast<unsigned long>(resident_mib()));
    std::fflush(stdout);
  }
  return 0;
}

}  // namespace
}  // namespace vellum::storage

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[1] : "";
  if (what == "commits") return vellum::storage::bench_commits(argc > 2 ? std::atoi(argv[2]) : 5);
  if (what == "frontier")
    return vellum::storage::bench_frontier(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000);
  const unsigned copies = argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 16;
  if (what == "pages" && argc >= 3) return vellum::storage::bench_pages(argv[2], copies);
  if (what == "levels" && argc == 3) return vellum::storage::bench_levels(argv[2]);
  std::fprintf(stderr, "store_bench commits [SECONDS] | frontier [URLS] | pages FOLDER [COPIES] | levels FOLDER\n");
  return 2;
}
