// Local time of a named zone, for calendars and schedules: "America/New_York", "Europe/Berlin", "UTC".
//
// Threads: immutable, any. Memory: copies share the rules.     Data: the IANA zones that ICU carries

#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace vellum {

// A wall clock's reading. Two instants may share one (clocks put back), some have none (put forward).
using LocalTime = std::chrono::local_time<std::chrono::microseconds>;

class TimeZone {
 public:
  // kInvalid for a name that no zone has.
  static Result<TimeZone> find(std::string_view name);
  static TimeZone utc();

  const std::string& name() const { return name_; }
  LocalTime local(Timestamp t) const;
  // The instant of a wall clock's reading. Of two, the earlier; nullopt in an hour that is skipped.
  std::optional<Timestamp> instant(LocalTime t) const;

 private:
  struct Rules;
  std::string name_;
  std::shared_ptr<const Rules> rules_;  // null: UTC
};

}  // namespace vellum
