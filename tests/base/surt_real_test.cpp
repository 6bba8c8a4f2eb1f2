// The SURT vectors of IIPC's urlcanon, as far as they are about the key that CDX files sort by.

#include <gtest/gtest.h>

#include <iostream>

#include "base/json.h"
#include "base/url_key.h"
#include "tests/base/data_file.h"

namespace vellum {
namespace {

TEST(SurtReal, TheDefaultVectorsHold) {
  const auto text = test::shared_data("data/warc/iipc+urlcanon/testdata/surt.json");
  if (!text) GTEST_SKIP() << "skipped: no ../shared";
  const auto groups = parse_json(*text);
  ASSERT_TRUE(groups) << groups.error().message;
  std::size_t total = 0;
  for (const auto& [input, expected] : (*groups)["defaultIASurt"].items()) {
    const auto url = Url::parse(input);
    if (!url) continue;  // "" stands for no URL at all
    ++total;
    EXPECT_EQ(surt(*url), expected.get<std::string>()) << input;
  }
  std::cout << total << " vectors hold\n";
  EXPECT_GT(total, 10u);
}

// The other groups are about single steps; the two that name whole URLs must end in one key for input and answer.
TEST(SurtReal, InputAndAnswerOfTheCanonicalisersShareOneKey) {
  const auto text = test::shared_data("data/warc/iipc+urlcanon/testdata/surt.json");
  if (!text) GTEST_SKIP() << "skipped: no ../shared";
  const auto groups = parse_json(*text);
  ASSERT_TRUE(groups);
  std::size_t total = 0;
  for (const char* group : {"Canonicalizer.DefaultIA", "Canonicalizer.IA", "google"}) {
    for (const auto& [input, expected] : (*groups)[group].items()) {
      const auto from = Url::parse(input), to = Url::parse(expected.get<std::string>());
      if (!from || !to) continue;
      ++total;
      EXPECT_EQ(surt(*from), surt(*to)) << input;
    }
  }
  std::cout << total << " pairs hold\n";
  EXPECT_GT(total, 30u);
}

// Real CDX files: the first field is the key of the third. wget's own "metadata://" records have keys of a kind that no
// other tool makes, and are left out.
TEST(SurtReal, KeysOfAPublicCdxFileAreOurs) {
  const auto text =
      test::shared_data("data/warc/iipc+warc-specifications/primers/web-archive-formats/hello-world.warc.cdx");
  if (!text) GTEST_SKIP() << "skipped: no ../shared";
  std::size_t total = 0;
  for (std::string_view line : split(*text, '\n')) {
    const auto fields = split(line, ' ');
    if (fields.size() < 9 || fields[0].empty()) continue;  // the head begins with a space
    const auto url = Url::parse(fields[2]);
    ASSERT_TRUE(url) << fields[2];
    if (!url->is_http()) continue;
    EXPECT_EQ(surt(*url), fields[0]);
    ++total;
  }
  EXPECT_GT(total, 0u);
}

}  // namespace
}  // namespace vellum
