// A year of the daemon in a second: what it chooses (next_run) drives a manual clock and the runs that an archive
// keeps.

#include "crawler/policy/agenda.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <map>

#include "crawler/policy/revisit.h"

namespace vellum::test {
namespace {

using policy::AgendaEntry;
using policy::Schedule;
using std::chrono::hours;
using storage::Run;
using testing::ElementsAre;

Timestamp at(const char* text) {
  return *parse_timestamp(text);
}
AgendaEntry nightly() {
  return {"nightly", *Schedule::parse("", "CRON_TZ=Europe/Berlin 30 2 * * *")};
}
AgendaEntry weekly() {
  return {"weekly", *Schedule::parse("7d", "")};
}

// The loop of `vellum serve`: choose, wait, run, and again.
struct Daemon {
  std::vector<AgendaEntry> agenda;
  std::map<std::string, Duration> takes;
  std::vector<std::pair<Timestamp, Timestamp>> asleep;  // the machine; a run that has begun goes on when it wakes
  std::function<void(const Run&)> on_run;
  std::vector<Run> runs;

  void live(Timestamp from, Timestamp to) {
    ManualClock clock(from);
    while (clock.now() < to) {
      const policy::NextRun next = policy::next_run(agenda, runs, from);
      clock.set(awake(std::max(next.at, clock.now())));
      if (clock.now() >= to) return;
      if (next.goes_on) {
        for (Run& run : runs) run.state = "finished";
        continue;
      }
      Run run;
      run.id = static_cast<storage::RunId>(runs.size() + 1);
      run.crawl = agenda[next.entry].crawl;
      run.started = clock.now();
      run.state = "finished";
      runs.push_back(run);
      on_run(run);
      clock.set(awake(clock.now() + takes[run.crawl]));
    }
  }
  Timestamp awake(Timestamp t) const {
    for (const auto& [begin, end] : asleep) {
      if (t >= begin && t < end) return end;
    }
    return t;
  }
  std::vector<Timestamp> starts(const std::string& crawl) const {
    std::vector<Timestamp> found;
    for (const Run& run : runs)
      if (run.crawl == crawl) found.push_back(run.started);
    return found;
  }
};

// How many of the schedule's times each run stands for: those since the run before it.
std::vector<int> times_of(const Schedule& schedule, Timestamp from, const std::vector<Timestamp>& starts) {
  std::vector<int> counts;
  Timestamp due = schedule.due(std::nullopt, from);
  for (const Timestamp start : starts) {
    int count = 0;
    for (; due <= start; due = schedule.due(due, from)) ++count;
    counts.push_back(count);
  }
  return counts;
}

TEST(Agenda, EveryDueRunOfAYearRunsAndNoneTwice) {
  Daemon daemon{
      {nightly(), weekly()}, {{"nightly", hours(3)}, {"weekly", hours(20)}}, {}, [](const storage::Run&) {}, {}};
  daemon.asleep = {{at("2026-08-01"), at("2026-08-11T15:00:00Z")}};
  daemon.live(at("2026-01-01"), at("2027-01-01"));

  const std::vector<int> nights = times_of(nightly().schedule, at("2026-01-01"), daemon.starts("nightly"));
  int covered = 0, made_up = 0;
  for (const int count : nights) {
    EXPECT_GE(count, 1);  // no run without a time that was due
    covered += count;
    made_up += count > 1 ? 1 : 0;
  }
  EXPECT_EQ(covered, 365);  // both clock changes have their night
  EXPECT_EQ(made_up, 1);    // the machine slept through eleven nights: one run for them all
  EXPECT_EQ(nights.size(), 355u);

  const std::vector<Timestamp> weeks = daemon.starts("weekly");
  for (std::size_t i = 1; i < weeks.size(); ++i) {
    const Duration apart = weeks[i] - weeks[i - 1];
    EXPECT_GE(apart, hours(24 * 7));
    const bool slept = apart >= hours(24 * 8);
    EXPECT_TRUE(slept || apart <= hours(24 * 7 + 3));  // at most behind a nightly run
  }
  EXPECT_GE(weeks.size(), 51u);
}

TEST(Agenda, RunsNeverOverlapAndTheOneThatIsDueFirstComesFirst) {
  Daemon daemon{
      {nightly(), weekly()}, {{"nightly", hours(3)}, {"weekly", hours(20)}}, {}, [](const storage::Run&) {}, {}};
  daemon.live(at("2026-01-01"), at("2026-12-31"));
  for (std::size_t i = 1; i < daemon.runs.size(); ++i)
    EXPECT_GE(daemon.runs[i].started - daemon.runs[i - 1].started, daemon.takes[daemon.runs[i - 1].crawl]);
  // The first weekly run takes from midnight to 20:00; the nightly one of 02:30 waited for it.
  EXPECT_EQ(daemon.runs[0].crawl, "weekly");
  EXPECT_EQ(daemon.runs[1].crawl, "nightly");
  EXPECT_EQ(daemon.runs[1].started, at("2026-01-01T20:00:00Z"));
  EXPECT_EQ(daemon.runs[2].started, at("2026-01-02T01:30:00Z"));
}

TEST(Agenda, BothClockChangesHaveOneNightlyRun) {
  Daemon daemon{{nightly()}, {{"nightly", hours(1)}}, {}, [](const storage::Run&) {}, {}};
  daemon.live(at("2026-03-28T12:00:00Z"), at("2026-03-30T12:00:00Z"));
  EXPECT_THAT(daemon.starts("nightly"), ElementsAre(at("2026-03-29T01:00:00Z"), at("2026-03-30T00:30:00Z")));
  daemon.runs.clear();
  daemon.live(at("2026-10-24T12:00:00Z"), at("2026-10-26T12:00:00Z"));
  EXPECT_THAT(daemon.starts("nightly"), ElementsAre(at("2026-10-25T00:30:00Z"), at("2026-10-26T01:30:00Z")));
}

TEST(Agenda, ARestartNeitherRepeatsARunNorLosesOne) {
  Daemon daemon{{nightly()}, {{"nightly", hours(1)}}, {}, [](const storage::Run&) {}, {}};
  daemon.live(at("2026-05-01T00:00:00Z"), at("2026-05-03T02:00:00Z"));
  daemon.live(at("2026-05-03T02:10:00Z"), at("2026-05-05T02:00:00Z"));
  EXPECT_THAT(daemon.starts("nightly"),
              ElementsAre(at("2026-05-01T00:30:00Z"), at("2026-05-02T00:30:00Z"), at("2026-05-03T00:30:00Z"),
                          at("2026-05-04T00:30:00Z"), at("2026-05-05T00:30:00Z")));
}

TEST(Agenda, ARunThatWasBrokenOffGoesOnAtOnceBeforeAnyOther) {
  storage::Run broken;
  broken.crawl = "weekly";
  broken.state = "running";
  broken.started = at("2026-05-01");
  const auto next =
      policy::next_run(std::vector<AgendaEntry>{nightly(), weekly()}, {broken}, at("2026-05-01T06:00:00Z"));
  EXPECT_EQ(next.entry, 1u);
  EXPECT_EQ(next.at, at("2026-05-01T06:00:00Z"));
  EXPECT_TRUE(next.goes_on);
}

// Pages of works under nightly runs: `version` is what a page shows at a time.
struct Shelf {
  struct Book {
    std::function<int(Timestamp)> version;
    std::function<bool(Timestamp)> is_retracted = [](Timestamp) { return false; };
    storage::Work work;
    std::vector<Timestamp> visits;
    std::vector<storage::VisitOutcome> outcomes;
  };
  std::map<std::string, Book> books;

