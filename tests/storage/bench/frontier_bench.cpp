#include "tests/storage/bench/frontier_bench.h"

#include <sys/resource.h>

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <random>
#include <vector>

#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;

constexpr unsigned kGroups = 100'000;
constexpr int kLinks = 50;       // of a page
constexpr int kPagesACall = 20;  // as so many commits that were grouped
constexpr int kInserters = 4;    // at a time
constexpr int kLeasers = 64;     // as a crawl has visits under way
constexpr std::size_t kTasksALease = 5;
constexpr std::uint64_t kWindow = 500'000;      // inserts that are timed at a stage
constexpr std::uint64_t kLeaseWindow = 50'000;  // URLs that are leased and done at a stage

std::uint64_t resident_mib() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stoull(line.substr(6)) / 1024;
  }
  return 0;
}

double cpu_seconds() {
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  const auto of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return of(used.ru_utime) + of(used.ru_stime);
}

// What a stretch of work took, of all threads together.
struct Cost {
  std::uint64_t count = 0;
  double wall = 0, cpu = 0;
  double a_second() const { return static_cast<double>(count) / wall; }
  double micros_each() const { return cpu * 1e6 / static_cast<double>(count); }
};

class Meter {
 public:
  Cost stop(std::uint64_t count) const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start_;
    return {count, wall.count(), cpu_seconds() - cpu_};
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double cpu_ = cpu_seconds();
};

class Queue {
 public:
  Queue(Catalog& catalog, RunId run, bool random) : catalog_(catalog), run_(run), random_links_(random) {}

  std::uint64_t urls() const { return urls_; }

  Cost fill_to(std::uint64_t wanted) {
    const std::uint64_t before = urls_;
    const Meter meter;
    run_all(kInserters, [&] { return insert(wanted); });
    return meter.stop(urls_ - before);
  }
  // Leases, takes, settles and releases groups until `wanted` URLs are done.
  Cost drain(std::uint64_t wanted) {
    done_ = 0;
    const Meter meter;
    run_all(kLeasers, [&] { return work(wanted); });
    urls_ -= done_;
    return meter.stop(done_);
  }

 private:
  template <class Make>
  void run_all(int count, Make make) {
    boost::asio::io_context context;
    const auto ended = [this](std::exception_ptr thrown, Result<void> result) {
      if (thrown) std::rethrow_exception(thrown);
      if (!result) std::fprintf(stderr, "%s\n", result.error().message.c_str());
    };
    for (int i = 0; i < count; ++i) boost::asio::co_spawn(context, make(), ended);
    context.run();
  }
  unsigned below(unsigned end) { return static_cast<unsigned>(dice_() % end); }

