#include "crawler/policy/conditional.h"

#include <gtest/gtest.h>

namespace vellum::test {
namespace {

using policy::Validators;

policy::Validators of(const std::string& fields) {
  return policy::validators_of(HeaderBlock("HTTP/1.1 200 OK\r\n" + fields + "\r\n"));
}

TEST(Conditional, EntityTagsAreTakenAsTheyStandIfTheyAreSome) {
  const std::pair<const char*, const char*> kCases[] = {
      {"\"a\"", "\"a\""}, {"W/\"a b\"", ""},    {"W/\"a\"", "W/\"a\""}, {"\"\"", "\"\""}, {"a", ""},
      {"*", ""},          {"\"a\", \"b\"", ""}, {"w/\"a\"", ""},        {"\"a\"b\"", ""}, {"\"", ""},
  };
  for (const auto& [said, sent] : kCases) EXPECT_EQ(of("ETag: " + std::string(said) + "\r\n").etag, sent) << said;
  EXPECT_EQ(of("ETag: \"" + std::string(2000, 'x') + "\"\r\n").etag, "");
}

TEST(Conditional, BothFieldsAreSentWhereBothAreKnown) {
  const Validators both = of("ETag: W/\"a\"\r\nLast-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"If-None-Match", "W/\"a\""}, {"If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT"}};
  EXPECT_EQ(policy::condition_fields(both), expected);
  EXPECT_TRUE(of("Last-Modified: 12345\r\n").empty());
  EXPECT_TRUE(policy::condition_fields(of("")).empty());
}

TEST(Conditional, A304IsHeldAgainstWhatWasAsked) {
  const auto fault = [](const Validators& asked, const std::string& fields) {
    return policy::fault_of_not_modified(asked, HeaderBlock("HTTP/1.1 304 Not Modified\r\n" + fields + "\r\n"));
  };
  EXPECT_EQ(fault({"\"a\"", ""}, "ETag: W/\"a\"\r\n"), "");
  EXPECT_EQ(fault({"\"a\"", ""}, ""), "");
  EXPECT_EQ(fault({"", "Sun, 06 Nov 1994 08:49:37 GMT"}, "ETag: \"b\"\r\n"), "");
  EXPECT_EQ(fault({"\"a\"", ""}, "ETag: \"b\"\r\n"), "status 304 with ETag \"b\", asked was \"a\"");
  EXPECT_EQ(fault({}, "ETag: \"b\"\r\n"), "status 304 to a request without a condition");
}

}  // namespace
}  // namespace vellum::test
