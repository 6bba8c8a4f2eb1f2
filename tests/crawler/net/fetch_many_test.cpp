// Many fetches at once, cancellation, and the end of the fetcher. That run() returns proves that no socket is watched
// and no timer is set any more: each would keep the loop alive.

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <map>

#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"

namespace vellum::net {
namespace {

using namespace std::chrono_literals;
using test::HttpServer;
using test::Reply;
using test::SeenRequest;

std::string word(const Fetching::Answer& answer) {
  return answer ? "ok" : std::string(name_of(answer.error().kind));
}

// ---- 300 at once ----

constexpr const char* kWays[] = {"ok", "chunked", "gzip", "hang", "reset", "cut", "mute", "large", "ok", "ok"};

Reply reply_for(std::string_view way) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n";
  if (way == "chunked") return Reply::chunked({"ab", "cd", "efghi"});
  if (way == "gzip") return Reply::page(data_file("page.html.gz"), {"Content-Encoding: gzip"});
  if (way == "hang") return Reply::raw(head + "abc").then_hang();
  if (way == "reset") return Reply::raw(head + "abc").then_reset();
  if (way == "cut") return Reply::raw(head + "abc").then_close();
  if (way == "mute") return Reply::hang();
  if (way == "large") return Reply::raw("HTTP/1.1 200 OK\r\n\r\n").send_for_ever(std::string(10'000, 'x'));
  return Reply::page("abcdefghi");
}

TEST(FetchMany, ThreeHundredAtOnceWithFaultsLeaveNothingBehind) {
  HttpServer server;
  for (const char* way : kWays) server.on(std::string("/") + way, reply_for(way));
  Fetching fetching;
  std::map<std::string, int> ends;
  for (int i = 0; i < 300; ++i) {
    const std::string way = kWays[i % 10];
    auto request =
        Fetching::request("http://127.0.0.1:" + std::to_string(server.port()) + "/" + way + "?" + std::to_string(i));
    request.limits.max_body_bytes = 100'000;
    request.limits.total_timeout = way == "hang" || way == "mute" ? 300ms : 60s;
    fetching.start(std::move(request), [&ends, way](Fetching::Answer answer) { ++ends[way + " " + word(answer)]; });
  }
  fetching.run();
  const std::map<std::string, int> expected = {{"ok ok", 90},        {"chunked ok", 30},     {"gzip ok", 30},
                                               {"hang timeout", 30}, {"mute timeout", 30},   {"reset network", 30},
                                               {"cut network", 30},  {"large too-large", 30}};
  EXPECT_EQ(ends, expected);
  fetching.fetcher.reset();
  EXPECT_TRUE(server.wait_until_idle());
}

TEST(FetchMany, HoldsTheLimitOfConnectionsPerHost) {
  HttpServer server;
  server.otherwise([](const SeenRequest&) { return Reply::page("ok"); });
  NetworkOptions options = loopback_allowed();
  options.max_connections_per_host = 3;
  Fetching fetching(options);
  int ok = 0;
  for (int i = 0; i < 60; ++i) {
    fetching.start(Fetching::request(server.url("/" + std::to_string(i))),
                   [&](Fetching::Answer answer) { ok += bool(answer); });
  }
  fetching.run();
  EXPECT_EQ(ok, 60);
  EXPECT_LE(server.connections(), 3);
}

// ---- cancellation ----

TEST(FetchMany, CancelAllEndsEveryTransferAndTheFetcherGoesOn) {
  HttpServer server;
  server.on("/hang", Reply::hang());
  server.on("/half", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").then_hang());
  server.on("/", Reply::page("ok"));
  Fetching fetching;
  std::map<std::string, int> ends;
  for (int i = 0; i < 40; ++i) {  // more than may connect at once: some wait for a connection
    fetching.start(Fetching::request(server.url(i % 2 == 0 ? "/hang" : "/half")),
                   [&](Fetching::Answer answer) { ++ends[word(answer)]; });
  }
  ASSERT_TRUE(fetching.run_until([&] { return server.requests().size() >= 6; }));
  EXPECT_TRUE(ends.empty());
  fetching.fetcher->cancel_all();
  EXPECT_TRUE(ends.empty());  // completion is posted, never made inside the call
  fetching.run();
  EXPECT_EQ(ends, (std::map<std::string, int>{{"cancelled", 40}}));
  EXPECT_TRUE(server.wait_until_idle());
  EXPECT_EQ(word(fetching.fetch(server.url("/"))), "ok");
}

TEST(FetchMany, CancelAllMayBeCalledWhenAnAnswerComesIn) {
  HttpServer server;
  server.on("/hang", Reply::hang());
  server.on("/", Reply::page("ok"));
  Fetching fetching;
  std::map<std::string, int> ends;
  for (int i = 0; i < 5; ++i) {
    fetching.start(Fetching::request(server.url("/hang")), [&](Fetching::Answer answer) { ++ends[word(answer)]; });
  }
  fetching.start(Fetching::request(server.url("/")), [&](Fetching::Answer answer) {
    ++ends[word(answer)];
    fetching.fetcher->cancel_all();
    fetching.fetcher->cancel_all();
  });
  fetching.run();
  EXPECT_EQ(ends, (std::map<std::string, int>{{"cancelled", 5}, {"ok", 1}}));
}

boost::asio::awaitable<void> note_end(Fetcher& fetcher, FetchRequest request, std::string& end) {
  const auto answer = co_await fetcher.fetch(std::move(request));
  end = word(answer);
}

TEST(FetchMany, ACancellationSignalEndsOneTransferOnly) {
  HttpServer server;
  server.on("/hang", Reply::hang());
  server.on("/", Reply::raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n").wait_for("go").send("ok"));
  Fetching fetching;
  boost::asio::cancellation_signal stop;
  std::string cancelled, other;
  boost::asio::co_spawn(fetching.io, note_end(*fetching.fetcher, Fetching::request(server.url("/hang")), cancelled),
                        boost::asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
  fetching.start(Fetching::request(server.url("/")), [&](Fetching::Answer answer) { other = word(answer); });
  ASSERT_TRUE(fetching.run_until([&] { return server.requests().size() >= 2; }));
  stop.emit(boost::asio::cancellation_type::terminal);
  server.open_gate("go");
  fetching.run();
  EXPECT_EQ(cancelled, "cancelled");
  EXPECT_EQ(other, "ok");
}

// ---- the end ----

TEST(FetchMany, TheEndOfTheFetcherEndsItsTransfers) {
  HttpServer server;
  server.on("/", Reply::hang());
  Fetching fetching;
  std::map<std::string, int> ends;
  for (int i = 0; i < 20; ++i) {
    fetching.start(Fetching::request(server.url("/")), [&](Fetching::Answer answer) { ++ends[word(answer)]; });
  }
  ASSERT_TRUE(fetching.run_until([&] { return server.requests().size() >= 6; }));
  fetching.fetcher.reset();
  fetching.run();
  EXPECT_EQ(ends, (std::map<std::string, int>{{"cancelled", 20}}));
}

TEST(FetchMany, AnAnswerUnderWayOutlivesTheFetcher) {
  HttpServer server;
  server.on("/", Reply::page("ok"));
  Fetching fetching;
  std::string end;
  fetching.start(Fetching::request(server.url("/")), [&](Fetching::Answer answer) { end = word(answer); });
  while (end.empty() && fetching.io.run_one() > 0) {
    if (!server.requests().empty() && fetching.fetcher)
      boost::asio::post(fetching.io, [&] { fetching.fetcher.reset(); });
  }
  fetching.run();
  EXPECT_TRUE(end == "ok" || end == "cancelled") << end;
}

TEST(FetchMany, TheLoopMayEndWithTransfersInFlight) {
  HttpServer server;
  server.on("/", Reply::hang());
  Fetching fetching;
  bool called = false;
  fetching.start(Fetching::request(server.url("/")), [&](Fetching::Answer) { called = true; });
  ASSERT_TRUE(fetching.run_until([&] { return !server.requests().empty(); }));
  fetching.fetcher.reset();  // and the io_context goes without having run its last handlers
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace vellum::net
