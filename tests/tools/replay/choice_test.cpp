#include "tools/replay/choice.h"

#include <gtest/gtest.h>

namespace vellum::replay {
namespace {

using storage::Capture;

Capture capture(const char* url, const char* time, bool quarantined = false) {
  Capture made;
  made.url = url;
  made.captured = *parse_timestamp(time);
  made.status = 200;
  made.quarantined = quarantined;
  return made;
}

const Url kUrl = *Url::parse("https://a.test/");

std::string chosen(const std::vector<Capture>& captures, std::optional<Timestamp> at) {
  const Capture* best = choose_capture(captures, kUrl, at, [](const Capture&) { return true; });
  return best == nullptr ? "" : best->url + " " + to_digits14(best->captured);
}

TEST(ChooseCapture, TakesTheNearestInTime) {
  const std::vector<Capture> captures = {capture("https://a.test/", "2019"), capture("https://a.test/", "2021")};
  EXPECT_EQ(chosen(captures, *parse_timestamp("20190301")), "https://a.test/ 20190101000000");
  EXPECT_EQ(chosen(captures, *parse_timestamp("20200801")), "https://a.test/ 20210101000000");
  EXPECT_EQ(chosen(captures, std::nullopt), "https://a.test/ 20210101000000");
}

TEST(ChooseCapture, PrefersTheExactAddressToANearerTime) {
  const std::vector<Capture> captures = {capture("https://a.test/", "2019"), capture("http://a.test/", "2021")};
  EXPECT_EQ(chosen(captures, std::nullopt), "https://a.test/ 20190101000000");
}

TEST(ChooseCapture, AQuarantinedOneIsNeverTheNewestUnlessNothingElseIsThere) {
  const std::vector<Capture> captures = {capture("https://a.test/", "2019"), capture("https://a.test/", "2021", true)};
  EXPECT_EQ(chosen(captures, std::nullopt), "https://a.test/ 20190101000000");
  EXPECT_EQ(chosen({captures[1]}, std::nullopt), "https://a.test/ 20210101000000");
}

TEST(ChooseCapture, AQuarantinedOneIsShownToWhoAsksForItsVerySecond) {
  const std::vector<Capture> captures = {capture("https://a.test/", "2019"), capture("https://a.test/", "2021", true)};
  EXPECT_EQ(chosen(captures, *parse_timestamp_end("20210101000000")), "https://a.test/ 20210101000000");
  EXPECT_EQ(chosen(captures, *parse_timestamp_end("20210101000001")), "https://a.test/ 20190101000000");
}

TEST(ChooseCapture, NothingFitsInNothing) {
  EXPECT_EQ(chosen({}, std::nullopt), "");
}

}  // namespace
}  // namespace vellum::replay
