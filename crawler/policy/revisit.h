// When a page of a work is to be visited again: [schedule] adaptive.
//
// The estimator is that of Nutch's AdaptiveFetchSchedule: a work found unchanged waits 1.4 times as long (its
// INC_RATE), one that changed waits half as long. Half and not Nutch's 0.8, since a version that was missed is gone,
// while a vain visit costs a conditional request: at rest about one visit in three sees a change. It differs in three
// points. What counts as change is the article's parts (base/article_parts.h), not the bytes of a page. The interval is
// taken from the time that really passed, so that a work that stayed the same over a long pause is not begun anew. A
// notice (retraction, correction, expression of concern) brings the interval back to its least.
//
// The interval is the work's; each of its pages is due that long after its own last visit, or at once where another
// page of the work has shown a change since. A page that was never visited is due.
//
// Threads: pure functions.

#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "crawler/policy/config.h"
#include "storage/archive/works.h"

namespace vellum::policy {

struct RevisitPlan {
  Timestamp due{};      // of this page; 0 if it was never visited
  Duration interval{};  // of its work
  std::string why;      // "unchanged 3 visits"
};

// The interval that a history of visits, oldest first, leads to.
Duration revisit_interval(const std::vector<storage::WorkVisit>& visits, const RevisitRules& rules);

RevisitPlan plan_revisit(const storage::Work& work, std::string_view url, const RevisitRules& rules);

// A run that comes a little early takes the page along: a page due every day at 3:05 is not left out by a run at 3:00.
bool is_due(const RevisitPlan& plan, Timestamp now);

}  // namespace vellum::policy
