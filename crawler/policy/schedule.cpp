#include "crawler/policy/schedule.h"

#include "base/text.h"

namespace vellum::policy {
namespace {

constexpr std::string_view kZone = "CRON_TZ=";

}  // namespace

Result<Schedule> Schedule::parse(const std::string& every, const std::string& cron) {
  Schedule schedule;
  if (!every.empty()) {
    VELLUM_TRY(schedule.every_, parse_duration(every));
  }
  std::string_view line = trim(cron);
  if (line.empty()) return schedule;
  if (line.starts_with(kZone)) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    VELLUM_TRY(schedule.zone_, TimeZone::find(line.substr(kZone.size(), end - kZone.size())));
    line = trim(line.substr(end));
  }
  VELLUM_TRY(schedule.cron_, Cron::parse(line));
  return schedule;
}

// A cron line speaks of a wall clock: its readings are searched as if they were UTC, then looked up in the zone.
Timestamp Schedule::next_by_clock(Timestamp t) const {
  Timestamp reading(zone_.local(t).time_since_epoch());
  for (;;) {
    reading = cron_->next_after(reading);
    const LocalTime wanted(reading.time_since_epoch());
    auto instant = zone_.instant(wanted);
    // A skipped reading: clocks are put forward by an hour at most places, by half of one at a few.
    for (int quarters = 1; !instant && quarters <= 8; ++quarters)
      instant = zone_.instant(wanted + std::chrono::minutes(15 * quarters));
    if (instant && *instant > t) return *instant;
  }
}

Timestamp Schedule::due(std::optional<Timestamp> last, Timestamp since) const {
  VELLUM_ASSERT(is_set(), "callers ask is_set() first");
  if (every_) return last ? *last + *every_ : since;
  return next_by_clock(last.value_or(since));
}

}  // namespace vellum::policy
