#include "plugins/host/person.h"

#include <gtest/gtest.h>

namespace vellum::plugins {
namespace {

TEST(Person, IsTurnedRoundFromFamilyCommaGiven) {
  EXPECT_EQ(to_line(read_person("Lopez Garcia, Ana Maria")),
            R"({"name":"Ana Maria Lopez Garcia","given":"Ana Maria","family":"Lopez Garcia"})");
}

TEST(Person, KeepsAFullNameWholeWhereNothingTellsItsPartsApart) {
  EXPECT_EQ(to_line(read_person("Teven Le Scao")), R"({"name":"Teven Le Scao"})");
}

TEST(Person, IsSplitByTheFormThatTheIndexUses) {
  EXPECT_EQ(to_line(read_person("Young Hwa Kim", "Kim YH")),
            R"({"name":"Young Hwa Kim","given":"Young Hwa","family":"Kim"})");
}

TEST(Person, OfAnIndexHasInitialsForGivenNames) {
  EXPECT_EQ(to_line(read_person("van Rheenen RW")), R"({"name":"van Rheenen RW","given":"RW","family":"van Rheenen"})");
}

TEST(Person, LosesMarksDegreesAndTheFullStopOfTheByline) {
  EXPECT_EQ(read_person("Syed Mohammad Naqvi, MD, MSc")["name"], "Syed Mohammad Naqvi");
  EXPECT_EQ(read_person("Tim Beck1,2*")["name"], "Tim Beck");
  EXPECT_EQ(read_person("and Joram M. Posma.")["name"], "Joram M. Posma");
  EXPECT_EQ(read_person("William R. Jones, Jr.")["name"], "William R. Jones Jr.");
}

TEST(Person, MayBeAGroup) {
  EXPECT_EQ(to_line(read_person("RECOVERY Collaborative Group")),
            R"({"name":"RECOVERY Collaborative Group","collective":true})");
  EXPECT_FALSE(read_person("Anna Grouper").contains("collective"));
}

TEST(Person, IsNobodyWhereThereIsNoName) {
  for (const char* text : {"", "et al.", "*", "1,2", " , "}) EXPECT_TRUE(read_person(text).empty()) << text;
  EXPECT_TRUE(read_person(std::string(5000, 'x')).empty());
}

TEST(Names, AreSplitAtSemicolonsElseCommas) {
  EXPECT_EQ(split_names("Woo PC;Lau SK;"), (std::vector<std::string>{"Woo PC", "Lau SK"}));
  EXPECT_EQ(split_names("Ann Smith, Bo Jones and Cy Doe"),
            (std::vector<std::string>{"Ann Smith", "Bo Jones", "Cy Doe"}));
  EXPECT_EQ(split_names("Smith, Jane"), (std::vector<std::string>{"Smith, Jane"}));
}

}  // namespace
}  // namespace vellum::plugins
