// What a fetch sends and what it makes of a sound answer.

#include <gtest/gtest.h>

#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"

namespace vellum::net {
namespace {

using test::HttpServer;
using test::Reply;
using test::SeenRequest;

TEST(Fetch, AnswersWithEverythingAboutTheExchange) {
  HttpServer server;
  server.on("/a", [](const SeenRequest&) { return Reply::page("hello", {"Content-Type: text/plain"}); });
  Fetching fetching;
  fetching.start(Fetching::request(server.url("/a?b=c#d")), [&](Fetching::Answer answer) {
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->protocol, "HTTP/1.1");
    EXPECT_EQ(text_of(answer->body), "hello");
    EXPECT_EQ(answer->digest, sha256("hello"));
    EXPECT_EQ(answer->coded_digest, sha256("hello"));
    EXPECT_EQ(answer->coded_bytes, 5u);
    EXPECT_EQ(answer->content_coding, "");
    EXPECT_EQ(answer->coding_fault, "");
    EXPECT_EQ(answer->remote_address, "127.0.0.1:" + std::to_string(server.port()));
    EXPECT_EQ(answer->response_head.bytes(),
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(answer->started, Timestamp(std::chrono::seconds(1'600'000'000)));
    EXPECT_EQ(answer->finished, Timestamp(std::chrono::seconds(1'600'000'000)));
    EXPECT_EQ(answer->request_head, server.requests().at(0).head);
  });
  fetching.run();
  ASSERT_EQ(server.requests().size(), 1u);
  EXPECT_EQ(server.requests()[0].target, "/a?b=c");
}

TEST(Fetch, SendsItsNameItsCodingsAndTheHeadersAskedFor) {
  HttpServer server;
  Fetching fetching;
  auto request = Fetching::request(server.url("/"));
  request.headers = {{"Accept", "text/html"}, {"If-None-Match", "\"x\""}, {"X-Empty", ""}};
  ASSERT_TRUE(fetching.fetch(request));
  const SeenRequest seen = server.requests().at(0);
  EXPECT_EQ(seen.method, "GET");
  EXPECT_EQ(seen.header("Host"), "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(seen.header("User-Agent"), "Vellum-Test/1.0");
  EXPECT_EQ(seen.header("Accept-Encoding"), "gzip, br, zstd, deflate");
  EXPECT_EQ(seen.header("Accept"), "text/html");
  EXPECT_EQ(seen.header("If-None-Match"), "\"x\"");
  EXPECT_NE(seen.head.find("\r\nX-Empty:\r\n"), std::string::npos) << seen.head;
  EXPECT_EQ(HeaderBlock(seen.head).all("Accept").size(), 1u);
}

TEST(Fetch, AsksForIdentityWhenCodingsAreOff) {
  HttpServer server;
  Fetching fetching;
  auto request = Fetching::request(server.url("/"));
  request.accept_codings = false;
  ASSERT_TRUE(fetching.fetch(request));
  EXPECT_EQ(server.requests().at(0).header("Accept-Encoding"), "identity");
}

TEST(Fetch, HidesSecretsInTheRecordedRequestOnly) {
  HttpServer server;
  Fetching fetching;
  auto request = Fetching::request("http://user:pass@127.0.0.1:" + std::to_string(server.port()) + "/");
  request.headers = {{"Cookie", "session=42"}};
  const auto answer = fetching.fetch(request);
  ASSERT_TRUE(answer);
  EXPECT_EQ(server.requests().at(0).header("Cookie"), "session=42");
  EXPECT_EQ(server.requests().at(0).header("Authorization"), "Basic dXNlcjpwYXNz");
  EXPECT_NE(answer->request_head.find("Cookie: [redacted]\r\n"), std::string::npos) << answer->request_head;
  EXPECT_NE(answer->request_head.find("Authorization: [redacted]\r\n"), std::string::npos) << answer->request_head;
}

TEST(Fetch, SendsTheTargetExactlyAsTheUrlHasIt) {
  HttpServer server;
  server.otherwise([](const SeenRequest&) { return Reply::page(""); });
  Fetching fetching;
  for (const char* target :
       {"/", "/?", "/a?", "/a//b/", "/%2e%2Ex", "/a|b[c]", "/a?q={x}|^`", "/a?x=1&y=a%20b+c", "/%C3%A9?%zz", "/a;b=c,d",
        "/~a'(b)*!", "/a?b?c", "/:80/@x", "//double", "/a%00b", "/a%0D%0AX:y"}) {
    const std::size_t before = server.requests().size();
    const auto request = Fetching::request(server.url(target));
    ASSERT_EQ(request.url.path_and_query(), target) << "the URL parser rewrites this row: choose another";
    const auto answer = fetching.fetch(request);
    ASSERT_TRUE(answer) << target << ": " << answer.error().message;
    ASSERT_EQ(server.requests().size(), before + 1);
    EXPECT_EQ(server.requests().back().target, target);
  }
}

TEST(Fetch, RefusesHeadersThatCannotBeSent) {
  HttpServer server;
  Fetching fetching;
  using Header = std::pair<std::string, std::string>;
  for (const Header& header : {Header{"X", "a\r\nEvil: b"},
                               {"X", std::string("a\0b", 3)},
                               {"X Y", "a"},
                               {"", "a"},
                               {"X:", "a"},
                               {"X\n", "a"}}) {
    auto request = Fetching::request(server.url("/"));
    request.headers = {header};
    const auto answer = fetching.fetch(request);
    ASSERT_FALSE(answer) << header.first;
    EXPECT_EQ(answer.error().kind, ErrorKind::kInvalid);
  }
  auto request = Fetching::request(server.url("/"));
  request.user_agent = "a\r\nEvil: b";
  EXPECT_EQ(fetching.fetch(request).error().kind, ErrorKind::kInvalid);
  EXPECT_EQ(server.connections(), 0);
}

TEST(Fetch, RefusesWhatIsNotHttp) {
  Fetching fetching;
  for (const char* url :
       {"ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/", "data:,x", "ws://127.0.0.1/"}) {
    const auto answer = fetching.fetch(url);
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().kind, ErrorKind::kInvalid) << url;
  }
}

TEST(Fetch, ReadsChunkedBodiesAndLeavesTrailersOut) {
  HttpServer server;
  server.on("/", Reply::raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
                            "4;ext=1\r\nWiki\r\n6\r\npedia \r\nb\r\nin \r\nchunks\r\n0\r\nX-T: 1\r\n\r\n"));
  Fetching fetching;
  for (int i = 0; i < 2; ++i) {
    const auto answer = fetching.fetch(server.url("/"));
    ASSERT_TRUE(answer) << answer.error().message;
    EXPECT_EQ(text_of(answer->body), "Wikipedia in \r\nchunks");
    EXPECT_EQ(answer->response_head.bytes(), "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Fetch, KeepsConnectionsAlive) {
  HttpServer server;
  server.otherwise([](const SeenRequest& request) { return Reply::page(request.target); });
  Fetching fetching;
  for (int i = 0; i < 20; ++i) {
    const std::string path = "/" + std::to_string(i);
    const auto answer = fetching.fetch(server.url(path));
    ASSERT_TRUE(answer);
    EXPECT_EQ(text_of(answer->body), path);
    EXPECT_EQ(answer->request_head, server.requests().back().head);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Fetch, ComesBackWhenAKeptConnectionHasDied) {
  HttpServer server;
  server.on("/first", Reply::page("one").then_close());
  server.on("/second", Reply::page("two"));
  Fetching fetching;
  ASSERT_TRUE(fetching.fetch(server.url("/first")));
  ASSERT_TRUE(server.wait_until_idle());
  const auto answer = fetching.fetch(server.url("/second"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(text_of(answer->body), "two");
  EXPECT_EQ(server.connections(), 2);
}

TEST(Fetch, DoesNotFollowRedirects) {
  HttpServer server;
  server.on("/from", Reply::page("moved", {"Location: /to"}, 301));
  server.on("/to", Reply::page("arrived"));
  Fetching fetching;
  const auto answer = fetching.fetch(server.url("/from"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 301);
  EXPECT_EQ(text_of(answer->body), "moved");
  EXPECT_EQ(answer->response_head.first("location"), "/to");
  EXPECT_EQ(server.requests().size(), 1u);
}

TEST(Fetch, TakesAnyStatusForAnAnswer) {
  HttpServer server;
  Fetching fetching;
  for (const int status : {200, 206, 299, 302, 400, 401, 404, 407, 410, 418, 429, 500, 503, 599}) {
    server.on("/", Reply::page("body", {"WWW-Authenticate: Basic realm=x"}, status));
    const auto answer = fetching.fetch(server.url("/"));
    ASSERT_TRUE(answer) << status << answer.error().message;
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(text_of(answer->body), "body");
  }
}

TEST(Fetch, KnowsAnswersWithoutABody) {
  HttpServer server;
  server.on("/204", Reply::page("", {}, 204));
  server.on("/304",
            Reply::raw("HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\nContent-Length: 999999999\r\n\r\n"));
  server.on("/empty", Reply::page("", {"Content-Encoding: gzip"}));
  Fetching fetching;
  for (const auto& [path, status] : {std::pair{"/204", 204}, {"/304", 304}, {"/empty", 200}}) {
    const auto answer = fetching.fetch(server.url(path));
    ASSERT_TRUE(answer) << path << answer.error().message;
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->body.size(), 0u);
    EXPECT_EQ(answer->digest, sha256(""));
    EXPECT_EQ(answer->coded_digest, sha256(""));
    EXPECT_EQ(answer->coding_fault, "");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(Fetch, LeavesInterimResponsesOut) {
  HttpServer server;
  const std::string last = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
  server.on("/",
            Reply::raw("HTTP/1.1 100 Continue\r\n\r\n"
                       "HTTP/1.1 103 Early Hints\r\nLink: </x.css>; rel=preload\r\nContent-Encoding: gzip\r\n\r\n" +
                       last + "ok"));
  Fetching fetching;
  const auto answer = fetching.fetch(server.url("/"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->response_head.bytes(), last);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->content_coding, "");
  EXPECT_EQ(text_of(answer->body), "ok");
}

TEST(Fetch, KeepsTheHeaderBlockByteForByte) {
  HttpServer server;
  Fetching fetching;
  for (const char* block : {
           "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n",
           "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n",
           "HTTP/1.1 200 \xC3\xA9t\xE9\r\ncOnTeNt-LeNgTh:0\r\nX:  two  spaces  \r\nX: again\r\nY:\r\n\r\n",
           "HTTP/1.1 200 OK\r\nX-Folded: one\r\n two\r\n\tthree\r\nContent-Length: 0\r\n\r\n",
           "HTTP/1.1 200 OK\nContent-Length: 0\nBare: lf\n\n",
           "HTTP/1.1 200 OK\r\nDate : space before the colon\r\nContent-Length: 0\r\n\r\n",
           "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-8bit: \x80\xFF\r\nContent-Length: 0\r\n\r\n",
       }) {
    server.on("/", Reply::raw(block).then_close());
    const auto answer = fetching.fetch(server.url("/"));
    ASSERT_TRUE(answer) << block << answer.error().message;
    EXPECT_EQ(answer->response_head.bytes(), block);
  }
}

TEST(Fetch, TakesABodyThatEndsWithTheConnection) {
  HttpServer server;
  server.on("/", Reply::raw("HTTP/1.0 200 OK\r\n\r\nto the end").then_close());
  Fetching fetching;
  const auto answer = fetching.fetch(server.url("/"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(text_of(answer->body), "to the end");
  EXPECT_EQ(answer->protocol, "HTTP/1.0");
}

TEST(Fetch, SpillsLargeBodiesWithTheRightDigest) {
  std::string large(5'000'003, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>((i * 2654435761u) >> 13);
  HttpServer server;
  server.on("/", Reply::page(large));
  Fetching fetching;
  const auto answer = fetching.fetch(server.url("/"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body.size(), large.size());
  EXPECT_EQ(answer->digest, sha256(large));
  EXPECT_EQ(text_of(answer->body), large);
}

}  // namespace
}  // namespace vellum::net
