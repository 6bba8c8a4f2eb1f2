// "Something changed, look again": what coroutines of one io thread wait on.
//
//   const auto seen = changed.generation();
//   if (nothing_to_do()) co_await changed.wait(limit, seen);     // returns at once if notify() came in between
//
// Each waiter has a timer of its own: re-arming one shared timer would wake all the others.
// Threads: the io thread only.

#pragma once

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <vector>

namespace vellum::engine {

class Wakeup {
 public:
  explicit Wakeup(boost::asio::io_context& io) : io_(io) {}

  std::uint64_t generation() const { return generation_; }

  void notify() {
    ++generation_;
    for (auto* timer : waiting_) timer->cancel();
  }

  // Until the next notify() after `seen`, or `limit` at the latest.
  boost::asio::awaitable<void> wait(std::chrono::microseconds limit, std::uint64_t seen) {
    if (seen != generation_) co_return;
    boost::asio::steady_timer timer(io_, limit);
    Registration registration(waiting_, timer);
    boost::system::error_code ignored;
    co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
  }

 private:
  struct Registration {
    Registration(std::vector<boost::asio::steady_timer*>& list, boost::asio::steady_timer& timer)
        : list_(list), timer_(&timer) {
      list_.push_back(timer_);
    }
    ~Registration() { list_.erase(std::find(list_.begin(), list_.end(), timer_)); }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;
    std::vector<boost::asio::steady_timer*>& list_;
    boost::asio::steady_timer* timer_;
  };

  boost::asio::io_context& io_;
  std::uint64_t generation_ = 0;
  std::vector<boost::asio::steady_timer*> waiting_;
};

}  // namespace vellum::engine
