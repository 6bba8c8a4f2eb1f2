// What `vellum serve` shows a browser: replay of the archive that it writes, the status page and the metrics.
//
// Threads: answers on threads of its own, from open() to the destructor.

#pragma once

#include <memory>
#include <string>
#include <thread>

#include "base/clock.h"
#include "storage/commit/catalog.h"
#include "tools/replay/server.h"
#include "tools/vellum/serve/status_page.h"

namespace vellum::cli {

class ServedPages {
 public:
  // What it is given outlives it. kInvalid: a bad address; kNetwork: the port is taken.
  static Result<std::unique_ptr<ServedPages>> open(const replay::ServerOptions& listen, const storage::Catalog& catalog,
                                                   engine::Control& control, const engine::Monitor& monitor);
  ~ServedPages();
  ServedPages(const ServedPages&) = delete;
  ServedPages& operator=(const ServedPages&) = delete;

  std::uint16_t port() const { return server_->port(); }

 private:
  ServedPages(const storage::Catalog& catalog, engine::Control& control, const engine::Monitor& monitor);

  const SystemClock clock_;
  std::unique_ptr<storage::Archive> archive_;  // that withholds what is under embargo
  StatusPages pages_;
  std::unique_ptr<replay::Server> server_;
  std::thread thread_;
};

}  // namespace vellum::cli
