// The bridge by itself, and what becomes of fetches when libcurl's multi handle fails. It fails only out of memory or
// by a bug of its own, so this program puts a function of its own before libcurl's.

#include "crawler/net/curl_multi.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>

#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"

namespace {

int failures_ordered = 0;

}  // namespace

extern "C" CURLMcode curl_multi_socket_action(CURLM* multi, curl_socket_t socket, int bits, int* running) {
  if (failures_ordered > 0) {
    --failures_ordered;
    return CURLM_INTERNAL_ERROR;
  }
  using Function = CURLMcode (*)(CURLM*, curl_socket_t, int, int*);
  static const auto real = reinterpret_cast<Function>(::dlsym(RTLD_NEXT, "curl_multi_socket_action"));
  return real(multi, socket, bits, running);
}

namespace vellum::net {
namespace {

using test::HttpServer;
using test::Reply;
using namespace std::chrono_literals;

using Easy = std::unique_ptr<CURL, void (*)(CURL*)>;

std::size_t append(char* bytes, std::size_t size, std::size_t count, void* to) {
  static_cast<std::string*>(to)->append(bytes, size * count);
  return size * count;
}

// Without any of the timers that would look at a socket which nobody watches.
Easy plain_transfer(const std::string& url, std::string& body) {
  Easy easy(curl_easy_init(), &curl_easy_cleanup);
  curl_easy_setopt(easy.get(), CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy.get(), CURLOPT_WRITEFUNCTION, &append);
  curl_easy_setopt(easy.get(), CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(easy.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy.get(), CURLOPT_HAPPY_EYEBALLS_TIMEOUT_MS, 1L);
  return easy;
}

TEST(CurlMulti, WatchesASocketAgainAfterItSpoke) {
  HttpServer server;
  server.on("/", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n")
                     .wait_for("1")
                     .send("ab")
                     .wait_for("2")
                     .send("cd")
                     .wait_for("3")
                     .send("ef"));
  boost::asio::io_context io(1);
  CurlMulti multi(io, {});
  std::string body;
  const Easy easy = plain_transfer(server.url("/"), body);
  std::optional<TransferEnd> end;
  multi.async_perform(easy.get(), 10s, [&](TransferEnd e) { end = e; });
  for (const char* gate : {"1", "2", "3"}) {
    io.run_for(30ms);
    EXPECT_FALSE(end);
    server.open_gate(gate);
  }
  io.run();
  ASSERT_TRUE(end);
  EXPECT_EQ(end->how, TransferEnd::How::kDone);
  EXPECT_EQ(end->code, CURLE_OK);
  EXPECT_EQ(body, "abcdef");
}

TEST(CurlMulti, EndsATransferAtItsDeadlineAndFreesItsHandle) {
  HttpServer server;
  server.on("/hang", Reply::hang());
  server.on("/", Reply::page("ok"));
  boost::asio::io_context io(1);
  CurlMulti multi(io, {});
  std::string body;
  const Easy easy = plain_transfer(server.url("/hang"), body);
  std::vector<TransferEnd::How> ends;
  multi.async_perform(easy.get(), 50ms, [&](TransferEnd end) {
    ends.push_back(end.how);
    curl_easy_setopt(easy.get(), CURLOPT_URL, server.url("/").c_str());
    multi.async_perform(easy.get(), 10s, [&](TransferEnd again) { ends.push_back(again.how); });
  });
  io.run();
  EXPECT_EQ(ends, (std::vector{TransferEnd::How::kOverdue, TransferEnd::How::kDone}));
  EXPECT_EQ(body, "ok");
}

TEST(BrokenMulti, FailsWhatIsInFlightAndStartsAnew) {
  HttpServer server;
  server.on("/hang", Reply::hang());
  server.on("/slow", Reply().wait_for("go").send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  server.on("/", Reply::page("ok"));
  Fetching fetching;
  std::map<std::string, int> ends;
  const auto note = [&](Fetching::Answer answer) { ++ends[answer ? "ok" : std::string(name_of(answer.error().kind))]; };
  for (int i = 0; i < 3; ++i) fetching.start(Fetching::request(server.url("/hang")), note);
  fetching.start(Fetching::request(server.url("/slow")), note);
  ASSERT_TRUE(fetching.run_until([&] { return server.requests().size() >= 4; }));
  failures_ordered = 1;
  server.open_gate("go");
  fetching.run();
  EXPECT_EQ(failures_ordered, 0);
  EXPECT_EQ(ends, (std::map<std::string, int>{{"network", 4}}));
  EXPECT_TRUE(fetching.fetch(server.url("/")));
}

TEST(BrokenMulti, SurvivesFailureAfterFailure) {
  HttpServer server;
  server.on("/", Reply::page("ok"));
  Fetching fetching;
  for (int i = 0; i < 20; ++i) {
    failures_ordered = 1;
    const auto answer = fetching.fetch(server.url("/"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, ErrorKind::kNetwork);
    EXPECT_TRUE(fetching.fetch(server.url("/")));
  }
}

}  // namespace
}  // namespace vellum::net
