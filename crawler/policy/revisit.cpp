#include "crawler/policy/revisit.h"

#include <fmt/format.h>

#include <algorithm>

namespace vellum::policy {

using storage::VisitOutcome;

namespace {

constexpr int kEarlyPart = 10;  // of the interval: how much before it is due a page is taken along

Duration grown(Duration interval) {
  return interval * 7 / 5;
}

Duration shrunk(Duration interval) {
  return interval / 2;
}

std::size_t unchanged_visits(const std::vector<storage::WorkVisit>& visits) {
  std::size_t count = 0;
  for (auto visit = visits.rbegin(); visit != visits.rend() && visit->outcome == VisitOutcome::kUnchanged; ++visit)
    ++count;
  return count;
}

std::string reason_of(const storage::Work& work) {
  const std::size_t unchanged = unchanged_visits(work.visits);
  if (unchanged > 0) return fmt::format("unchanged {} visit{}", unchanged, unchanged == 1 ? "" : "s");
  if (work.visits.empty() || work.visits.back().outcome == VisitOutcome::kFirst) return "first seen on the last visit";
  std::string parts;
  for (const std::string& part : work.last_parts) parts += (parts.empty() ? "" : ", ") + part;
  return "changed on the last visit: " + parts;
}

}  // namespace

Duration revisit_interval(const std::vector<storage::WorkVisit>& visits, const RevisitRules& rules) {
  const Duration most = std::max(rules.min, rules.max);
  Duration interval = rules.min;
  const storage::WorkVisit* before = nullptr;
  for (const storage::WorkVisit& visit : visits) {
    const Duration passed =
        before == nullptr ? interval : std::clamp<Duration>(visit.at - before->at, Duration::zero(), most);
    if (visit.outcome == VisitOutcome::kUnchanged) interval = grown(std::max(interval, passed));
    if (visit.outcome == VisitOutcome::kChanged) interval = shrunk(std::min(interval, passed));
    if (visit.outcome == VisitOutcome::kNoticed) interval = rules.min;
    interval = std::clamp(interval, rules.min, most);
    before = &visit;
  }
  return interval;
}

RevisitPlan plan_revisit(const storage::Work& work, std::string_view url, const RevisitRules& rules) {
  RevisitPlan plan{{}, revisit_interval(work.visits, rules), reason_of(work)};
  const storage::WorkPage* page = work.find_page(url);
  if (page == nullptr) {
    plan.why = "never visited";
    return plan;
  }
  plan.due = page->visited + plan.interval;
  if (!work.changed || page->visited >= *work.changed || *work.changed >= plan.due) return plan;
  plan.due = *work.changed;
  plan.why = "another page of the work changed since";
  return plan;
}

bool is_due(const RevisitPlan& plan, Timestamp now) {
  return plan.due - plan.interval / kEarlyPart <= now;
}

}  // namespace vellum::policy
