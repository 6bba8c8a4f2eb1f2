// Replay: stored captures to a browser, read-only, on loopback, while a crawl may be running.
//
//   /web/<time>/<url>      the capture nearest to <time> (1-14 digits, or "*" for the list of captures)
//   /web/<time>id_/<url>   its payload, byte for byte, with its own media type (text/plain where a browser would render
//                          raw markup, whose connection hints no policy stops)
//   /article/<url>         the article record as a page: fields, references with DOIs and what of them is archived
//   /                      what the archive holds
//
// Archived content is hostile: every answer under /web/ carries a Content-Security-Policy that lets nothing out (no
// ws:), no script runs, no cookie is set, and stored response headers are passed on from a short list only. Nothing is
// ever fetched from the live web.
//
// Threads: run() blocks on a thread of its own io_context until stop(), which any thread may call.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "storage/archive/archive.h"
#include "tools/replay/site.h"

namespace vellum::replay {

struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free one
  OwnPages own_pages{};       // of the program around it: a status page, metrics
};

class Server {
 public:
  // kInvalid for a bad address, kNetwork if the port is taken (says so).
  static Result<std::unique_ptr<Server>> open(storage::Archive& archive, const ServerOptions& options);
  ~Server();
  std::uint16_t port() const;
  void run();
  void stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vellum::replay
