// The door of one leased politeness group: requests pass one by one, `spacing` apart from start to start.
//
// Every request of the group passes here: pages, robots.txt, redirects, fragments, requisites and retries. The lease
// makes this gate the only one for its group; update() is what gets written with every commit, so that a restart keeps
// it. The spacing counts from when a request's bytes left, not from when its turn came: connecting takes time, and it
// is the server's view that matters.
//
// Threads: the io thread.

#pragma once

#include <boost/asio/io_context.hpp>

#include "base/async.h"
#include "base/clock.h"
#include "crawler/engine/wakeup.h"
#include "crawler/policy/calendar.h"
#include "crawler/policy/politeness.h"
#include "storage/frontier/frontier.h"

namespace vellum::engine {

class GroupGate {
 public:
  // `hours`: when the group may be asked at all; outlives the gate.
  GroupGate(boost::asio::io_context& io, const Clock& clock, Timestamp not_before, Duration spacing,
            const policy::Calendar* hours = nullptr)
      : clock_(clock), hours_(hours), free_(io), next_at_(not_before), spacing_(spacing) {}

  // Waits for this request's turn. kCancelled after close(), and where the lease ends before. Nobody else passes before
  // request_left() or request_ended().
  Task<void> turn();
  // The request's last byte went out: the spacing counts from now.
  void request_left(Timestamp at);
  // Its exchange is over, whether it ever left or not.
  void request_ended();
  // Crawl-delay: only ever longer, and counted from the last request too. True if the spacing grew by it: then it
  // should be durable before anything else of the answer that brought it.
  bool lengthen(Duration spacing);
  // What the group's earlier leases were told.
  void recall(const storage::GroupSpacing& known);
  // The lease's end: whose turn would come after it is refused, since the group may have another gate by then.
  void set_lease_end(Timestamp end) { lease_end_ = end; }
  // Retry-After and back-off: nothing passes before `until`.
  void hold(Timestamp until);
  // Wakes whoever waits; their turn() fails.
  void close();

  // The earliest time of the next request, hours and all.
  Timestamp next_at() const { return hours_ == nullptr ? next_at_ : hours_->next_open(next_at_); }
  // What is to be durable about the group now.
  storage::GroupUpdate update(const std::string& group, bool hold = false) const;

  // How the group takes us; kept here while it is leased.
  policy::BackOff back_off;
  std::uint32_t refusals = 0;  // 403s in a row
  Duration after_crash{};      // what every group waits after an unclean stop anyway
  Timestamp last_left() const { return last_left_; }
  Timestamp held_until() const { return held_until_; }

 private:
  const Clock& clock_;
  const policy::Calendar* hours_;
  Wakeup free_;
  Timestamp next_at_;
  Timestamp held_until_{};
  Timestamp last_left_{};
  Timestamp lease_end_ = Timestamp::max();
  storage::GroupSpacing asked_{};  // by the group's robots.txt
  Duration spacing_;
  bool busy_ = false;       // somebody waits for the time to come
  bool under_way_ = false;  // somebody's turn came, and its request has not left yet
  bool closed_ = false;
};

}  // namespace vellum::engine
