// A writer to be killed: store_child ARCHIVE SEED COMMITS. Commits from several coroutines at once and says on stdout,
// one line each and only after the acknowledgement:
//   captured <id> <digest> <url>       leased <group> <epoch>       releasing <group>
// Text and URL of a capture follow from SEED, so that its reader can tell what must be stored. Each visit also captures
// the group's front page, which changes a little every time; where SEED is odd, a repack runs beside the commits.

#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>

#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;

void say(const std::string& line) {
  const std::string bytes = line + "\n";
  if (::write(STDOUT_FILENO, bytes.data(), bytes.size()) < 0) std::_Exit(3);
}

// One in four payloads was stored before; sizes from nothing to half a megabyte.
std::string payload_of(std::mt19937& random, const std::string& url) {
  const unsigned kind = random() % 8;
  if (kind < 2) return "the same text every time";
  std::string text = url;
  const std::size_t lines = kind == 7 ? 8000 : random() % 200;
  for (std::size_t i = 0; i < lines; ++i) text += std::to_string(random()) + " line of " + url + "\n";
  return text;
}

// The same words with something new among them.
std::string front_page(std::mt19937& random, const std::string& group) {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "line " + std::to_string(i) + " of the front page of " + group + "\n";
  for (int i = 0; i < 5; ++i) text.insert(random() % text.size(), std::to_string(random()));
  return text;
}

struct Worker {
  Catalog& catalog;
  RunId run;
  std::string group;
  std::mt19937 random;
  int commits;

  Task<void> work() {
    const Duration ttl = std::chrono::hours(1);
    UrlTask first = task_of("https://" + group + "/0", group);
    std::vector<UrlTask> tasks(1, first);
    VELLUM_CO_TRY(const std::size_t added, co_await catalog.frontier().add(run, std::move(tasks)));
    (void)added;
    for (int i = 0; i < commits;) {
      VELLUM_CO_TRY(const auto leases, co_await catalog.frontier().lease(run, 1, ttl, SystemClock().now()));
      if (leases.empty()) co_return Result<void>();
      const LeaseToken token = leases.front().token;
      say("leased " + token.group + " " + std::to_string(token.epoch));
      for (int in_lease = 0; in_lease < 4; ++in_lease, ++i) VELLUM_CO_CHECK(co_await visit(token));
      say("releasing " + token.group);
      VELLUM_CO_CHECK(co_await catalog.frontier().release(token, SystemClock().now()));
    }
    co_return Result<void>();
  }

  Task<void> visit(LeaseToken token) {
    VELLUM_CO_TRY(const auto tasks, co_await catalog.frontier().take(token, 1, SystemClock().now()));
    if (tasks.empty()) co_return Result<void>();
    const UrlTask task = tasks.front().task;
    const Timestamp now = SystemClock().now();
    std::vector<NewCapture> seen;
    seen.push_back(capture_of(catalog, task.url, payload_of(random, task.url), now));
    seen.push_back(capture_of(catalog, "https://" + token.group + "/front", front_page(random, token.group), now));
    Commit commit = commit_of(std::move(seen), run);
    commit.lease = token;
    commit.outcomes.push_back({tasks.front().key, TaskState::kDone, {}, {}});
    for (int i = 0; i < 3; ++i) {
      commit.discovered.push_back(task_of("https://" + token.group + "/" + std::to_string(random()), token.group));
    }
    VELLUM_CO_TRY(const CommitAck ack, co_await catalog.commit(std::move(commit)));
    for (const Capture& stored : ack.captures) {
      say("captured " + std::to_string(stored.id) + " " + stored.digest.to_text() + " " + stored.url);
    }
    co_return Result<void>();
  }
};

int run_child(const char* archive, unsigned seed, int commits) {
  auto catalog = Catalog::open(archive, options_at(SystemClock().now()));
  if (!catalog) {
    std::fprintf(stderr, "store_child: %s\n", catalog.error().message.c_str());
    return 1;
  }
  auto run = await((*catalog)->start_run("child", "", SystemClock().now()));
  if (!run) return 1;
  boost::asio::io_context context;
  std::vector<std::unique_ptr<Worker>> workers;
  int failures = 0;
  for (unsigned i = 0; i < 6; ++i) {
    const std::string group = "g" + std::to_string(seed) + "x" + std::to_string(i) + ".org";
    workers.push_back(
        std::make_unique<Worker>(Worker{**catalog, run->id, group, std::mt19937(seed * 10 + i), commits}));
    auto finished = [&failures](std::exception_ptr thrown, Result<void> result) {
      failures += thrown || !result ? 1 : 0;
    };
    boost::asio::co_spawn(context, workers.back()->work(), finished);
  }
  std::atomic<bool> done = seed % 2 == 0;
  bool repacked = true;
  std::thread repacker([&] {
    while (!done && repacked) repacked = (*catalog)->repack().has_value();
  });
  context.run();
  done = true;
  repacker.join();
  return failures == 0 && repacked ? 0 : 1;
}

}  // namespace
}  // namespace vellum::storage

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  return vellum::storage::run_child(argv[1], static_cast<unsigned>(std::atoi(argv[2])), std::atoi(argv[3]));
}
