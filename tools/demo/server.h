// The demo site over HTTP/1.1 on loopback: an origin server for any Host, and a proxy for absolute-form requests.
//
//   VELLUM_TRY(auto server, Server::open(site, options));
//   server->run();                            // until stop() or, with stop_on_signals, SIGINT or SIGTERM
//
// Connections are kept alive; HEAD, If-None-Match (for static files) and gzip are understood; other methods get 405,
// CONNECT 501, nonsense 400. Requests are limited to 64 KiB, connections to 512; an idle connection is closed after 60
// seconds.
//
// Threads: everything runs on the one that calls run(); stop() may be called from any.
// Memory: the site must outlive the server.

#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>

#include "base/error.h"
#include "tools/demo/site_model.h"

namespace vellum::demo {

struct ServerOptions {
  std::uint16_t port = 0;              // 0: any free one
  std::filesystem::path log;           // "" for none; one line a request: monotonic seconds, host, path, status
  std::chrono::milliseconds delay{0};  // before every answer
  std::chrono::milliseconds slow{0};   // before the answer of the slow page
  bool stop_on_signals = false;
};

class Server {
 public:
  // kNetwork: the port is taken; kInvalid: the log cannot be written.
  static Result<std::unique_ptr<Server>> open(const Site& site, const ServerOptions& options);
  ~Server();
  std::uint16_t port() const;
  void run();
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::demo
