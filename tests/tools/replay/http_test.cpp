#include "tools/replay/http.h"

#include <gtest/gtest.h>

namespace vellum::replay {
namespace {

TEST(Reply, LeavesOutValuesThatWouldStartAFieldOfTheirOwn) {
  Reply reply;
  reply.set("X-Archive-Orig-Server", "nginx\r\nSet-Cookie: a=b");
  reply.set("X-Archive-Orig-Etag", std::string("a\0b", 3));
  EXPECT_TRUE(reply.headers.empty());
}

TEST(Reply, SettingAFieldAgainReplacesItWhateverItsCase) {
  Reply reply;
  reply.set("Content-Type", "text/plain");
  reply.set("content-type", "text/html");
  EXPECT_EQ(reply.headers.size(), 1u);
  EXPECT_EQ(reply.field("CONTENT-TYPE"), "text/html");
}

TEST(QueryValue, DecodesPlusAndPercent) {
  EXPECT_EQ(query_value("page=2&q=telomere+shortening%21", "q"), "telomere shortening!");
  EXPECT_EQ(query_value("q=%FF", "q"), "\uFFFD");
  EXPECT_EQ(query_value("qq=1", "q"), "");
  EXPECT_EQ(query_value("", "q"), "");
}

TEST(QueryValue, ReadsBackWhatWasEncoded) {
  const std::string text = "10.1016/0014-4827(61)90192-6 & ä+<b>";
  EXPECT_EQ(query_value("q=" + encode_query_value(text), "q"), text);
}

TEST(OwnHost, LoopbackNamesAndAddressesAreOwn) {
  for (const char* host : {"localhost", "LOCALHOST:8080", "127.0.0.1:8080", "127.1.2.3", "[::1]", "[::1]:8080"}) {
    EXPECT_TRUE(is_own_host(host, "127.0.0.1")) << host;
  }
}

TEST(OwnHost, NamesThatSomebodyElseMayHaveReboundAreNot) {
  for (const char* host : {"", "evil.test", "evil.test:8080", "localhost.evil.test", "127.0.0.1.evil.test",
                           "192.168.0.1", "[::1", "[", "0x7f000001"}) {
    EXPECT_FALSE(is_own_host(host, "127.0.0.1")) << host;
  }
}

TEST(OwnHost, TheHostItListensOnIsOwn) {
  EXPECT_TRUE(is_own_host("archive.lan:80", "archive.lan"));
  EXPECT_TRUE(is_own_host("192.168.0.7:80", "192.168.0.7"));
  EXPECT_FALSE(is_own_host("192.168.0.8", "192.168.0.7"));
}

TEST(OwnHost, AWildcardListenerAnswersToAddressesButNotToNames) {
  EXPECT_TRUE(is_own_host("192.168.0.8", "0.0.0.0"));
  EXPECT_TRUE(is_own_host("[fe80::1]", "::"));
  EXPECT_FALSE(is_own_host("evil.test", "0.0.0.0"));
}

}  // namespace
}  // namespace vellum::replay
