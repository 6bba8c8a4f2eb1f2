#include "crawler/policy/cookies.h"

#include <gtest/gtest.h>

namespace vellum::test {
namespace {

using policy::CookieJar;
using policy::parse_cookie_date;

const Timestamp kNow = *parse_timestamp("2026-01-15T12:00:00Z");

Url url(const std::string& text) {
  return *Url::parse(text);
}

TEST(CookieJar, GivesBackWhatASiteSet) {
  CookieJar jar;
  jar.take(url("https://a.test/x/y"), "a=b; Path=/", kNow);
  jar.take(url("https://a.test/x/y"), "c=d", kNow);
  EXPECT_EQ(jar.header_for(url("https://a.test/x/z"), kNow), "c=d; a=b");
  EXPECT_EQ(jar.header_for(url("https://a.test/q"), kNow), "a=b");
  EXPECT_EQ(jar.header_for(url("https://b.test/x/z"), kNow), "");
}

TEST(CookieJar, ForgetsWhatHasExpired) {
  CookieJar jar;
  jar.take(url("http://a.test/"), "a=b; Max-Age=60", kNow);
  jar.take(url("http://a.test/"), "c=d; Expires=Thu, 15 Jan 2026 12:00:30 GMT", kNow);
  EXPECT_EQ(jar.header_for(url("http://a.test/"), kNow + std::chrono::seconds(29)), "a=b; c=d");
  EXPECT_EQ(jar.header_for(url("http://a.test/"), kNow + std::chrono::seconds(31)), "a=b");
  EXPECT_EQ(jar.header_for(url("http://a.test/"), kNow + std::chrono::seconds(60)), "");
  jar.take(url("http://a.test/"), "a=; Max-Age=0", kNow);
  EXPECT_EQ(jar.size(), 1u);
}

TEST(CookieJar, KeepsSecureCookiesFromPlainHttp) {
  CookieJar jar;
  jar.take(url("https://a.test/"), "a=b; Secure", kNow);
  EXPECT_EQ(jar.header_for(url("http://a.test/"), kNow), "");
  EXPECT_EQ(jar.header_for(url("https://a.test/"), kNow), "a=b");
}

TEST(CookieJar, TakesNoCookieForAPublicSuffix) {
  CookieJar jar;
  jar.take(url("https://site.co.uk/"), "a=b; Domain=co.uk", kNow);
  jar.take(url("https://site.co.uk/"), "c=d; Domain=uk", kNow);
  EXPECT_EQ(jar.size(), 0u);
  jar.take(url("https://www.site.co.uk/"), "e=f; Domain=site.co.uk", kNow);
  EXPECT_EQ(jar.header_for(url("https://other.site.co.uk/"), kNow), "e=f");
}

TEST(CookieJar, GivesNoAddressTheCookiesOfAnotherThatEndsAlike) {
  CookieJar jar;
  jar.take(url("http://127.0.0.1/"), "a=b; Domain=0.0.1", kNow);
  EXPECT_EQ(jar.header_for(url("http://127.0.0.1/"), kNow), "");
}

TEST(CookieJar, StaysWithinItsBoundsWhateverASiteSends) {
  CookieJar jar;
  for (int i = 0; i < 500; ++i) jar.take(url("http://a.test/"), "n" + std::to_string(i) + "=1", kNow);
  EXPECT_EQ(jar.size(), 50u);
  for (int i = 0; i < 4000; ++i)
    jar.take(url("http://h" + std::to_string(i) + ".test/"), "a=" + std::to_string(i), kNow);
  EXPECT_EQ(jar.size(), 3000u);
  jar.take(url("http://big.test/"), "a=" + std::string(5000, 'x'), kNow);
  EXPECT_EQ(jar.header_for(url("http://big.test/"), kNow), "");
}

TEST(CookieDate, ReadsWhatServersWriteAndRefusesWhatIsNoDate) {
  const Timestamp expected = *parse_timestamp("2019-08-07T08:04:19Z");
  for (const char* text : {"Wed, 07 Aug 2019 08:04:19 GMT", "Wednesday, 07-Aug-19 08:04:19 GMT", "Aug 7 2019 8:4:19",
                           "08:04:19 7 August 2019 +0900", "Wed Aug  7 08:04:19 2019"})
    EXPECT_EQ(parse_cookie_date(text), expected) << text;
  EXPECT_EQ(parse_cookie_date("1 Jan 70 00:00:00"), Timestamp{});
  for (const char* text : {"", "tomorrow", "07 Aug 2019", "32 Aug 2019 08:04:19", "07 Aug 2019 24:04:19",
                           "31 Feb 2019 08:04:19", "07 Aug 1600 08:04:19", "007 Aug 2019 08:04:19"})
    EXPECT_EQ(parse_cookie_date(text), std::nullopt) << text;
}

}  // namespace
}  // namespace vellum::test
