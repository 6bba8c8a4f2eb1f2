// The door of one leased politeness group: requests pass one by one, `spacing` apart from start to start.
//
// Every request of the group passes here: pages, robots.txt, redirects, fragments, requisites and retries. The lease
// makes this gate the only one for its group; next_at() is what gets written with every commit, so that a restart keeps
// it.
//
// Threads: the io thread.

#pragma once

#include <boost/asio/io_context.hpp>

#include "base/async.h"
#include "base/clock.h"
#include "crawler/engine/wakeup.h"

namespace vellum::engine {

class GroupGate {
 public:
  GroupGate(boost::asio::io_context& io, const Clock& clock, Timestamp not_before, Duration spacing)
      : clock_(clock), free_(io), next_at_(not_before), spacing_(spacing) {}

  // Waits for this request's turn. kCancelled after close().
  Task<void> turn();
  // Counts the spacing from when the request really left (connecting may have taken a while).
  void request_left(Timestamp at);
  // Crawl-delay: only ever longer.
  void lengthen(Duration spacing) { spacing_ = std::max(spacing_, spacing); }
  // Retry-After and back-off: nothing passes before `until`.
  void hold(Timestamp until);
  // Wakes whoever waits; their turn() fails.
  void close();

  Timestamp next_at() const { return next_at_; }
  Timestamp held_until() const { return held_until_; }

 private:
  const Clock& clock_;
  Wakeup free_;
  Timestamp next_at_;
  Timestamp held_until_{};
  Duration spacing_;
  bool busy_ = false;
  bool closed_ = false;
};

}  // namespace vellum::engine
