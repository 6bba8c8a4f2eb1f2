// The Web Platform Tests' table for URLs (url/resources/urltestdata.json), every row.

#include <gtest/gtest.h>

#include <iostream>

#include "tests/base/data_file.h"
#include "tests/base/url_rows.h"

namespace vellum::test {
namespace {

// JSON's "\ud83d" alone is no text; the tests' runners read it as U+FFFD, as a browser's URL constructor does.
std::string without_lone_surrogates(std::string json) {
  const auto unit = [&](std::size_t at) -> unsigned {
    if (json.compare(at, 2, "\\u") != 0 || at + 6 > json.size()) return 0;
    return static_cast<unsigned>(std::stoul(json.substr(at + 2, 4), nullptr, 16));
  };
  for (std::size_t at = json.find('\\'); at < json.size(); at = json.find('\\', at)) {
    const unsigned first = unit(at);
    const unsigned second = first >= 0xD800 && first < 0xDC00 ? unit(at + 6) : 0;
    const bool is_pair = second >= 0xDC00 && second < 0xE000;
    if (first >= 0xD800 && first < 0xE000 && !is_pair) json.replace(at, 6, "\\ufffd");
    at += is_pair ? 12 : first != 0 ? 6 : 2;
  }
  return json;
}

TEST(UrlWpt, EveryRowOfTheTableHolds) {
  const auto text = shared_data("data/suites/url/urltestdata.json");
  if (!text) GTEST_SKIP() << "skipped: no ../shared";
  const auto rows = parse_json(without_lone_surrogates(*text));
  ASSERT_TRUE(rows) << rows.error().message;
  std::size_t total = 0, held = 0;
  for (const Json& row : *rows) {
    if (!row.is_object()) continue;  // a comment
    ++total;
    held += check_row(row) ? 1 : 0;
  }
  std::cout << held << " of " << total << " rows hold\n";
  EXPECT_EQ(held, total);
  EXPECT_GT(total, 800u);
}

}  // namespace
}  // namespace vellum::test
