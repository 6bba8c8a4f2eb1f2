#include "crawler/policy/revisit.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "base/text.h"

namespace vellum::test {
namespace {

using policy::RevisitRules;
using storage::VisitOutcome;
using storage::Work;

const Timestamp kStart = *parse_timestamp("2026-01-01");
const std::string kUrl = "https://a.example/1";

Timestamp day(const std::string& number) {
  return kStart + std::chrono::round<Duration>(std::chrono::duration<double, std::ratio<3600>>(24 * std::stod(number)));
}

VisitOutcome outcome_of(char letter) {
  switch (letter) {
    case 'f':
      return VisitOutcome::kFirst;
    case 'u':
      return VisitOutcome::kUnchanged;
    case 'c':
      return VisitOutcome::kChanged;
    default:
      return VisitOutcome::kNoticed;
  }
}

Work work_from(const std::string& visits, const std::string& visited, const std::string& changed) {
  Work work;
  for (const std::string_view word : split(visits, ' ')) {
    const std::size_t colon = word.find(':');
    work.visits.push_back({static_cast<storage::RunId>(work.visits.size() + 1), day(std::string(word.substr(0, colon))),
                           outcome_of(word[colon + 1])});
  }
  if (visited != "-") work.pages.push_back({kUrl, day(visited), "p 1", {}});
  if (changed != "-") work.changed = day(changed);
  work.last_parts = {"heading"};
  return work;
}

TEST(Revisit, FollowsTheTable) {
  std::ifstream table(std::string(VELLUM_TEST_DATA) + "/crawler/policy/revisits.tsv");
  std::string line;
  int cases = 0;
  while (std::getline(table, line)) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> cells;
    for (const std::string_view cell : split(line, '\t')) cells.emplace_back(cell);
    ASSERT_EQ(cells.size(), 7u) << line;
    const auto plan = policy::plan_revisit(work_from(cells[1], cells[2], cells[3]), kUrl, RevisitRules{});
    const double hours = std::chrono::duration<double, std::ratio<3600>>(plan.interval).count();
    EXPECT_NEAR(hours, std::stod(cells[4]), 0.01) << cells[0];
    const Timestamp due = cells[5] == "-" ? Timestamp{} : day(cells[5]);
    EXPECT_LT(std::abs((plan.due - due).count()), 1'000'000) << cells[0] << " " << to_rfc3339(plan.due);
    EXPECT_EQ(plan.why, cells[6]) << cells[0];
    ++cases;
  }
  EXPECT_EQ(cases, 15);
}

TEST(Revisit, ARunThatComesALittleEarlyTakesThePageAlong) {
  const auto plan = policy::plan_revisit(work_from("0:f", "0", "-"), kUrl, RevisitRules{});
  EXPECT_TRUE(policy::is_due(plan, day("1")));
  EXPECT_TRUE(policy::is_due(plan, day("0.95")));
  EXPECT_FALSE(policy::is_due(plan, day("0.85")));
}

TEST(Revisit, AtRestOneVisitInThreeSeesAChange) {
  RevisitRules rules{std::chrono::hours(1), std::chrono::hours(24 * 365)};
  Work work;
  // Changes every ten days, exactly; what counts is how many visits find one.
  Timestamp now = kStart;
  int visits = 0, found = 0;
  Timestamp seen = kStart;
  work.visits.push_back({1, now, VisitOutcome::kFirst});
  while (now < kStart + std::chrono::hours(24 * 2000)) {
    now += policy::revisit_interval(work.visits, rules);
    const auto epoch = [](Timestamp t) { return (t - kStart) / std::chrono::hours(240); };
    const bool changed = epoch(now) != epoch(seen);
    seen = now;
    ++visits;
    found += changed ? 1 : 0;
    work.visits.push_back(
        {static_cast<storage::RunId>(visits + 1), now, changed ? VisitOutcome::kChanged : VisitOutcome::kUnchanged});
    if (work.visits.size() > storage::kMostVisits) work.visits.erase(work.visits.begin());
  }
  const double share = static_cast<double>(found) / visits;
  EXPECT_GT(share, 0.2);
  EXPECT_LT(share, 0.5);
}

}  // namespace
}  // namespace vellum::test
