// One connection: reads requests, has them answered on the pool, writes the replies, one after the other.
//
// Bounds: a head of kMostHeadBytes, no body, kIdle between requests, kWrite for a reply, kLinger for the other side to
// hang up.
//
// Threads: runs on the acceptor's io_context; keeps itself alive while something is under way. The places given must
// outlive the io_context.

#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>

#include "tools/replay/site.h"

namespace vellum::replay {

struct SessionPlaces {
  Site& site;
  boost::asio::thread_pool& pool;
  std::atomic<int>& open_sessions;
};

void start_session(boost::asio::ip::tcp::socket socket, const SessionPlaces& places);

}  // namespace vellum::replay
