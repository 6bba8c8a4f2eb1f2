// Telling systemd how the service is: the protocol of sd_notify(3), one datagram to $NOTIFY_SOCKET.
//
// Without systemd every call does nothing. Errors are swallowed: a service must not fail for its supervisor's sake.
// Threads: any, one at a time.

#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace vellum::cli {

class ServiceNotify {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  ServiceNotify();

  void ready() const { send("READY=1"); }
  void stopping() const { send("STOPPING=1"); }
  void status(std::string_view line) const { send("STATUS=" + std::string(line)); }
  // To be called at least every watchdog_period(); sends no more often than a quarter of it.
  void alive(Timestamp now);
  std::optional<Duration> watchdog_period() const { return watchdog_; }

 private:
  void send(const std::string& state) const;

  std::string socket_;  // path, or '@' and an abstract name; "" without systemd
  std::optional<Duration> watchdog_;
  Timestamp last_alive_{};
};

}  // namespace vellum::cli
