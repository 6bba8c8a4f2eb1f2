#include "base/http_message.h"

#include <gtest/gtest.h>

namespace vellum {
namespace {

using Values = std::vector<std::string>;

TEST(HeaderBlock, KeepsTheBytesAndReadsThem) {
  const std::string bytes = "HTTP/1.1 200 OK\r\nDate: x\r\nSet-Cookie: a=1\r\nset-cookie:b=2  \r\n\r\n";
  const HeaderBlock block(bytes);
  EXPECT_EQ(block.bytes(), bytes);
  EXPECT_EQ(block.start_line(), "HTTP/1.1 200 OK");
  EXPECT_EQ(block.status(), 200);
  EXPECT_EQ(block.protocol(), "HTTP/1.1");
  EXPECT_EQ(block.first("date"), "x");
  EXPECT_EQ(block.all("SET-COOKIE"), (Values{"a=1", "b=2"}));
  EXPECT_EQ(block.first("location"), std::nullopt);
  EXPECT_EQ(block.fields().size(), 3u);
}

TEST(HeaderBlock, ReadsTheRenderingOfHttp2) {
  const HeaderBlock block("HTTP/2 404 \r\nserver: nginx\r\ncontent-type: text/html\r\n\r\n");
  EXPECT_EQ(block.status(), 404);
  EXPECT_EQ(block.protocol(), "HTTP/2");
  EXPECT_EQ(block.first("Content-Type"), "text/html");
}

TEST(HeaderBlock, ReadsInformationalAnswersAsTheyAre) {
  const HeaderBlock block("HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n");
  EXPECT_EQ(block.status(), 103);
  EXPECT_EQ(block.first("link"), "</a.css>");
}

TEST(HeaderBlock, ReadsTheStartOfARequest) {
  const HeaderBlock block("GET /30526772/ HTTP/1.1\r\nHost: pubmed.ncbi.nlm.nih.gov\r\n\r\n");
  EXPECT_EQ(block.status(), 0);
  EXPECT_EQ(block.protocol(), "HTTP/1.1");
  EXPECT_EQ(block.first("host"), "pubmed.ncbi.nlm.nih.gov");
}

TEST(HeaderBlock, JoinsFoldedLinesBySingleSpaces) {
  const HeaderBlock block("HTTP/1.0 200 OK\r\nX:\r\n  one\r\n\ttwo  \r\nY: z\r\n\r\n");
  EXPECT_EQ(block.first("x"), "one two");
  EXPECT_EQ(block.first("y"), "z");
}

TEST(HeaderBlock, TakesBareLineFeedsAndPassesGarbageOver) {
  const HeaderBlock block("HTTP/1.1 200 OK\nno colon here\n: no name\nA: 1\n \nB : 2\n\nC: behind the head\n");
  EXPECT_EQ(block.fields(), (std::vector<std::pair<std::string, std::string>>{{"A", "1"}, {"B", "2"}}));
}

TEST(HeaderBlock, KeepsNulsAndLoneCarriageReturnsInsideValues) {
  using namespace std::string_literals;
  const HeaderBlock block("HTTP/1.1 200 OK\r\nX: a\0b\rSet-Cookie: c\r\n\r\n"s);
  EXPECT_EQ(block.first("x"), "a\0b\rSet-Cookie: c"s);
  EXPECT_EQ(block.first("set-cookie"), std::nullopt);  // a lone CR starts no line
}

TEST(HeaderBlock, SplitsAnInjectedLineAsTheClientDid) {
  const HeaderBlock block("HTTP/1.1 302 Found\r\nLocation: /x\r\nSet-Cookie: evil=1\r\n\r\n<html>");
  EXPECT_EQ(block.first("location"), "/x");
  EXPECT_EQ(block.first("set-cookie"), "evil=1");
  EXPECT_EQ(block.fields().size(), 2u);  // what follows the empty line is no field
}

TEST(HeaderBlock, OnlyAStatusLineHasAStatus) {
  for (const char* line : {"", "200 OK", "HTTP/1.1", "HTTP/1.1 ", "HTTP/1.1 2x0", "HTTP/1.1 20", "HTTP/1.1 2000 OK"}) {
    EXPECT_EQ(HeaderBlock(std::string(line) + "\r\n\r\n").status(), 0) << line;
  }
  EXPECT_EQ(HeaderBlock("http/1.1  301\r\n\r\n").status(), 301);
  EXPECT_EQ(HeaderBlock("ICY 200 OK\r\n\r\n").status(), 200);
  EXPECT_EQ(HeaderBlock().status(), 0);
}

TEST(RedactRequest, HidesSecretsAndNothingElse) {
  EXPECT_EQ(redact_request("GET /a?Cookie:1 HTTP/1.1\r\nHost: h\r\nCOOKIE: a=b\r\nAuthorization:Basic x\r\n"
                           "Proxy-Authorization : y\r\nAccept: */*\r\n\r\n"),
            "GET /a?Cookie:1 HTTP/1.1\r\nHost: h\r\nCOOKIE: [redacted]\r\nAuthorization: [redacted]\r\n"
            "Proxy-Authorization : [redacted]\r\nAccept: */*\r\n\r\n");
}

TEST(RedactRequest, HidesFoldedSecretsToo) {
  EXPECT_EQ(redact_request("GET / HTTP/1.1\r\nCookie: a\r\n b=secret\r\n\tc=secret\r\nX: y\r\n\r\n"),
            "GET / HTTP/1.1\r\nCookie: [redacted]\r\nX: y\r\n\r\n");
}

TEST(RedactRequest, IsIdempotentAndKeepsEndsOfLines) {
  const std::string once = redact_request("GET / HTTP/1.1\nCookie: a\nX: y");
  EXPECT_EQ(once, "GET / HTTP/1.1\nCookie: [redacted]\nX: y");
  EXPECT_EQ(redact_request(once), once);
}

}  // namespace
}  // namespace vellum
