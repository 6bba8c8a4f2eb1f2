// What the fetch tests share: a fetcher on an io loop of the test's own, run until nothing is left to do.

#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "crawler/net/curl_fetcher.h"

namespace vellum::net {

// Tests connect to 127.0.0.1, which the guard refuses unless told.
NetworkOptions loopback_allowed();

class Fetching {
 public:
  using Answer = Result<FetchAnswer>;

  explicit Fetching(NetworkOptions options = loopback_allowed());

  static FetchRequest request(const std::string& url);

  // Runs the loop until it has no work: no transfer, no timer and no watched socket is left behind.
  Answer fetch(FetchRequest request);
  Answer fetch(const std::string& url) { return fetch(request(url)); }

  // Begins a fetch that runs with the next run(); `then` gets its answer.
  void start(FetchRequest request, std::function<void(Answer)> then);
  void run();
  // Runs the loop in small turns until `condition` holds; false if it takes longer than any sane test.
  bool run_until(const std::function<bool()>& condition);

  boost::asio::io_context io{1};
  ManualClock clock;
  std::unique_ptr<CurlFetcher> fetcher;
};

std::string text_of(const Body& body);
// A file of tests/data/crawler/net.
std::string data_file(const std::string& name);

}  // namespace vellum::net
