// A scriptable HTTP/1.1 server on 127.0.0.1 for tests: a free port, its own thread, one script for each answer.
//
//   HttpServer server;
//   server.on("/page", Reply::page("<p>hello", {"Content-Type: text/html"}));
//   server.on("/slow", Reply::raw("HTTP/1.1 200 OK\r\n").wait_for("go").send("Content-Length: 0\r\n\r\n"));
//   server.on("/cut", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").then_reset());
//   ... fetch server.url("/slow") ...  server.open_gate("go");
//
// A connection is kept after a script that does not end it, unless the request said "Connection: close". It also plays
// a proxy: a target of absolute form is looked up whole, then by its path; "CONNECT host:port" by "host:port".
//
// Threads: all functions from any thread; handlers run on the server's. Nothing here sleeps.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/http_message.h"

namespace vellum::test {

struct SeenRequest {
  std::string head;  // as received, to the empty line inclusive
  std::string method, target;
  int connection = 0;                               // 1, 2, ... in the order of acceptance
  std::string header(std::string_view name) const;  // "" if absent
};

// What happens on the connection, step by step.
class Reply {
 public:
  // With Content-Length. Header lines are "Name: value".
  static Reply page(std::string body, const std::vector<std::string>& header_lines = {}, int status = 200);
  static Reply chunked(const std::vector<std::string>& chunks, const std::vector<std::string>& header_lines = {});
  static Reply raw(std::string bytes);
  static Reply hang();   // not a byte
  static Reply reset();  // RST at once
  // "200 Connection established", then bytes to and from 127.0.0.1:port: a CONNECT proxy.
  static Reply tunnel_to(std::uint16_t port);

  Reply& send(std::string bytes) &;
  Reply& wait_for(std::string gate) &;        // until open_gate(gate)
  Reply& send_for_ever(std::string bytes) &;  // until the peer has gone
  Reply& then_close() &;
  Reply& then_hang() &;  // keeps the connection open and silent
  Reply& then_reset() &;
  Reply&& send(std::string bytes) && { return std::move(send(std::move(bytes))); }
  Reply&& wait_for(std::string gate) && { return std::move(wait_for(std::move(gate))); }
  Reply&& send_for_ever(std::string bytes) && { return std::move(send_for_ever(std::move(bytes))); }
  Reply&& then_close() && { return std::move(then_close()); }
  Reply&& then_hang() && { return std::move(then_hang()); }
  Reply&& then_reset() && { return std::move(then_reset()); }

  struct Step {
    enum class Kind { kSend = 1, kWait, kRepeat, kClose, kHang, kReset, kTunnel };
    Kind kind;
    std::string text;        // bytes, or the gate's name
    std::uint16_t port = 0;  // kTunnel
  };
  const std::vector<Step>& steps() const { return steps_; }

 private:
  std::vector<Step> steps_;
};

class HttpServer {
 public:
  using Handler = std::function<Reply(const SeenRequest&)>;

  // Throws std::runtime_error where no socket can be had: there is no test without it.
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  std::string url(std::string_view path_and_query) const;  // "http://127.0.0.1:PORT" + path

  // The last one set for a path holds. A target matches with its query first, then without. Without a match: 404.
  void on(std::string path, Reply reply);
  void on(std::string path, Handler handler);
  void otherwise(Handler handler);

  void open_gate(const std::string& gate);  // for all that wait now or later

  std::vector<SeenRequest> requests() const;
  int connections() const;       // accepted so far
  int open_connections() const;  // of these, still open as far as the server has noticed
  // False if it takes longer than any sane test.
  bool wait_for_requests(std::size_t count, std::chrono::seconds limit = std::chrono::seconds(20)) const;
  bool wait_until_idle(std::chrono::seconds limit = std::chrono::seconds(20)) const;  // open_connections() == 0

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::test
