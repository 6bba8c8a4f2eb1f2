#include "plugins/host/field_matrix.h"

#include <gtest/gtest.h>

namespace vellum::plugins {
namespace {

Json record(const char* text) {
  return *parse_json(text);
}

TEST(FieldMatrix, CountsWhatIsWonLostChangedAndTheSame) {
  FieldMatrix matrix;
  matrix.add(
      record(R"({"layout":"a","title":"A","volume":"1","journal":{"title":"J"},"verdict":{"substance":"article"}})"),
      record(R"({"layout":"b","title":"B","issue":"2","journal":{"title":"J"},"verdict":{"substance":"article"}})"),
      "https://example.org/1");
  const auto& rows = matrix.rows();
  EXPECT_EQ(rows.at({"b", "title"}).changed, 1U);
  EXPECT_EQ(rows.at({"b", "volume"}).lost, 1U);
  EXPECT_EQ(rows.at({"b", "issue"}).won, 1U);
  EXPECT_EQ(rows.at({"b", "journal.title"}).same, 1U);
  EXPECT_EQ(rows.at({"b", "verdict"}).same, 1U);
  EXPECT_EQ(rows.at({"b", "volume"}).examples[2].at(0), "https://example.org/1");
  using Pair = std::pair<std::string, std::string>;
  EXPECT_EQ(rows.at({"b", "title"}).values[3].at(0), Pair("A", "B"));
  EXPECT_EQ(rows.at({"b", "volume"}).values[2].at(0), Pair("1", ""));
  EXPECT_EQ(rows.at({"b", "issue"}).values[1].at(0), Pair("", "2"));
  EXPECT_EQ(matrix.pages_with_losses(), 1U);
}

TEST(FieldMatrix, KeepsFewExamplesOfMany) {
  FieldMatrix matrix;
  for (int i = 0; i < 100; ++i) matrix.add(record(R"({"title":"A"})"), record("{}"), std::to_string(i));
  EXPECT_EQ(matrix.rows().at({"", "title"}).lost, 100U);
  EXPECT_EQ(matrix.rows().at({"", "title"}).examples[2].size(), FieldTally::kExamples);
}

}  // namespace
}  // namespace vellum::plugins
