#include "plugins/worker/worker_pool.h"

#include <gmock/gmock.h>
#include <signal.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace vellum::worker {
namespace {

namespace fs = std::filesystem;
using std::chrono::seconds;
using testing::HasSubstr;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // the worker has neither a memory limit nor a filter, and the sanitizer sees exits
#else
constexpr bool kSanitized = false;
#endif

// The misbehaving plugin under the name that says what it does.
class Workers : public testing::Test {
 protected:
  WorkerSpec spec(const std::string& name, Duration deadline = seconds(20)) {
    const fs::path library = folder_.path() / (name + ".vellum");
    fs::copy_file(VELLUM_MISBEHAVE, library, fs::copy_options::skip_existing);
    return {VELLUM_WORKER_PROGRAM, library, "org.example.misbehave", deadline, std::size_t{256} << 20};
  }
  static Reading read_once(WorkerPool& pool) {
    const PageAnswer page{"https://example.org/1", "", "text/html", "utf-8", "html", 200, "<h1>A title</h1>"};
    return pool.read(std::span(&page, 1));
  }
  Reading read(const std::string& name, Duration deadline = seconds(20)) {
    WorkerPool pool(spec(name, deadline));
    return read_once(pool);
  }

  test::TempDir folder_;
};

TEST_F(Workers, ReadAPage) {
  const Reading reading = read("nothing");
  ASSERT_FALSE(reading.fault) << reading.fault->detail;
  EXPECT_TRUE(reading.reply.wanted);
  EXPECT_EQ(to_line(reading.reply.record), R"({"title":"A title"})");
}

// What becomes of a deed: the cause, and words of the detail. No cause: it does no harm.
struct Deed {
  std::string name;
  std::optional<Cause> cause;
  std::string words;
  Duration deadline = seconds(20);
};
void PrintTo(const Deed& deed, std::ostream* out) {
  *out << deed.name;
}

class Misdeeds : public Workers, public testing::WithParamInterface<std::tuple<Deed, Step>> {};

TEST_P(Misdeeds, AreContainedAndNamed) {
  const auto& [deed, step] = GetParam();
  const bool needs_limits = deed.name == "leak" || deed.name == "recurse" || deed.name == "exit";
  if (kSanitized && needs_limits) GTEST_SKIP() << "skipped: a sanitizer stands in for the limit";
  const Reading reading = read(deed.name + "-" + std::string(name_of(step)), deed.deadline);
  if (!deed.cause) {
    ASSERT_FALSE(reading.fault) << reading.fault->detail;
    EXPECT_EQ(text_of(reading.reply.record, "title"), "A title");
    return;
  }
  ASSERT_TRUE(reading.fault);
  EXPECT_EQ(name_of(reading.fault->step), name_of(step)) << reading.fault->detail;
  EXPECT_EQ(name_of(reading.fault->cause), name_of(*deed.cause)) << reading.fault->detail;
  EXPECT_THAT(reading.fault->detail, HasSubstr(deed.words));
}

const Deed kDeeds[] = {{"loop", Cause::kDeadline, "no answer within 1s", seconds(1)},
                       {"throw", Cause::kThrew, "a deliberate exception"},
                       {"abort", Cause::kCrashed, "SIGABRT"},
                       {"leak", Cause::kMemory, "memory limit"},
                       {"recurse", Cause::kCrashed, "stack overflow"},
                       {"garbage", Cause::kGarbled, "no message"},
                       {"oversized", Cause::kTooLarge, "2147483647 bytes"},
                       {"exit", Cause::kExited, "status 0"},
                       {"stdout", std::nullopt, ""},
                       {"deep", Cause::kGarbled, ""},
                       {"record", Cause::kGarbled, ""}};

INSTANTIATE_TEST_SUITE_P(Each, Misdeeds,
                         testing::Combine(testing::ValuesIn(kDeeds),
                                          testing::Values(Step::kLoad, Step::kCreate, Step::kMatch, Step::kExtract)),
                         [](const auto& combination) {
                           return std::get<0>(combination.param).name + "_in_" +
                                  std::string(name_of(std::get<1>(combination.param)));
                         });

TEST_F(Workers, HaveNoFilesNoProcessesAndNoThreads) {
  if (kSanitized) GTEST_SKIP() << "skipped: no filter beside a sanitizer";
  // Without close-on-exec, as a library may open it.
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> open_here(std::fopen("/dev/null", "r"), &std::fclose);
  ASSERT_TRUE(open_here);
  const Reading reading = read("escape-extract");
  ASSERT_TRUE(reading.fault);
  EXPECT_EQ(name_of(reading.fault->cause), name_of(Cause::kThrew)) << reading.fault->detail;  // of std::thread
}

TEST_F(Workers, SayWhichLimitsAreInForce) {
  if (kSanitized) GTEST_SKIP() << "skipped: fewer beside a sanitizer";
  WorkerProcess worker(spec("nothing"));
  ASSERT_FALSE(worker.start());
  EXPECT_THAT(worker.limits(), testing::ElementsAre("memory", "cpu", "files", "processes", "network"));
}

TEST_F(Workers, TakeNoMoreThanEightMebibytesOfResults) {
  const Reading reading = read("flood-extract");
  ASSERT_FALSE(reading.fault) << reading.fault->detail;
  EXPECT_EQ(reading.reply.record["keywords"].size(), 7u) << "of a mebibyte each, with their paths";
  EXPECT_EQ(reading.reply.record["title"], 7) << "the plugin heard of the limit and went on";
}

TEST_F(Workers, PassOnThatAPluginDeclinesAPage) {
  const Reading reading = read("decline-match");
  ASSERT_FALSE(reading.fault);
  EXPECT_FALSE(reading.reply.wanted);
}

TEST_F(Workers, AreKeptBetweenPages) {
  WorkerPool pool(spec("nothing"));
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(read_once(pool).fault);
  EXPECT_EQ(pool.started(), 1u);
}

TEST_F(Workers, AreKeptWhenAPluginSaysItselfThatItFailed) {
  WorkerPool pool(spec("fail-extract"));
  EXPECT_THAT(read_once(pool).fault->detail, HasSubstr("extract() gave status -5"));
  EXPECT_TRUE(read_once(pool).fault);
  EXPECT_EQ(pool.started(), 1u);
}

TEST_F(Workers, RestAfterFaultsInARow) {
  SteadyTime now{};
  WorkerPool pool(spec("abort-extract"), [&] { return now; });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(name_of(read_once(pool).fault->cause), name_of(Cause::kCrashed));
  const Reading resting = read_once(pool);
  EXPECT_EQ(name_of(resting.fault->cause), name_of(Cause::kResting));
  EXPECT_THAT(resting.fault->detail, HasSubstr("rests after 3 faults in a row, the last: killed by SIGABRT"));
  EXPECT_EQ(pool.started(), 3u);
  now += seconds(1);
  EXPECT_EQ(name_of(read_once(pool).fault->cause), name_of(Cause::kCrashed));
  EXPECT_EQ(pool.started(), 4u);
}

TEST(Rest, DoublesUpToFiveMinutesAndEndsWithAPage) {
  Rest rest;
  SteadyTime now{};
  rest.failed(now);
  rest.failed(now);
  EXPECT_TRUE(rest.is_over(now));
  for (int i = 0; i < 40; ++i) rest.failed(now);
  EXPECT_FALSE(rest.is_over(now + seconds(299)));
  EXPECT_TRUE(rest.is_over(now + seconds(300)));
  rest.succeeded();
  EXPECT_TRUE(rest.is_over(now));
}

TEST_F(Workers, AreReplacedWhereOneDiedWhileItWasIdle) {
  WorkerProcess worker(spec("nothing"));
  ASSERT_FALSE(worker.start());
  ::kill(worker.pid(), SIGKILL);
  const PageAnswer page{"https://example.org/1", "", "text/html", "utf-8", "html", 200, "<h1>A title</h1>"};
  const Reading reading = worker.read(std::span(&page, 1));
  ASSERT_TRUE(reading.fault);
  EXPECT_EQ(name_of(reading.fault->step), "start");  // which the pool takes for a reason to try again
  EXPECT_FALSE(worker.is_usable());
}

TEST_F(Workers, NameAnIdThatIsNotTheirs) {
  WorkerSpec other = spec("nothing");
  other.id = "org.example.other";
  WorkerPool pool(other);
  const Reading reading = read_once(pool);
  EXPECT_EQ(name_of(reading.fault->step), "load");
  EXPECT_THAT(reading.fault->detail, HasSubstr("the library is plugin `org.example.misbehave`"));
}

TEST_F(Workers, SayThatALibraryIsNone) {
  WorkerSpec broken = spec("broken");
  std::ofstream(broken.library, std::ios::trunc) << "not a library";
  WorkerPool pool(broken);
  const Reading reading = read_once(pool);
  EXPECT_EQ(name_of(reading.fault->step), "load");
  EXPECT_THAT(reading.fault->detail, HasSubstr("cannot load"));
}

}  // namespace
}  // namespace vellum::worker
