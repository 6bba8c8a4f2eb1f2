// Time: the only source of "now", and the three spellings of an instant that Vellum uses.
//
// Timestamp is UTC in microseconds (WARC-Date and the `captured` key carry that much). Politeness and schedules are
// computed on Timestamps given by a Clock, so that a ManualClock can run a year in a second.
//
// Threads: SystemClock any; ManualClock any.     Spec: RFC 3339; WARC 1.1 section 5.4; CDX 14-digit times

#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

using Timestamp = std::chrono::sys_time<std::chrono::microseconds>;
using Duration = std::chrono::microseconds;

class Clock {
 public:
  virtual ~Clock() = default;
  virtual Timestamp now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Timestamp now() const override;
};

// Stands still until moved.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Timestamp start) : micros_(start.time_since_epoch().count()) {}
  Timestamp now() const override { return Timestamp(Duration(micros_.load())); }
  void advance(Duration by) { micros_ += by.count(); }
  void set(Timestamp to) { micros_ = to.time_since_epoch().count(); }

 private:
  std::atomic<Duration::rep> micros_;
};

// "2026-11-23T14:47:02.000123Z": always six digits, always Z.
std::string to_rfc3339(Timestamp t);
// RFC 3339 with any fraction and offset, a bare date, or a 1-14 digit CDX time ("2020", "20200131235959").
// Missing parts are the earliest: "2020" is 2020-01-01T00:00:00Z. kInvalid otherwise.
Result<Timestamp> parse_timestamp(std::string_view text);
// Like parse_timestamp, but missing parts are the latest ("2020" is 2020-12-31T23:59:59.999999Z): the end of a range,
// and what `--at 2020` means.
Result<Timestamp> parse_timestamp_end(std::string_view text);
// "20261123144702", as in /web/<time>/<url> and CDX.
std::string to_digits14(Timestamp t);

// HTTP dates (RFC 9110 section 5.6.7, all three forms). kInvalid otherwise.
Result<Timestamp> parse_http_date(std::string_view text);
std::string to_http_date(Timestamp t);

// "1s", "250ms", "1m30s", "7d", "2h". Bare numbers are refused: units are part of the value.
Result<Duration> parse_duration(std::string_view text);
// The shortest spelling that parse_duration reads back: "1.5s", "7d".
std::string to_text(Duration d);

}  // namespace vellum
