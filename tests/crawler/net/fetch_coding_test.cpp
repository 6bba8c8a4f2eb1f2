// Content codings on the wire: decoded payload, coded bytes accounted for.

#include <gtest/gtest.h>

#include "tests/crawler/net/fetching.h"
#include "tests/support/http_server.h"

namespace vellum::net {
namespace {

using test::HttpServer;
using test::Reply;

struct Case {
  const char* coding;
  const char* file;
};

TEST(FetchCoding, DecodesEveryCodingAndAccountsForTheCodedBytes) {
  const std::string page = data_file("page.html");
  HttpServer server;
  Fetching fetching;
  for (const Case& one : {Case{"gzip", "page.html.gz"},
                          {"x-gzip", "page.html.gz"},
                          {"GZip", "page.html.gz"},
                          {"deflate", "page.html.zlib"},
                          {"deflate", "page.html.deflate"},
                          {"br", "page.html.br"},
                          {"zstd", "page.html.zst"},
                          {"gzip, br", "page.html.gz.br"},
                          {"identity", "page.html"}}) {
    const std::string coded = data_file(one.file);
    server.on("/length", Reply::page(coded, {std::string("Content-Encoding: ") + one.coding}));
    server.on("/chunked", Reply::chunked({coded.substr(0, 100), coded.substr(100)},
                                         {std::string("Content-Encoding: ") + one.coding}));
    for (const char* path : {"/length", "/chunked"}) {
      const auto answer = fetching.fetch(server.url(path));
      ASSERT_TRUE(answer) << one.coding << path << answer.error().message;
      EXPECT_EQ(text_of(answer->body), page) << one.coding << path;
      EXPECT_EQ(answer->digest, sha256(page));
      EXPECT_EQ(answer->content_coding, one.coding);
      EXPECT_EQ(answer->coded_bytes, coded.size());
      EXPECT_EQ(answer->coded_digest, sha256(coded));
      EXPECT_EQ(answer->coding_fault, "");
    }
  }
}

TEST(FetchCoding, JoinsRepeatedCodingFields) {
  HttpServer server;
  server.on("/", Reply::page(data_file("page.html.gz.br"), {"Content-Encoding: gzip", "Content-Encoding: br"}));
  Fetching fetching;
  const auto answer = fetching.fetch(server.url("/"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->content_coding, "gzip, br");
  EXPECT_EQ(text_of(answer->body), data_file("page.html"));
}

TEST(FetchCoding, KeepsWhatDoesNotDecodeAsItCame) {
  HttpServer server;
  Fetching fetching;
  std::string broken = data_file("page.html.gz");
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] ^ 0xFF);
  for (const auto& [coding, body] : {std::pair<std::string, std::string>{"gzip", "<p>not gzip at all"},
                                     {"zstd", "<p>not zstd at all"},
                                     {"sdch", "<p>who knows"},
                                     {"gzip", broken}}) {
    server.on("/", Reply::page(body, {"Content-Encoding: " + coding}));
    const auto answer = fetching.fetch(server.url("/"));
    ASSERT_TRUE(answer) << coding << answer.error().message;
    EXPECT_EQ(text_of(answer->body), body);
    EXPECT_EQ(answer->digest, sha256(body));
    EXPECT_EQ(answer->coded_digest, sha256(body));
    EXPECT_EQ(answer->content_coding, coding);
    EXPECT_NE(answer->coding_fault, "") << coding;
  }
}

TEST(FetchCoding, FailsWhenTheCodedStreamIsCutThoughTheFramingIsWhole) {
  HttpServer server;
  Fetching fetching;
  for (const Case& one : {Case{"gzip", "page.html.gz"},
                          {"deflate", "page.html.zlib"},
                          {"br", "page.html.br"},
                          {"zstd", "page.html.zst"},
                          {"gzip, br", "page.html.gz.br"}}) {
    const std::string coded = data_file(one.file);
    server.on("/", Reply::page(coded.substr(0, coded.size() - 9), {std::string("Content-Encoding: ") + one.coding}));
    const auto answer = fetching.fetch(server.url("/"));
    ASSERT_FALSE(answer) << one.coding;
    EXPECT_EQ(answer.error().kind, ErrorKind::kProtocol) << answer.error().message;
  }
}

TEST(FetchCoding, CutsABombAtTheLimit) {
  HttpServer server;
  server.on("/", Reply::page(data_file("bomb.gz"), {"Content-Encoding: gzip"}));
  Fetching fetching;
  auto request = Fetching::request(server.url("/"));
  request.limits.max_body_bytes = 1u << 20;
  const auto answer = fetching.fetch(request);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().kind, ErrorKind::kTooLarge);
}

TEST(FetchCoding, SpillsADecodedBody) {
  HttpServer server;
  server.on("/", Reply::page(data_file("bomb.gz"), {"Content-Encoding: gzip"}));
  Fetching fetching;
  const auto answer = fetching.fetch(server.url("/"));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->body.size(), 8u << 20);
  EXPECT_EQ(answer->digest, sha256(std::string(8u << 20, '\0')));
}

}  // namespace
}  // namespace vellum::net
