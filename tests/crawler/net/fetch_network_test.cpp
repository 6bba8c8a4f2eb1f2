// Names, addresses, connections and proxies.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"
#include "tests/support/temp_dir.h"

namespace vellum::net {
namespace {

using namespace std::chrono_literals;
using test::HttpServer;
using test::Reply;
using test::SeenRequest;

std::string port_of(const HttpServer& server) {
  return std::to_string(server.port());
}

NetworkOptions through(const HttpServer& proxy) {
  NetworkOptions options;
  options.proxy = "http://127.0.0.1:" + port_of(proxy);
  return options;
}

TEST(FetchNetwork, SaysNetworkWhenNobodyListens) {
  std::string url;
  {
    HttpServer gone;
    url = gone.url("/");
  }
  Fetching fetching;
  const auto answer = fetching.fetch(url);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kNetwork);
  EXPECT_TRUE(answer.error().message.starts_with("127.0.0.1: ")) << answer.error().message;
}

TEST(FetchNetwork, SaysNetworkWhenAHostDoesNotExist) {
  Fetching fetching;
  const auto answer = fetching.fetch("http://no-such-host.invalid/");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kNetwork);
  EXPECT_TRUE(answer.error().message.starts_with("no-such-host.invalid: ")) << answer.error().message;
}

TEST(FetchNetwork, ConnectsToNoPrivateAddressUnlessAllowed) {
  HttpServer server;
  Fetching fetching(NetworkOptions{});
  for (const std::string host :
       {"127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "10.0.0.1",
        "169.254.169.254", "[fe80::1]", "[64:ff9b::7f00:1]", "[fd00:ec2::254]"}) {
    const auto answer = fetching.fetch("http://" + host + ":" + port_of(server) + "/");
    ASSERT_FALSE(answer) << host;
    EXPECT_EQ(answer.error().kind, ErrorKind::kRefused) << answer.error().message;
  }
  EXPECT_EQ(server.connections(), 0);
}

TEST(FetchNetwork, AllowsByAddressByBlockAndByHostName) {
  HttpServer server;
  server.on("/", Reply::page("ok"));
  for (const char* entry : {"127.0.0.1", "127.0.0.0/8", "localhost"}) {
    NetworkOptions options;
    options.allow = {entry};
    Fetching fetching(options);
    EXPECT_TRUE(fetching.fetch("http://localhost:" + port_of(server) + "/")) << entry;
  }
  NetworkOptions options;
  options.allow = {"localhost"};
  EXPECT_EQ(Fetching(options).fetch(server.url("/")).error().kind, ErrorKind::kRefused);
}

TEST(FetchNetwork, GuardsTheAddressesBehindConnectTo) {
  HttpServer server;
  server.on("/", Reply::page("ok"));
  NetworkOptions options;
  options.connect_to = {"site.example:80:127.0.0.1:" + port_of(server)};
  EXPECT_EQ(Fetching(options).fetch("http://site.example/").error().kind, ErrorKind::kRefused);
  options.allow = {"site.example"};
  Fetching fetching(options);
  const auto answer = fetching.fetch("http://site.example/");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->remote_address, "127.0.0.1:" + port_of(server));
  EXPECT_EQ(server.requests().at(0).header("Host"), "site.example");
  EXPECT_EQ(fetching.fetch(server.url("/")).error().kind, ErrorKind::kRefused);  // the same server by another name
}

TEST(FetchNetwork, ForwardsThroughAProxyWithTheWholeUrl) {
  HttpServer proxy;
  proxy.on("http://only.the.proxy.knows/a?b", Reply::page("from afar"));
  Fetching fetching(through(proxy));
  const auto answer = fetching.fetch("http://only.the.proxy.knows/a?b");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->body), "from afar");
  EXPECT_EQ(answer->remote_address, "127.0.0.1:" + port_of(proxy));
  const SeenRequest seen = proxy.requests().at(0);
  EXPECT_EQ(seen.target, "http://only.the.proxy.knows/a?b");
  EXPECT_EQ(seen.header("Host"), "only.the.proxy.knows");
  EXPECT_EQ(answer->request_head, seen.head);
}

TEST(FetchNetwork, SendsTheTargetUnchangedThroughAProxy) {
  HttpServer proxy;
  proxy.otherwise([](const SeenRequest&) { return Reply::page(""); });
  Fetching fetching(through(proxy));
  for (const char* url :
       {"http://a.example/", "http://a.example/?", "http://u:p@a.example:8080/%2e%2E/x", "http://a.example//b",
        "http://a.example/a|b^c[d]?q={x}|^`", "http://a.example/%C3%A9?%zz#fragment"}) {
    const auto request = Fetching::request(url);
    const auto answer = fetching.fetch(request);
    ASSERT_TRUE(answer) << url << answer.error().message;
    EXPECT_EQ(proxy.requests().back().target, "http://" + request.url.host() + request.url.pathname() +
                                                  (request.url.href().ends_with('?') ? "?" : "") +
                                                  request.url.search());
  }
}

