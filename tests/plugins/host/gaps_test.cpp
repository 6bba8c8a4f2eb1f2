#include "plugins/host/gaps.h"

#include <gtest/gtest.h>

namespace vellum::plugins {
namespace {

Json json(const char* text) {
  return *parse_json(text);
}

TEST(Gaps, AreFilledWhereTheRecordLacksAKeyAndTheRulesDoNotForbidIt) {
  Json record = json(R"({"title":"A","journal":{"title":"J"},"pages":"1-2"})");
  Body body;
  body.not_from_generic = {"publisher"};
  fill_gaps(record, json(R"({"title":"B","journal":{"title":"K","issn":["1"]},"elocator":"e1","publisher":"P"})"),
            body);
  EXPECT_EQ(record, json(R"({"title":"A","journal":{"title":"J","issn":["1"]},"pages":"1-2"})"));
}

TEST(Gaps, PeopleOfTheHeadKeepWhatTheBodySaysOfThem) {
  Json record = json(R"({"authors":[{"name":"A. Lee","affiliations":["X"],"orcid":"1"},{"name":"B. Ek"}]})");
  Body body;
  body.generic_first = {"authors"};
  fill_gaps(record, json(R"({"authors":[{"name":"Ann Lee"},{"name":"Bo Ek","affiliations":["Y"]}]})"), body);
  EXPECT_EQ(record, json(R"({"authors":[{"name":"Ann Lee","affiliations":["X"],"orcid":"1"},
                                {"name":"Bo Ek","affiliations":["Y"]}]})"));
}

TEST(Gaps, PeopleOfTheRulesKeepTheirNamesAndGetWhatTheHeadSaysOfThem) {
  Json record = json(R"({"authors":[{"name":"Ann Lee"},{"name":"Bo Ek"}]})");
  fill_gaps(record, json(R"({"authors":[{"name":"EK, B","family":"Ek","affiliations":["Y"]}]})"), Body());
  EXPECT_EQ(record, json(R"({"authors":[{"name":"Ann Lee"},{"name":"Bo Ek","affiliations":["Y"]}]})"));
}

TEST(Gaps, NamesakesAreToldByTheirPlaceOrNotAtAll) {
  const Json generic = json(R"({"authors":[{"name":"A Lee","orcid":"1"},{"name":"B Lee","orcid":"2"}]})");
  Json both = json(R"({"authors":[{"name":"Ann Lee"},{"name":"Bo Lee"}]})");
  fill_gaps(both, generic, Body());
  EXPECT_EQ(both, json(R"({"authors":[{"name":"Ann Lee","orcid":"1"},{"name":"Bo Lee","orcid":"2"}]})"));
  Json one = json(R"({"authors":[{"name":"Bo Lee"}]})");
  fill_gaps(one, generic, Body());
  EXPECT_EQ(one, json(R"({"authors":[{"name":"Bo Lee"}]})"));
}

}  // namespace
}  // namespace vellum::plugins
