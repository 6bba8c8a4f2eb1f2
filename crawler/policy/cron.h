// Times of a crontab line: "15 3 * * 6" is 03:15 on Saturdays, in UTC.
//
// Five fields: minute, hour, day of month, month, day of week (0 or 7 is Sunday). Each is "*", a number, a range "1-5",
// a step "*/15" or "10-50/20", or a list of these; months and days also by their English names' first three letters. If
// both day fields are restricted, either may match, as crontab(5) has it.
//
// Threads: immutable, any.

#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace vellum::policy {

class Cron {
 public:
  // kInvalid names the field that is wrong; also for a line that no day ever fits ("0 0 31 2 *").
  static Result<Cron> parse(std::string_view line);

  // The first matching minute after `t`.
  Timestamp next_after(Timestamp t) const;

 private:
  std::optional<Timestamp> search(Timestamp t) const;
  bool day_fits(std::chrono::sys_days day) const;

  std::bitset<60> minutes_;
  std::bitset<24> hours_;
  std::bitset<32> days_;
  std::bitset<13> months_;
  std::bitset<7> weekdays_;
  bool any_day_ = false, any_weekday_ = false;  // the field began with '*'
};

}  // namespace vellum::policy