TEST(FetchNetwork, JudgesAddressesInUrlsEvenThroughAProxy) {
  HttpServer proxy;
  Fetching fetching(through(proxy));
  for (const char* url : {"http://169.254.169.254/latest/meta-data/", "http://127.0.0.1/", "http://localhost/",
                          "http://a.localhost./", "http://[::1]/", "http://0x7f.1/", "https://10.0.0.1/"}) {
    const auto answer = fetching.fetch(url);
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().kind, ErrorKind::kRefused) << answer.error().message;
  }
  EXPECT_EQ(proxy.connections(), 0);
}

TEST(FetchNetwork, AsksTheProxyForATunnelToHttps) {
  HttpServer proxy;
  Fetching fetching(through(proxy));
  for (const auto& [status, kind] : {std::pair{403, ErrorKind::kRefused},
                                     {407, ErrorKind::kRefused},
                                     {429, ErrorKind::kNetwork},
                                     {502, ErrorKind::kNetwork}}) {
    proxy.on("site.example:443", Reply::page("no", {}, status));
    const auto answer = fetching.fetch("https://site.example/");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, kind) << answer.error().message;
    EXPECT_EQ(proxy.requests().back().method, "CONNECT");
    EXPECT_EQ(proxy.requests().back().target, "site.example:443");
  }
}

// curl would send it again by itself, at once, on a fresh connection: two requests where one was due.
TEST(FetchNetwork, SendsNothingTwiceWhenAKeptConnectionClosesWithoutAnAnswer) {
  HttpServer server;
  server.on("/first", Reply::page("one"));
  server.on("/second", Reply::raw("").then_close());
  Fetching fetching;
  ASSERT_TRUE(fetching.fetch(server.url("/first")));
  int left = 0;
  auto request = Fetching::request(server.url("/second"));
  request.on_left = [&] { ++left; };
  const auto answer = fetching.fetch(std::move(request));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kNetwork);
  EXPECT_NE(answer.error().message.find("closed without an answer"), std::string::npos) << answer.error().message;
  EXPECT_EQ(left, 1);
  EXPECT_EQ(server.requests().size(), 2u);
  EXPECT_EQ(server.requests().back().connection, 1) << "the connection was kept";
}

TEST(FetchNetwork, ListensToNoProxyOfTheEnvironment) {
  HttpServer server, proxy;
  server.on("/", Reply::page("direct"));
  ::setenv("http_proxy", ("http://127.0.0.1:" + port_of(proxy)).c_str(), 1);
  const auto direct = Fetching().fetch(server.url("/"));
  ::unsetenv("http_proxy");
  ASSERT_TRUE(direct) << direct.error().message;
  EXPECT_EQ(text_of(direct->body), "direct");
  EXPECT_EQ(proxy.connections(), 0);
  ::setenv("no_proxy", "*", 1);
  proxy.otherwise([](const SeenRequest&) { return Reply::page("by proxy"); });
  const auto by_proxy = Fetching(through(proxy)).fetch("http://a.example/");
  ::unsetenv("no_proxy");
  ASSERT_TRUE(by_proxy) << by_proxy.error().message;
  EXPECT_EQ(text_of(by_proxy->body), "by proxy");
}

TEST(FetchNetwork, RefusesOptionsThatCannotWork) {
  test::TempDir folder;
  std::ofstream(folder / "empty.pem") << "nothing\n";
  std::vector<NetworkOptions> bad(9);
  bad[0].proxy = "127.0.0.1:3128";
  bad[1].proxy = "socks5://127.0.0.1:1080";
  bad[2].proxy = "http://127.0.0.1:3128/path";
  bad[3].ca_file = folder / "missing.pem";
  bad[4].ca_file = folder / "empty.pem";
  bad[5].connect_to = {"a:80:b"};
  bad[6].connect_to = {"a:80:[::1:90"};
  bad[7].allow = {"10.0.0.0/99"};
  bad[8].proxy = "http://";
  for (std::size_t i = 0; i < bad.size(); ++i) {
    boost::asio::io_context io;
    const SystemClock clock;
    const auto opened = CurlFetcher::open(io, clock, bad[i]);
    ASSERT_FALSE(opened) << i;
    EXPECT_EQ(opened.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(opened.error().message.find('\n'), std::string::npos);
  }
}

}  // namespace
}  // namespace vellum::net