  void visit_what_is_due(const Run& run) {
    for (auto& [url, book] : books) {
      if (!policy::is_due(policy::plan_revisit(book.work, url, policy::RevisitRules{}), run.started)) continue;
      std::map<std::string, std::string> parts = {{"heading", std::to_string(book.version(run.started))}};
      if (book.is_retracted(run.started)) parts["notices"] = "retraction";
      storage::add_visit(book.work, {url, run.started, run.id, {}, "p 1", parts, false});
      book.visits.push_back(run.started);
      book.outcomes.push_back(book.work.visits.back().outcome);
    }
  }
  std::size_t count(const std::string& url, storage::VisitOutcome outcome) const {
    const auto& outcomes = books.at(url).outcomes;
    return static_cast<std::size_t>(std::count(outcomes.begin(), outcomes.end(), outcome));
  }
};

TEST(Agenda, AYearOfAdaptiveVisitsFollowsTheWorks) {
  using storage::VisitOutcome;
  const auto days = [](Timestamp t) { return (t - at("2026-01-01")) / hours(24); };
  Shelf shelf;
  shelf.books["stable"].version = [](Timestamp) { return 1; };
  shelf.books["daily"].version = [&](Timestamp t) { return static_cast<int>(days(t)); };
  shelf.books["monthly"].version = [&](Timestamp t) { return static_cast<int>(days(t) / 30); };
  shelf.books["retracted"].version = [](Timestamp) { return 1; };
  shelf.books["retracted"].is_retracted = [](Timestamp t) { return t >= at("2026-07-01"); };
  Daemon daemon{{nightly()},
                {{"nightly", hours(2)}},
                {{at("2026-08-01"), at("2026-08-11T15:00:00Z")}},
                [](const storage::Run&) {},
                {}};
  daemon.on_run = [&](const storage::Run& run) { shelf.visit_what_is_due(run); };
  daemon.live(at("2026-01-01"), at("2027-01-01"));

  EXPECT_GE(shelf.books["stable"].visits.size(), 8u);
  EXPECT_LE(shelf.books["stable"].visits.size(), 20u);
  EXPECT_EQ(shelf.count("stable", VisitOutcome::kUnchanged), shelf.books["stable"].visits.size() - 1);
  // All but the run that came nine hours after the one for the nights that were slept through.
  EXPECT_EQ(shelf.books["daily"].visits.size(), daemon.runs.size() - 1);
  EXPECT_GE(shelf.count("monthly", VisitOutcome::kChanged), 10u);  // of 12 changes
  EXPECT_LE(shelf.books["monthly"].visits.size(), 80u);

  ASSERT_EQ(shelf.count("retracted", VisitOutcome::kNoticed), 1u);
  const auto& retracted = shelf.books["retracted"];
  const auto noticed = std::find(retracted.outcomes.begin(), retracted.outcomes.end(), VisitOutcome::kNoticed);
  const auto index = static_cast<std::size_t>(noticed - retracted.outcomes.begin());
  EXPECT_LE(retracted.visits[index] - at("2026-07-01"), hours(24 * 91));
  ASSERT_LT(index + 1, retracted.visits.size());
  EXPECT_LE(retracted.visits[index + 1] - retracted.visits[index], hours(26));  // the next night
}

}  // namespace
}  // namespace vellum::test
