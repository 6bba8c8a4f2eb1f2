// Against the suite of the IETF's http-state group, which lies beside the project.

#include <gtest/gtest.h>

#include <filesystem>
#include <iostream>

#include "crawler/policy/cookies.h"
#include "tests/base/data_file.h"

namespace vellum::test {
namespace {

namespace fs = std::filesystem;

fs::path suite() {
  return fs::path(VELLUM_SOURCE_DIR) / ".." / "shared" / "data" / "suites" / "cookies";
}

// The suite was written in 2011 and dates some of its cookies so that they were still good then.
const Timestamp kThen = *parse_timestamp("2011-04-01T00:00:00Z");

std::string without(std::string_view line, std::string_view name) {
  return std::string(line.substr(name.size()));
}

std::string cookies_after(const std::string& name, const std::string& test) {
  Url asked = *Url::parse("http://home.example.org:8888/cookie-parser?" + name);
  std::string location = "/cookie-parser-result?" + name;
  policy::CookieJar jar;
  std::size_t at = 0;
  while (at < test.size()) {
    const std::size_t end = std::min(test.find('\n', at), test.size());
    const std::string line = test.substr(at, end - at);
    at = end + 1;
    if (line.starts_with("Set-Cookie:")) jar.take(asked, without(line, "Set-Cookie:"), kThen);
    if (line.starts_with("Location: ")) location = without(line, "Location: ");
  }
  const std::string header = jar.header_for(*Url::parse(location, &asked), kThen);
  return header.empty() ? "" : "Cookie: " + header;
}

TEST(CookieSuite, EveryCaseHolds) {
  if (!fs::exists(suite())) GTEST_SKIP() << "skipped: no ../shared";
  std::size_t total = 0, disabled = 0;
  for (const auto& file : fs::directory_iterator(suite())) {
    const std::string stem = file.path().filename().string();
    if (!stem.ends_with("-test")) continue;
    const std::string name = stem.substr(0, stem.size() - 5);
    std::string expected = slurp((suite() / (name + "-expected")).string()).value_or("");
    while (!expected.empty() && expected.back() == '\n') expected.pop_back();
    if (!expected.starts_with("Cookie: ")) expected.clear();  // 0028: the file repeats its own test
    const std::string got = cookies_after(name, slurp(file.path().string()).value_or(""));
    ++total;
    if (name.starts_with("disabled-")) {
      disabled += 1;
      if (got != expected) std::cout << "disabled in the suite and different here: " << name << ": `" << got << "`\n";
    } else {
      EXPECT_EQ(got, expected) << name;
    }
  }
  std::cout << total << " cases, " << disabled << " disabled in the suite\n";
  EXPECT_EQ(total, 222u);
}

}  // namespace
}  // namespace vellum::test
