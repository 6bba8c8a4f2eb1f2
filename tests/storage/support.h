// What the store's tests share: running a coroutine to its end, ordinary captures and tasks.

#pragma once

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/async.h"
#include "storage/commit/catalog.h"
#include "tests/support/temp_dir.h"

namespace vellum::storage::test {

using ::vellum::test::TempDir;

inline const Timestamp kStart = *parse_timestamp("2026-11-23T12:00:00Z");

template <class T>
Result<T> await(Task<T> task) {
  boost::asio::io_context context;
  std::optional<Result<T>> result;
  auto done = [&](std::exception_ptr thrown, Result<T> value) {
    if (thrown) std::rethrow_exception(thrown);
    result.emplace(std::move(value));
  };
  boost::asio::co_spawn(context, std::move(task), done);
  context.run();
  return *std::move(result);
}

// A capture of `url` with `payload`, as a visit would bring it in.
inline NewCapture capture_of(const Catalog& catalog, std::string url, std::string_view payload, Timestamp at = kStart) {
  NewCapture fresh;
  fresh.capture.url = std::move(url);
  fresh.capture.captured = at;
  fresh.capture.status = 200;
  fresh.capture.mime = "text/html";
  fresh.capture.hop = "seed";
  fresh.payload = catalog.prepare(payload, {fresh.capture.url, "", fresh.capture.mime}).value();
  fresh.capture.digest = fresh.payload.digest;
  fresh.capture.bytes = fresh.payload.bytes;
  fresh.capture.coded_digest = fresh.payload.digest;
  fresh.capture.coded_bytes = fresh.payload.bytes;
  fresh.headers = HeaderBlocks{"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n"};
  return fresh;
}

inline Commit commit_of(std::vector<NewCapture> captures, RunId run = 0) {
  Commit commit;
  commit.run = run;
  for (NewCapture& fresh : captures) fresh.capture.run = run;
  commit.captures = std::move(captures);
  return commit;
}

inline UrlTask task_of(std::string url, std::string group, int priority = 5, Timestamp not_before = {}) {
  UrlTask task;
  task.url = std::move(url);
  task.seen = task.url;
  task.group = std::move(group);
  task.priority = priority;
  task.not_before = not_before;
  return task;
}

inline OpenOptions options_at(Timestamp now, bool create = false) {
  OpenOptions options;
  options.now = now;
  options.create = create;
  return options;
}

}  // namespace vellum::storage::test
