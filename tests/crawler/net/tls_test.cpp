// TLS and HTTP/2, against servers that are not ours: openssl s_server (HTTP/1.0 over TLS) and nghttpd (HTTP/2).

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>

#include "tests/crawler/net/child_process.h"
#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"
#include "tests/support/temp_dir.h"

namespace vellum::net {
namespace {

using namespace std::chrono_literals;
using test::HttpServer;
using test::Reply;
using test::SeenRequest;

// A port that was free a moment ago: nghttpd does not tell which one it took.
std::uint16_t free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  EXPECT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length), 0);
  ::close(fd);
  return ntohs(address.sin_port);
}

// nghttpd's word that it listens stays in its buffer, so the only way to know is to knock.
bool wait_for_listener(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  for (int i = 0; i < 2000; ++i) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool listens = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    if (listens) return true;
    ::poll(nullptr, 0, 5);
  }
  return false;
}

class Tls : public testing::Test {
 protected:
  // A certificate for site.example, signed by itself, so that it is its own authority.
  void SetUp() override {
    openssl_ = find_program("openssl").value_or("");
    if (openssl_.empty()) GTEST_SKIP() << "skipped: no openssl program";
    ChildProcess maker(openssl_,
                       {"req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem",
                        "-days", "2", "-subj", "/CN=site.example", "-addext", "subjectAltName=DNS:site.example"},
                       folder_.path());
    ASSERT_EQ(maker.wait_for_exit(), 0);
    std::ofstream(folder_ / "page.html") << "<p>over tls";
    std::ofstream(folder_ / "large.bin") << std::string(3'000'000, 'x');
  }

  void serve_http1() {
    server_ = std::make_unique<ChildProcess>(
        openssl_,
        std::vector<std::string>{"s_server", "-accept", "127.0.0.1:0", "-WWW", "-cert", "cert.pem", "-key", "key.pem"},
        folder_.path());
    const std::string line = server_->wait_for_line("ACCEPT ");
    ASSERT_NE(line, "");
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
  }

  void serve_http2() {
    const auto nghttpd = find_program("nghttpd");
    if (!nghttpd) GTEST_SKIP() << "skipped: no nghttpd (Debian package nghttp2-server)";
    port_ = free_port();
    server_ = std::make_unique<ChildProcess>(
        *nghttpd,
        std::vector<std::string>{"--address=127.0.0.1", "-d", folder_.path(), "--trailer", "x-after: y",
                                 std::to_string(port_), "key.pem", "cert.pem"},
        folder_.path());
    ASSERT_TRUE(wait_for_listener(port_));
  }

  NetworkOptions options() const {
    NetworkOptions options;
    options.allow = {"127.0.0.1"};
    options.ca_file = folder_ / "cert.pem";
    options.connect_to = {"::127.0.0.1:" + std::to_string(port_)};
    return options;
  }

  test::TempDir folder_;
  std::string openssl_;
  std::uint16_t port_ = 0;
  std::unique_ptr<ChildProcess> server_;
};

TEST_F(Tls, FetchesFromAServerThatTheAuthorityFileVouchesFor) {
  serve_http1();
  Fetching fetching(options());
  const auto answer = fetching.fetch("https://site.example/page.html");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->body), "<p>over tls");
  EXPECT_EQ(answer->protocol, "HTTP/1.0");
  EXPECT_TRUE(answer->request_head.starts_with("GET /page.html HTTP/1.1\r\n")) << answer->request_head;
}

TEST_F(Tls, RefusesAnUnknownAuthorityAndAnotherName) {
  serve_http1();
  NetworkOptions system = options();
  system.ca_file.clear();
  for (const auto& [used, url] :
       {std::pair{system, "https://site.example/page.html"}, {options(), "https://other.example/page.html"}}) {
    const auto answer = Fetching(used).fetch(url);
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().kind, ErrorKind::kNetwork) << answer.error().message;
  }
}

TEST_F(Tls, FetchesThroughATunnelAndLeavesItsHeadOut) {
  serve_http1();
  HttpServer proxy;
  proxy.on("site.example:443", Reply::tunnel_to(port_));
  NetworkOptions used;
  used.ca_file = folder_ / "cert.pem";
  used.proxy = "http://user:secret@127.0.0.1:" + std::to_string(proxy.port());
  Fetching fetching(used);
  const auto answer = fetching.fetch("https://site.example/page.html");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->body), "<p>over tls");
  EXPECT_TRUE(answer->response_head.bytes().starts_with("HTTP/1.0 200 ok\r\n")) << answer->response_head.bytes();
  EXPECT_EQ(answer->response_head.bytes().find("Via"), std::string::npos);
  EXPECT_TRUE(answer->request_head.starts_with("GET /page.html HTTP/1.1\r\n")) << answer->request_head;
  EXPECT_EQ(answer->remote_address, "127.0.0.1:" + std::to_string(proxy.port()));
  ASSERT_EQ(proxy.requests().size(), 1u);
  EXPECT_NE(proxy.requests()[0].header("Proxy-Authorization"), "");
  EXPECT_EQ(proxy.requests()[0].header("User-Agent"), "Vellum-Test/1.0");
}

