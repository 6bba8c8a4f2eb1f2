#include "crawler/net/header_collector.h"

#include <gtest/gtest.h>

namespace vellum::net {
namespace {

constexpr std::size_t kPlenty = 10'000;

void add_all(HeaderCollector& collector, const std::vector<std::string>& lines) {
  for (const std::string& line : lines) ASSERT_TRUE(collector.add(line)) << line;
}

TEST(HeaderCollector, KeepsTheBytesOfABlock) {
  HeaderCollector collector(kPlenty);
  add_all(collector, {"HTTP/1.1 200  Fine \r\n", "x-Odd:a\r\n", " folded\r\n", "bare: lf\n", "no colon\r\n"});
  EXPECT_EQ(collector.block(), nullptr);
  add_all(collector, {"\r\n"});
  ASSERT_NE(collector.block(), nullptr);
  EXPECT_EQ(collector.block()->bytes(), "HTTP/1.1 200  Fine \r\nx-Odd:a\r\n folded\r\nbare: lf\nno colon\r\n\r\n");
}

TEST(HeaderCollector, DropsInterimResponsesAndTrailers) {
  HeaderCollector collector(kPlenty);
  add_all(collector, {"HTTP/1.1 100 Continue\r\n", "\r\n", "HTTP/1.1 103 Early Hints\r\n", "Link: </a>\r\n", "\r\n"});
  EXPECT_EQ(collector.block(), nullptr);
  add_all(collector, {"HTTP/1.1 404 Not Found\r\n", "\r\n", "Trailer: x\r\n", "HTTP/1.1 200 OK\r\n", "\r\n"});
  ASSERT_NE(collector.block(), nullptr);
  EXPECT_EQ(collector.block()->bytes(), "HTTP/1.1 404 Not Found\r\n\r\n");
}

TEST(HeaderCollector, CountsInterimResponsesAndTrailersAgainstTheLimit) {
  HeaderCollector collector(60);
  add_all(collector, {"HTTP/1.1 102 Processing\r\n", "\r\n", "HTTP/1.1 200 OK\r\n", "\r\n"});  // 46 bytes
  const auto trailer = collector.add("Too: long for it\r\n");
  ASSERT_FALSE(trailer);
  EXPECT_EQ(trailer.error().kind, ErrorKind::kTooLarge);
}

TEST(HeaderCollector, TakesExactlyItsLimit) {
  HeaderCollector collector(19);
  EXPECT_TRUE(collector.add("HTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(collector.add("\r\n"));
  EXPECT_FALSE(collector.add("\n"));
}

}  // namespace
}  // namespace vellum::net
