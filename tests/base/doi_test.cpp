#include <gtest/gtest.h>

#include "base/scholarly_id.h"
#include "tests/base/data_file.h"

namespace vellum {
namespace {

std::string joined(std::string_view text) {
  std::vector<std::string> dois;
  for (const FoundDoi& found : find_dois(text)) dois.push_back(found.doi);
  return join(dois, " ");
}

TEST(Doi, EveryRowOfDoiCasesHolds) {
  const auto rows = test::tsv_rows(test::own_data("doi_cases.tsv"));
  ASSERT_GT(rows.size(), 60u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3u) << row[0];
    const std::string& input = row[1];
    if (row[0] == "find") {
      EXPECT_EQ(joined(input), row[2]) << input;
    } else if (row[0] == "normalise") {
      EXPECT_EQ(normalise_doi(input).value_or("-"), row[2]) << input;
    } else {
      ASSERT_EQ(row[0], "link");
      EXPECT_EQ(doi_of_resolver_link(input).value_or("-"), row[2]) << input;
    }
  }
}

TEST(Doi, IsFoundWithItsPlaceAndItsTextAsItStood) {
  const std::string text = "see (10.1016/0014-4827(61)90192-6). Also https://doi.org/10.1002%2FABC/abstract, yes";
  const auto found = find_dois(text);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].doi, "10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(found[0].text, "10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(found[0].offset, 5u);
  EXPECT_EQ(found[1].doi, "10.1002/abc");
  EXPECT_EQ(found[1].text, "10.1002%2FABC");
  EXPECT_EQ(text.substr(found[1].offset, found[1].text.size()), found[1].text);
}

TEST(Doi, NormalisingTwiceChangesNothing) {
  for (const auto& row : test::tsv_rows(test::own_data("doi_cases.tsv"))) {
    const auto once = normalise_doi(row[1]);
    // A '%' that was itself encoded would be undone again, and '#' would begin a fragment: both need their context.
    if (once && once->find_first_of("%#") == std::string::npos) {
      EXPECT_EQ(normalise_doi(*once), once) << row[1];
    }
  }
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

TEST(Doi, TakesLinearTimeOnAnything) {
  EXPECT_EQ(joined("10.1130/2013.2502" + repeated(".", 10'000)), "10.1130/2013.2502");
  EXPECT_EQ(joined("10.1130/a" + repeated("(", 100'000)), "10.1130/a");
  EXPECT_EQ(joined("10.1130/a" + repeated(")", 100'000)), "10.1130/a");
  EXPECT_EQ(find_dois(repeated("10.1000/", 50'000)).size(), 0u);  // one candidate, too long to be a DOI
  EXPECT_EQ(find_dois(repeated("10.1000/a ", 50'000)).size(), 50'000u);
  EXPECT_EQ(find_dois(repeated("10.", 100'000)).size(), 0u);
  EXPECT_EQ(find_dois("10.1000/a" + repeated("&amp;", 50'000)).size(), 1u);
  EXPECT_EQ(find_dois("10.1000/a" + repeated("%2", 100'000)).size(), 0u);
  EXPECT_EQ(find_dois("10.1000/a" + repeated("\\", 100'000)).size(), 1u);
}

TEST(Doi, LongerThanAnyRealOneIsNone) {
  EXPECT_TRUE(normalise_doi("10.1000/" + repeated("a", 2000)));
  EXPECT_FALSE(normalise_doi("10.1000/" + repeated("a", 3000)));
  EXPECT_FALSE(normalise_doi("10.1000/a" + repeated(".", 3000) + "b"));
}

}  // namespace
}  // namespace vellum