TEST_F(Tls, SpeaksHttp2WhereTheServerOffersIt) {
  serve_http2();
  if (IsSkipped()) return;
  Fetching fetching(options());
  const auto answer = fetching.fetch("https://site.example/page.html");
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->protocol, "HTTP/2");
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(text_of(answer->body), "<p>over tls");
  EXPECT_TRUE(answer->request_head.starts_with("GET /page.html HTTP/2\r\nHost: site.example\r\n"))
      << answer->request_head;
  const std::string head = answer->response_head.bytes();
  EXPECT_TRUE(head.starts_with("HTTP/2 200 \r\n")) << head;
  EXPECT_TRUE(head.ends_with("\r\n\r\n")) << head;
  EXPECT_EQ(head.find("x-after: y"), std::string::npos) << head;  // the trailer
  EXPECT_EQ(answer->response_head.first("content-length"), "11");
}

TEST_F(Tls, ReusesHttp2ConnectionsButSharesNone) {
  serve_http2();
  if (IsSkipped()) return;
  HttpServer proxy;
  proxy.on("site.example:443", Reply::tunnel_to(port_));
  NetworkOptions used;
  used.ca_file = folder_ / "cert.pem";
  used.proxy = "http://127.0.0.1:" + std::to_string(proxy.port());
  used.max_connections_per_host = 4;
  Fetching fetching(used);
  for (int i = 0; i < 5; ++i) ASSERT_TRUE(fetching.fetch("https://site.example/page.html"));
  EXPECT_EQ(proxy.connections(), 1);
  int ok = 0;
  for (int i = 0; i < 30; ++i) {
    auto request = Fetching::request(i % 3 == 0 ? "https://site.example/large.bin" : "https://site.example/page.html");
    fetching.start(request, [&, i](Fetching::Answer answer) {
      ASSERT_TRUE(answer) << answer.error().message;
      ok += answer->protocol == "HTTP/2" && answer->body.size() == (i % 3 == 0 ? 3'000'000u : 11u);
    });
  }
  fetching.run();
  EXPECT_EQ(ok, 30);
  EXPECT_EQ(proxy.connections(), 4);
}

TEST_F(Tls, EndsOneHttp2TransferWithoutTheOthers) {
  serve_http2();
  if (IsSkipped()) return;
  Fetching fetching(options());
  ASSERT_TRUE(fetching.fetch("https://site.example/page.html"));
  std::vector<std::string> ends(10);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    auto request = Fetching::request("https://site.example/large.bin");
    if (i % 2 == 0) request.limits.max_body_bytes = 100'000;
    fetching.start(request, [&ends, i](Fetching::Answer answer) {
      ends[i] = answer ? "ok" : std::string(name_of(answer.error().kind));
    });
  }
  fetching.run();
  for (std::size_t i = 0; i < ends.size(); ++i) EXPECT_EQ(ends[i], i % 2 == 0 ? "too-large" : "ok") << i;
}

TEST_F(Tls, CancelsHttp2Transfers) {
  serve_http2();
  if (IsSkipped()) return;
  Fetching fetching(options());
  ASSERT_TRUE(fetching.fetch("https://site.example/page.html"));
  int ok = 0, cancelled = 0;
  for (int i = 0; i < 10; ++i) {
    fetching.start(Fetching::request("https://site.example/large.bin"), [&](Fetching::Answer answer) {
      ok += bool(answer);
      cancelled += !answer && answer.error().kind == ErrorKind::kCancelled;
    });
  }
  ASSERT_TRUE(fetching.run_until([&] { return ok > 0; }));
  fetching.fetcher->cancel_all();
  fetching.run();
  EXPECT_EQ(ok + cancelled, 10);
  EXPECT_GT(cancelled, 0);  // six may connect at once: the last four cannot have come to an end with the first
  EXPECT_TRUE(fetching.fetch("https://site.example/page.html"));
}

}  // namespace
}  // namespace vellum::net