  void add_links_of_a_page(std::vector<UrlTask>& tasks) {
    const unsigned home = below(kGroups);
    for (int i = 0; i < kLinks; ++i) {
      const bool leads_away = random_links_ || i % 5 == 0;
      const std::string host = "host" + std::to_string(leads_away ? below(kGroups) : home) + ".org";
      tasks.push_back(task_of("https://" + host + "/articles/" + std::to_string(dice_() % 1'000'000'000), host));
    }
  }
  Task<void> insert(std::uint64_t wanted) {
    while (urls_ < wanted) {
      std::vector<UrlTask> tasks;
      tasks.reserve(kPagesACall * kLinks);
      for (int page = 0; page < kPagesACall; ++page) add_links_of_a_page(tasks);
      VELLUM_CO_TRY(const std::size_t fresh, co_await catalog_.frontier().add(run_, std::move(tasks)));
      urls_ += fresh;
    }
    co_return Result<void>();
  }
  Task<void> work(std::uint64_t wanted) {
    while (done_ < wanted) {
      now_ += Duration(1);  // so that groups come in turn
      VELLUM_CO_TRY(const auto leases, co_await catalog_.frontier().lease(run_, 1, std::chrono::hours(1), now_));
      if (leases.empty()) break;
      VELLUM_CO_TRY(const auto tasks, co_await catalog_.frontier().take(leases[0].token, kTasksALease, now_));
      Commit commit;
      commit.run = run_;
      commit.lease = leases[0].token;
      for (const LeasedTask& task : tasks) commit.outcomes.push_back({task.key, TaskState::kDone, {}, {}});
      done_ += tasks.size();
      VELLUM_CO_CHECK(co_await catalog_.commit(std::move(commit)));
      VELLUM_CO_CHECK(co_await catalog_.frontier().release(leases[0].token, now_));
    }
    co_return Result<void>();
  }

  Catalog& catalog_;
  RunId run_;
  bool random_links_;
  std::mt19937 dice_{1};
  std::uint64_t urls_ = 0, done_ = 0;
  Timestamp now_ = kStart;
};

struct Stage {
  std::uint64_t urls = 0;
  Cost inserts, leases;
};

void print(const char* what, double wall, double cpu) {
  std::printf("%-52s %.2f by the clock, %.2f by CPU time\n", what, wall, cpu);
}

// How the last stage compares with that of a million.
void compare(const Stage& small, const Stage& large) {
  const auto wall = [](const Stage& at) { return at.inserts.wall + at.leases.wall; };
  const auto cpu = [](const Stage& at) { return at.inserts.cpu + at.leases.cpu; };
  std::printf("%lu against %lu:\n", static_cast<unsigned long>(large.urls), static_cast<unsigned long>(small.urls));
  print("  inserts", large.inserts.a_second() / small.inserts.a_second(),
        small.inserts.micros_each() / large.inserts.micros_each());
  print("  leases", large.leases.a_second() / small.leases.a_second(),
        small.leases.micros_each() / large.leases.micros_each());
  print("  both together, ten inserts for each URL done", wall(small) / wall(large), cpu(small) / cpu(large));
}

Stage measure(Queue& queue, std::uint64_t urls) {
  queue.fill_to(urls - std::min(urls / 2, kWindow));
  const Cost inserts = queue.fill_to(urls);
  return {urls, inserts, queue.drain(std::min(urls / 10, kLeaseWindow))};
}

void print(const Stage& stage, std::uint64_t idle, const Catalog& catalog) {
  std::printf("%10lu %10.0f %8.1f %10.0f %8.1f %9lu %9lu\n", static_cast<unsigned long>(stage.urls),
              stage.inserts.a_second(), stage.inserts.micros_each(), stage.leases.a_second(),
              stage.leases.micros_each(), static_cast<unsigned long>(resident_mib() - idle),
              static_cast<unsigned long>(catalog.archive().stats()->disk_bytes >> 20));
  std::fflush(stdout);
}

}  // namespace

int bench_frontier(std::uint64_t most, bool random) {
  TempDir folder;
  auto catalog = Catalog::open(folder / "archive", options_at(kStart, true));
  if (!catalog) {
    std::fprintf(stderr, "%s\n", catalog.error().message.c_str());
    return 1;
  }
  const RunId run = await((*catalog)->start_run("bench", "", kStart))->id;
  const std::uint64_t idle = resident_mib();
  std::printf("%u hosts, %s; idle: %lu MiB resident\n", kGroups,
              random ? "every link to any of them" : "four of five links on the page's own",
              static_cast<unsigned long>(idle));
  std::printf("%10s %10s %8s %10s %8s %9s %9s\n", "queued", "inserts/s", "us CPU", "done/s", "us CPU", "MiB more",
              "MiB disk");
  Queue queue(**catalog, run, random);
  std::vector<Stage> stages;
  constexpr std::uint64_t kMillion = 1'000'000;
  for (std::uint64_t urls = 10'000; urls <= most; urls += urls < kMillion ? urls * 9 : kMillion) {
    stages.push_back(measure(queue, urls));
    print(stages.back(), idle, **catalog);
  }
  for (const Stage& stage : stages) {
    if (stage.urls == kMillion && stages.back().urls > kMillion) compare(stage, stages.back());
  }
  return 0;
}

}  // namespace vellum::storage
