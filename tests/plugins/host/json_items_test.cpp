// Groups whose items stand in a script's JSON, not in elements.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"
#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

const std::string kRules = R"(
id = "org.example"
version = 1
[match]
hosts = ["example.org"]
[fields]
title = "h1"
[authors]
json_items = { json = "authors[*].parts[#name=author]", in = "script#state" }
name = { json = "parts[#name=given].text" }
family = { json = "parts[#name=family].text" }
marks = { json = "parts[#name=ref].$.id" }
[affiliations]
json_items = { json = "places", in = "script#state" }
mark = { json = "id" }
text = { json = "text" }
[references]
items = ["ol.refs > li"]
json_items = { json = "works", in = "script#state" }
text = { json = "text" }
doi = { json = "doi" }
)";

const std::string kState = R"(<h1>T</h1><script id=state type="application/json">
{"authors":[{"parts":[{"#name":"author","parts":[{"#name":"given","text":"Ann Lee"},{"#name":"family","text":"Lee"},
{"#name":"ref","$":{"id":"a2"}}]},{"#name":"note","text":"x"}]}],
"places":[{"id":"a1","text":"Nowhere"},{"id":"a2","text":"Elsewhere"}],
"works":[{"text":"Ek B. Of water. 2001.","doi":"10.5555/Water"},{"text":"Ng C. Of ice. doi:10.5555/ice"},{"x":1}]}
</script><p><a href="https://doi.org/10.5555/body">body</a></p>)";

class JsonItems : public testing::Test {
 protected:
  Result<Registry> load(const std::string& rules) {
    std::filesystem::create_directories(folder_.path() / "org.example");
    std::ofstream(folder_.path() / "org.example" / "plugin.toml") << rules;
    return Registry::load({folder_.path()});
  }
  test::TempDir folder_;
};

TEST_F(JsonItems, AreReadByThePathsOfTheirFields) {
  const auto registry = load(kRules);
  ASSERT_TRUE(registry) << registry.error().message;
  const Extraction out = registry->extract(page(kState));
  EXPECT_EQ(out.record["authors"], *parse_json(R"([{"name":"Ann Lee","family":"Lee","affiliations":["Elsewhere"]}])"));
  EXPECT_EQ(out.record["references"],
            *parse_json(R"([{"position":1,"text":"Ek B. Of water. 2001.","doi":"10.5555/water"},
                            {"position":2,"text":"Ng C. Of ice. doi:10.5555/ice","doi":"10.5555/ice"}])"));
}

TEST_F(JsonItems, HaveLinksWithoutAPlaceOnThePageAndLeaveTheOthersAlone) {
  const auto registry = load(kRules);
  ASSERT_TRUE(registry) << registry.error().message;
  std::vector<std::string> found;
  for (const OutboundLink& link : registry->extract(page(kState)).links) {
    found.push_back(link.place + " " + link.doi + (link.offset < 0 ? " nowhere" : ""));
  }
  EXPECT_THAT(found, testing::UnorderedElementsAre("reference 10.5555/water nowhere", "reference 10.5555/ice nowhere",
                                                   "body 10.5555/body"));
}

TEST_F(JsonItems, GiveWayToElements) {
  const auto registry = load(kRules);
  ASSERT_TRUE(registry) << registry.error().message;
  const auto record = registry->extract(page("<ol class=refs><li>Oh D. Of air. 1999.</li></ol>" + kState)).record;
  ASSERT_EQ(record["references"].size(), 1u);
}

TEST_F(JsonItems, NeedAPathOfJson) {
  const std::string path = R"({ json = "works", in = "script#state" })";
  std::string rules = kRules;
  rules.replace(rules.find(path), path.size(), "\"li\"");
  const auto registry = load(rules);
  ASSERT_FALSE(registry);
  EXPECT_THAT(registry.error().message, testing::HasSubstr("plugin.toml:19"));
  EXPECT_THAT(registry.error().message, testing::HasSubstr("needs `json`"));
}

}  // namespace
}  // namespace vellum::plugins
