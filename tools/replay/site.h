// Everything the replay answers, without sockets: a request in, a reply out.
//
// Every reply, whatever went wrong, carries a Content-Security-Policy and nosniff. Only GET and HEAD are answered.
// The archive is refreshed at most once a second; where a read fails because the writer moved something meanwhile, it
// is refreshed and read once more.
//
// Threads: answer() may be called from any number of threads. The archive must outlive the site.

#pragma once

#include <chrono>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "storage/archive/archive.h"
#include "tools/replay/article_index.h"
#include "tools/replay/http.h"

namespace vellum::replay {

// Pages of the program that the replay is part of: asked first, with the path; nullopt where it has none of that path.
// Called from any thread.
using OwnPages = std::function<std::optional<Reply>(std::string_view path)>;

class Site {
 public:
  Site(storage::Archive& archive, std::string listen_host, OwnPages own_pages = {})
      : archive_(archive), listen_host_(std::move(listen_host)), own_pages_(std::move(own_pages)) {}

  Reply answer(const Request& request);

 private:
  Reply reply_to(const Request& request);
  Result<Reply> route(const Request& request);
  Result<Reply> home(std::string_view query);
  Result<Reply> stray(const Request& request);
  void refresh(bool even_if_fresh);
  Result<storage::ArchiveStats> stats();

  using Steady = std::chrono::steady_clock;
  storage::Archive& archive_;
  std::string listen_host_;
  OwnPages own_pages_;
  ArticleIndex index_;
  std::mutex mutex_;
  std::optional<Steady::time_point> refreshed_, counted_;
  storage::ArchiveStats stats_;
};

// The reply to what never became a request: a bad request line, a head that is too long.
Reply refusal(int status, std::string_view message);

}  // namespace vellum::replay
