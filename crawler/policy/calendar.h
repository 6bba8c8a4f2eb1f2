// When a site may be asked: "weekends, or 21:00-05:00 US Eastern" as windows of local time.
//
//   VELLUM_TRY(const Calendar hours, Calendar::parse({"sat,sun", "21:00-05:00"}, "America/New_York"));
//   if (hours.next_open(now) > now) ...wait...
//
// A window is days, a span of hours, or both: "sat,sun", "mon-fri 21:00-05:00", "21:00-05:00". A span that ends where
// or before it begins goes on into the next day, and its days are those on which it begins; it ends before its last
// minute. In the hour that clocks skip nothing opens or closes; in the hour that they repeat both passes count.
//
// Threads: immutable, any.

#pragma once

#include <bitset>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/time_zone.h"

namespace vellum::policy {

class Calendar {
 public:
  // Always open.
  Calendar() = default;
  // kInvalid names the window or zone that is wrong. No windows: always open.
  static Result<Calendar> parse(const std::vector<std::string>& windows, const std::string& timezone);

  bool is_open(Timestamp t) const;
  // `t` where it is open, else the minute at which it opens next.
  Timestamp next_open(Timestamp t) const;
  bool always_open() const { return windows_.empty(); }

 private:
  struct Window {
    std::bitset<7> days;           // 0 is Sunday
    int begin = 0, end = 24 * 60;  // minutes; end <= begin: on the next day
  };
  static Result<Window> parse_window(std::string_view text);
  bool fits(const Window& window, int weekday, int minute) const;

  std::vector<Window> windows_;
  TimeZone zone_ = TimeZone::utc();
};

}  // namespace vellum::policy
