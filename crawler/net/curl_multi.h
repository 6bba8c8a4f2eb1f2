// The bridge between libcurl's multi interface and Asio, and nothing else: sockets become descriptor waits, curl's one
// timer becomes a steady_timer, the end of a transfer becomes the completion of an asynchronous operation.
//
//   CurlMulti multi(io, {.max_connections = 64, .max_connections_per_host = 6});
//   TransferEnd end = co_await multi.async_perform(easy, 30s, use_awaitable);
//
// The laws it keeps are numbered in docs/decisions/0005-curl-on-asio.md and quoted by number in curl_multi.cpp.
//
// Memory: borrows the easy handles, each from async_perform() until its completion has been posted. Destroying the
// bridge ends every transfer with kCancelled; the io_context must live longer.
// Threads: the io thread.

#pragma once

#include <curl/curl.h>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace vellum::net {

struct TransferEnd {
  enum class How {
    kDone = 1,   // curl finished it; `code` says how
    kCancelled,  // by cancel_all(), a cancellation slot, or the end of the bridge
    kOverdue,    // the deadline passed
    kBroken,     // libcurl's multi handle failed; a new one stands ready
  };
  How how = How::kDone;
  CURLcode code = CURLE_OK;
};

class CurlMulti {
 public:
  struct Limits {
    long max_connections = 64;
    long max_connections_per_host = 6;
  };

  CurlMulti(boost::asio::io_context& io, Limits limits);
  ~CurlMulti();
  CurlMulti(const CurlMulti&) = delete;
  CurlMulti& operator=(const CurlMulti&) = delete;

  // Runs a transfer whose options are set; CURLOPT_PRIVATE is the bridge's own. Completes exactly once with a
  // TransferEnd, never inside this call, on the handler's executor; the handle is then out of the bridge.
  // `deadline` covers the whole wait, also the wait for a free connection, which curl's own limits do not.
  // Cancellable through the token's slot, whatever the type of cancellation.
  template <class Token>
  auto async_perform(CURL* easy, std::chrono::milliseconds deadline, Token&& token) {
    return boost::asio::async_initiate<Token, void(TransferEnd)>(
        [this, easy, deadline](auto handler) { start(easy, deadline, Handler(std::move(handler))); }, token);
  }

  // Ends all transfers with kCancelled. The bridge can be used on.
  void cancel_all();

 private:
  using Handler = boost::asio::any_completion_handler<void(TransferEnd)>;
  struct Watch;
  struct Transfer;
  struct Life {};

  static int on_socket(CURL*, curl_socket_t socket, int what, void* self, void*) noexcept;
  static int on_timer(CURLM*, long milliseconds, void* self) noexcept;

  void open();
  void close();
  void start(CURL* easy, std::chrono::milliseconds deadline, Handler handler);
  void arm_deadline(Transfer& transfer, std::chrono::milliseconds deadline);
  bool watch(curl_socket_t socket, int what);
  void unwatch(curl_socket_t socket);
  void wait(const std::shared_ptr<Watch>& watch);
  void ready(const std::shared_ptr<Watch>& watch, bool failed, int bits);
  void arm(long milliseconds);
  void act(curl_socket_t socket, int bits);
  void reap();
  void finish(std::uint64_t id, TransferEnd end);
  void complete(Transfer transfer, TransferEnd end);
  void end_all(TransferEnd::How how);

  // `f`, but only as long as the bridge lives: what Asio has queued already cannot be called back.
  template <class F>
  auto while_alive(F f) {
    return [life = std::weak_ptr<const Life>(life_), f = std::move(f)](auto&&... arguments) {
      if (!life.expired()) f(arguments...);
    };
  }

  boost::asio::io_context& io_;
  Limits limits_;
  std::shared_ptr<const Life> life_ = std::make_shared<const Life>();
  boost::asio::steady_timer timer_;
  CURLM* multi_ = nullptr;
  std::unordered_map<curl_socket_t, std::shared_ptr<Watch>> watches_;
  std::unordered_map<std::uint64_t, Transfer> transfers_;
  std::uint64_t next_id_ = 1;
};

}  // namespace vellum::net
