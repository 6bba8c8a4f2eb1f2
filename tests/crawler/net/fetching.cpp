#include "tests/crawler/net/fetching.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <fstream>
#include <optional>
#include <sstream>

namespace vellum::net {
namespace {

boost::asio::awaitable<void> run_one(Fetcher& fetcher, FetchRequest request,
                                     std::function<void(Fetching::Answer)> then) {
  then(co_await fetcher.fetch(std::move(request)));
}

}  // namespace

NetworkOptions loopback_allowed() {
  NetworkOptions options;
  options.allow = {"127.0.0.1"};
  return options;
}

Fetching::Fetching(NetworkOptions options) : clock(Timestamp(std::chrono::seconds(1'600'000'000))) {
  auto opened = CurlFetcher::open(io, clock, std::move(options));
  if (!opened) throw std::runtime_error(opened.error().message);
  fetcher = *std::move(opened);
}

FetchRequest Fetching::request(const std::string& url) {
  FetchRequest request(Url::parse(url).value());
  request.user_agent = "Vellum-Test/1.0";
  return request;
}

Fetching::Answer Fetching::fetch(FetchRequest request) {
  std::optional<Answer> answer;
  start(std::move(request), [&](Answer a) { answer = std::move(a); });
  run();
  if (!answer) return fail(ErrorKind::kBug, "the loop ended before the fetch");
  return *std::move(answer);
}

void Fetching::start(FetchRequest request, std::function<void(Answer)> then) {
  boost::asio::co_spawn(io, run_one(*fetcher, std::move(request), std::move(then)), boost::asio::detached);
}

void Fetching::run() {
  io.restart();
  io.run();
}

bool Fetching::run_until(const std::function<bool()>& condition) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) return false;
    io.restart();
    io.run_for(std::chrono::milliseconds(1));
  }
  return true;
}

std::string text_of(const Body& body) {
  const auto view = body.view();
  EXPECT_TRUE(view) << view.error().message;
  return view ? std::string(*view) : std::string();
}

std::string data_file(const std::string& name) {
  std::ifstream file(std::string(VELLUM_TEST_DATA) + "/crawler/net/" + name, std::ios::binary);
  EXPECT_TRUE(file) << "no data file " << name;
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

}  // namespace vellum::net
