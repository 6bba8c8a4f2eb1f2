#include "base/scholarly_id.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "tests/base/data_file.h"

namespace vellum {
namespace {

TEST(ScholarlyId, EveryRowOfIdCasesHolds) {
  const std::map<std::string, std::function<std::optional<std::string>(std::string_view)>> functions = {
      {"pmid", normalise_pmid},      {"pmcid", normalise_pmcid}, {"pmid_link", pmid_of_link},
      {"pmcid_link", pmcid_of_link}, {"arxiv", normalise_arxiv}, {"issn", normalise_issn},
      {"orcid", normalise_orcid}};
  const auto rows = test::tsv_rows(test::own_data("id_cases.tsv"));
  ASSERT_GT(rows.size(), 60u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3u) << row[0];
    ASSERT_TRUE(functions.count(row[0])) << row[0];
    EXPECT_EQ(functions.at(row[0])(row[1]).value_or("-"), row[2]) << row[0] << " " << row[1];
  }
}

TEST(ScholarlyId, TakesLinearTimeOnAnything) {
  const std::string digits(200'000, '7'), hyphens(200'000, '-');
  for (const auto& text : {digits, hyphens, digits + hyphens}) {
    EXPECT_FALSE(normalise_pmid(text));
    EXPECT_FALSE(normalise_issn(text));
    EXPECT_FALSE(normalise_orcid(text));
    EXPECT_FALSE(normalise_arxiv(text));
  }
}

}  // namespace
}  // namespace vellum
