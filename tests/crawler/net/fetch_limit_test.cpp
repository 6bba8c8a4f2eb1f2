// Sizes and times: what is too large or too late ends the fetch, and nothing partial comes out.

#include <gtest/gtest.h>

#include <limits>

#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"

namespace vellum::net {
namespace {

using namespace std::chrono_literals;
using test::HttpServer;
using test::Reply;

Fetching::Answer fetch_within(const std::string& url, const FetchLimits& limits) {
  Fetching fetching;
  auto request = Fetching::request(url);
  request.limits = limits;
  return fetching.fetch(std::move(request));
}

FetchLimits at_most(std::uint64_t body_bytes) {
  FetchLimits limits;
  limits.max_body_bytes = body_bytes;
  return limits;
}

FetchLimits within(std::chrono::milliseconds total) {
  FetchLimits limits;
  limits.total_timeout = total;
  return limits;
}

TEST(FetchLimit, RefusesABodyThatAnnouncesTooMuch) {
  HttpServer server;
  server.on("/", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n").then_hang());
  const auto answer = fetch_within(server.url("/"), at_most(100));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTooLarge);
}

TEST(FetchLimit, CutsABodyThatDoesNotEnd) {
  HttpServer server;
  server.on("/close", Reply::raw("HTTP/1.1 200 OK\r\n\r\n").send_for_ever(std::string(50'000, 'x')));
  server.on("/chunked",
            Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").send_for_ever("a\r\n0123456789\r\n"));
  for (const char* path : {"/close", "/chunked"}) {
    const auto answer = fetch_within(server.url(path), at_most(100'000));
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().kind, ErrorKind::kTooLarge) << answer.error().message;
  }
  EXPECT_TRUE(server.wait_until_idle());
}

TEST(FetchLimit, TakesABodyOfExactlyTheLimit) {
  HttpServer server;
  server.on("/", Reply::page(std::string(100, 'x')));
  EXPECT_TRUE(fetch_within(server.url("/"), at_most(100)));
  EXPECT_FALSE(fetch_within(server.url("/"), at_most(99)));
}

TEST(FetchLimit, AllowsNoBodyAtAllWhenTheLimitIsZero) {
  HttpServer server;
  server.on("/empty", Reply::page(""));
  server.on("/one", Reply::page("1"));
  EXPECT_TRUE(fetch_within(server.url("/empty"), at_most(0)));
  EXPECT_EQ(fetch_within(server.url("/one"), at_most(0)).error().kind, ErrorKind::kTooLarge);
}

TEST(FetchLimit, CutsHeadersThatDoNotEnd) {
  HttpServer server;
  const std::string status = "HTTP/1.1 200 OK\r\n";
  server.on("/lines", Reply::raw(status).send_for_ever("X-Again: and again\r\n"));
  server.on("/line", Reply::raw(status + "X: ").send_for_ever(std::string(10'000, 'x')));
  server.on("/folds", Reply::raw(status + "X: y\r\n").send_for_ever(" and again\r\n"));
  server.on("/interim", Reply().send_for_ever("HTTP/1.1 102 Processing\r\n\r\n"));
  server.on("/status", Reply::raw("HTTP/1.1 200 ").send_for_ever("OK"));
  server.on("/trailers", Reply::raw(status + "Transfer-Encoding: chunked\r\n\r\n0\r\n").send_for_ever("X: y\r\n"));
  for (const char* path : {"/lines", "/line", "/folds", "/interim", "/status", "/trailers"}) {
    FetchLimits limits;
    limits.max_header_bytes = 64u << 10;
    const auto answer = fetch_within(server.url(path), limits);
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().kind, ErrorKind::kTooLarge) << path << ": " << answer.error().message;
  }
  EXPECT_TRUE(server.wait_until_idle());
}

TEST(FetchLimit, SaysTooLargeWhereCurlsOwnLimitComesFirst) {
  HttpServer server;
  const std::string status = "HTTP/1.1 200 OK\r\n";
  server.on("/lines", Reply::raw(status).send_for_ever("X-Again: " + std::string(1000, 'x') + "\r\n"));
  server.on("/line", Reply::raw(status + "X: ").send_for_ever(std::string(10'000, 'x')));
  for (const char* path : {"/lines", "/line"}) {
    FetchLimits limits;
    limits.max_header_bytes = 100u << 20;
    const auto answer = fetch_within(server.url(path), limits);
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().kind, ErrorKind::kTooLarge) << path << ": " << answer.error().message;
  }
}

TEST(FetchLimit, TakesLimitsOfAnySize) {
  HttpServer server;
  server.on("/", Reply::page("ok"));
  FetchLimits limits;
  limits.connect_timeout = limits.total_timeout = limits.stall_timeout = std::chrono::milliseconds::max();
  limits.max_body_bytes = std::numeric_limits<std::uint64_t>::max();
  limits.max_header_bytes = std::numeric_limits<std::size_t>::max();
  const auto answer = fetch_within(server.url("/"), limits);
  EXPECT_TRUE(answer) << answer.error().message;
}

TEST(FetchLimit, TakesAHeaderBlockOfExactlyTheLimit) {
  HttpServer server;
  const std::string block = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  server.on("/", Reply::raw(block));
  FetchLimits limits;
  limits.max_header_bytes = block.size();
  EXPECT_TRUE(fetch_within(server.url("/"), limits));
  limits.max_header_bytes = block.size() - 1;
  EXPECT_EQ(fetch_within(server.url("/"), limits).error().kind, ErrorKind::kTooLarge);
}

TEST(FetchLimit, GivesUpOnASilentServer) {
  HttpServer server;
  server.on("/silent", Reply::hang());
  server.on("/head", Reply::raw("HTTP/1.1 200 OK\r\nContent-Le").then_hang());
  server.on("/body", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").then_hang());
  for (const char* path : {"/silent", "/head", "/body"}) {
    const auto answer = fetch_within(server.url(path), within(100ms));
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().kind, ErrorKind::kTimeout) << answer.error().message;
  }
  EXPECT_TRUE(server.wait_until_idle());  // the connections were closed, not forgotten
}

TEST(FetchLimit, GivesUpOnAServerThatIsTooSlowInAll) {
  HttpServer server;
  server.on("/", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").wait_for("too late").send("defghi"));
  const auto answer = fetch_within(server.url("/"), within(100ms));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTimeout);
}

TEST(FetchLimit, WaitsForASlowServerWithinTheLimit) {
  HttpServer server;
  server.on("/", Reply::raw("HTTP/1.1 200 OK\r\nContent-Le")
                     .wait_for("1")
                     .send("ngth: 4\r\n\r\n")
                     .wait_for("2")
                     .send("ab")
                     .wait_for("3")
                     .send("cd"));
  Fetching fetching;
  std::optional<Fetching::Answer> answer;
  fetching.start(Fetching::request(server.url("/")), [&](Fetching::Answer a) { answer = std::move(a); });
  for (const char* gate : {"1", "2", "3"}) {
    fetching.io.restart();
    fetching.io.run_for(20ms);
    EXPECT_FALSE(answer);
    server.open_gate(gate);
  }
  fetching.run();
  ASSERT_TRUE(answer && *answer) << (*answer).error().message;
  EXPECT_EQ(text_of((*answer)->body), "abcd");
}

// The only test here that waits: curl looks at the speed once a second.
TEST(FetchLimit, GivesUpOnAServerThatStalls) {
  HttpServer server;
  server.on("/", Reply::hang());
  FetchLimits limits;
  limits.stall_timeout = 1ms;
  const auto answer = fetch_within(server.url("/"), limits);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTimeout) << answer.error().message;
}

TEST(FetchLimit, CountsTheWaitForAFreeConnection) {
  HttpServer server;
  server.on("/hang", Reply::hang());
  server.on("/", Reply::page("ok"));
  NetworkOptions options = loopback_allowed();
  options.max_connections = 1;
  Fetching fetching(options);
  auto holding = Fetching::request(server.url("/hang"));
  holding.limits.total_timeout = 400ms;
  auto waiting = Fetching::request(server.url("/"));
  waiting.limits.total_timeout = 100ms;
  auto patient = Fetching::request(server.url("/"));
  std::vector<std::string> ends;
  const auto note = [&](const char* name) {
    return [&ends, name](Fetching::Answer answer) {
      ends.push_back(std::string(name) + (answer ? " ok" : " " + std::string(name_of(answer.error().kind))));
    };
  };
  fetching.start(holding, note("holding"));
  fetching.start(waiting, note("waiting"));
  fetching.start(patient, note("patient"));
  fetching.run();
  EXPECT_EQ(ends, (std::vector<std::string>{"waiting timeout", "holding timeout", "patient ok"}));
}

}  // namespace
}  // namespace vellum::net
