// When the runs of a crawl begin: [schedule] every or cron.
//
//   every = "7d"                                   a week from the start of one run to the start of the next
//   cron = "15 3 * * 6"                            Saturdays at 03:15 UTC
//   cron = "CRON_TZ=America/New_York 15 3 * * 6"   by the clocks of a zone
//
// Runs that were missed (the machine slept, the run before took longer) are made up for by one run, at once: what a
// second one would find, the first has found. A time that clocks skip in spring comes an hour later by the new clock;
// of an hour that they repeat in autumn only the first pass counts, so that nothing runs twice.
//
// Threads: immutable, any.

#pragma once

#include <optional>
#include <string>

#include "base/time_zone.h"
#include "crawler/policy/config.h"
#include "crawler/policy/cron.h"

namespace vellum::policy {

class Schedule {
 public:
  // kInvalid names what is wrong. Both empty: a schedule that is never due.
  static Result<Schedule> parse(const std::string& every, const std::string& cron);

  bool is_set() const { return every_ || cron_; }
  // When the next run is due: after `last`, the start of the last run, or, if there was none, counted from `since`
  // (`every`: at once). In the past where runs were missed. Only where is_set().
  Timestamp due(std::optional<Timestamp> last, Timestamp since) const;

 private:
  Timestamp next_by_clock(Timestamp t) const;

  std::optional<Duration> every_;
  std::optional<Cron> cron_;
  TimeZone zone_ = TimeZone::utc();
};

}  // namespace vellum::policy
