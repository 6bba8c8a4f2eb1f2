// What happens when libcurl's multi handle fails. It does so only out of memory or by a bug of its own, so this program
// puts a function of its own before libcurl's.

#include <curl/curl.h>
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <map>

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
