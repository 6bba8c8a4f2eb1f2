#include "tools/vellum/serve/served_pages.h"

#include <utility>

namespace vellum::cli {

ServedPages::ServedPages(const storage::Catalog& catalog, engine::Control& control, const engine::Monitor& monitor)
    : archive_(catalog.reader()), pages_(control, monitor, *archive_) {
  archive_->withhold_embargoed(clock_);
}

Result<std::unique_ptr<ServedPages>> ServedPages::open(const replay::ServerOptions& listen,
                                                       const storage::Catalog& catalog, engine::Control& control,
                                                       const engine::Monitor& monitor) {
  std::unique_ptr<ServedPages> served(new ServedPages(catalog, control, monitor));
  replay::ServerOptions options = listen;
  options.own_pages = [pages = &served->pages_](std::string_view path) { return pages->answer(path); };
  VELLUM_TRY(served->server_, replay::Server::open(*served->archive_, options));
  served->thread_ = std::thread([server = served->server_.get()] { server->run(); });
  return served;
}

ServedPages::~ServedPages() {
  if (!thread_.joinable()) return;
  server_->stop();
  thread_.join();
}

}  // namespace vellum::cli
