#include "plugins/host/drift.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "plugins/host/drift_diagnosis.h"
#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"
#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

using testing::Contains;
using testing::IsEmpty;
using testing::SizeIs;

Json record(const std::string& fields, const std::string& layout = "new") {
  Json json = *parse_json(R"({"plugin":"org.example","verdict":{"substance":"article"},)" + fields + "}");
  json["layout"] = layout;
  return json;
}

Sighting at(std::uint64_t capture) {
  return {capture, "https://example.org/" + std::to_string(capture), "2024-01-01T00:00:00Z"};
}

TEST(FieldCounts, NamesFieldsObjectsListsAndWhatTheirItemsHave) {
  const auto counts = field_counts(record(R"("title":"A","title_html":"A","journal":{"title":"J","issn":["1"]},
                "authors":[{"name":"B","orcid":"0"},{"name":"C","collective":false}])"));
  const std::map<std::string, std::size_t> expected = {{"title", 1},   {"journal.title", 1}, {"journal.issn", 1},
                                                       {"authors", 2}, {"authors.name", 2},  {"authors.orcid", 1}};
  EXPECT_EQ(counts, expected);
}

TEST(Losses, AreWhatIsGoneAndListsThatShrankToLessThanHalf) {
  const Json before = record(R"("title":"A","keywords":["a","b","c","d","e"],"mesh":[{"term":"x"},{"term":"y"}])");
  const auto lost = losses(before, record(R"("keywords":["a","b"],"mesh":[{"term":"x"}])"));
  ASSERT_THAT(lost, SizeIs(2));
  EXPECT_EQ(lost[0].field, "keywords");
  EXPECT_EQ(lost[0].after, 2U);
  EXPECT_EQ(lost[1].field, "title");
}

TEST(Losses, OfAWholeListSayNothingMoreOfItsItems) {
  const auto lost = losses(record(R"("authors":[{"name":"B","orcid":"0"}])"), record(R"("title":"A")"));
  ASSERT_THAT(lost, SizeIs(1));
  EXPECT_EQ(lost[0].field, "authors");
}

TEST(DriftWatch, AlarmsWhenAPageLosesAFieldAndNamesTheFirstBadCapture) {
  DriftWatch watch;
  const Json good = record(R"("title":"A","volume":"1")", "old"), bad = record(R"("title":"A")");
  watch.add(at(11), good, at(1), &good);
  watch.add(at(12), bad, at(2), &good);
  watch.add(at(13), bad, at(3), &good);
  const auto alarms = watch.alarms(nullptr);
  ASSERT_THAT(alarms, SizeIs(1));
  EXPECT_EQ(alarms[0].field, "volume");
  EXPECT_EQ(alarms[0].layout, "old");
  EXPECT_EQ(alarms[0].had, 3U);
  EXPECT_EQ(alarms[0].lost, 2U);
  EXPECT_EQ(alarms[0].first_bad.capture, 12U);
  EXPECT_EQ(alarms[0].last_good.capture, 2U);
}

TEST(DriftWatch, LetsOnePageInManyLoseAField) {
  DriftWatch watch;
  const Json good = record(R"("title":"A","volume":"1")"), bad = record(R"("title":"A")");
  for (std::uint64_t i = 0; i < 30; ++i) watch.add(at(100 + i), i == 7 ? bad : good, at(i), &good);
  EXPECT_THAT(watch.alarms(nullptr), IsEmpty());
}

TEST(DriftWatch, AlarmsWhenAPluginNoLongerReadsItsPage) {
  DriftWatch watch;
  Json other = record(R"("title":"A")", "");
  other["plugin"] = "org.vellum.generic";
  const Json good = record(R"("title":"A")");
  watch.add(at(2), other, at(1), &good);
  const auto alarms = watch.alarms(nullptr);
  ASSERT_THAT(alarms, SizeIs(1));
  EXPECT_EQ(alarms[0].field, "layout");
}

TEST(DriftWatch, AlarmsWhenTheRateOfNewPagesIsFarBelowTheCrawlBefore) {
  DriftWatch before, now;
  for (std::uint64_t i = 0; i < 40; ++i) {
    before.add(at(i), record(R"("title":"A","volume":"1")"), {}, nullptr);
    now.add(at(100 + i), record(i < 20 ? R"("title":"A","volume":"1")" : R"("title":"A")"), {}, nullptr);
  }
  const auto kept = DriftRates::from_json(before.rates().to_json());
  ASSERT_TRUE(kept);
  const auto alarms = now.alarms(&*kept);
  ASSERT_THAT(alarms, SizeIs(1));
  EXPECT_EQ(alarms[0].field, "volume");
  EXPECT_DOUBLE_EQ(alarms[0].rate_now, 0.5);
  EXPECT_EQ(alarms[0].first_bad.capture, 120U);
  EXPECT_THAT(before.alarms(&*kept), IsEmpty());
}

TEST(DriftRates, AreTakenFromNothingButNumbersUnderNames) {
  EXPECT_FALSE(DriftRates::from_json(*parse_json("[1]")));
  EXPECT_FALSE(DriftRates::from_json(*parse_json(R"({"a":{"b":3}})")));
  const auto odd = DriftRates::from_json(*parse_json(R"({"a":{"b":{"":-4,"title":"x"}}})"));
  ASSERT_TRUE(odd);
  EXPECT_EQ(odd->of_plugin("a", "title").hits, 0U);
}

// A plugin with two sources for the title, and a site that changes under it.
class Diagnosed : public testing::Test {
 protected:
  void SetUp() override {
    const auto folder = folder_.path() / "org.example.drift";
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "plugin.toml") << R"(id = "org.example.drift"
version = 1
not_from_generic = ["title", "published"]
[match]
hosts = ["example.org"]
[[layout]]
name = "all"
detect = ["#paper"]
[layout.fields]
title = ["#no-such", "#paper h1.name", ".also"]
published = { css = ".date" }
ids.doi = { css = "a.doi", attr = "href" }
[layout.authors]
items = [".who b"]
name = [{}]
)";
  }
  Diagnosis diagnosis(const std::string& field, const std::string& now) {
    const auto registry = Registry::load({folder_.path()});
    EXPECT_TRUE(registry) << registry.error().message;
    const PageInput good = page(kGood), bad = page(now);
    const Json read = registry->extract(good).record;
    auto why = diagnose(*registry, "org.example.drift", field, good, bad, read);
    EXPECT_TRUE(why) << why.error().message;
    return why ? std::move(*why) : Diagnosis();
  }

  static constexpr const char* kGood =
      "<body id=paper><h1 class=name>Of Cells</h1><p class=who><b>Ann Lee</b> <b>Bo Ek</b></p>"
      "<i class=date>2019-01-03</i><a class=doi href='https://doi.org/10.1234/cells.5'>doi</a></body>";
  test::TempDir folder_;
};

TEST_F(Diagnosed, TheDeadSourceIsTheOneThatUsedToHitNotTheOneThatNeverDid) {
  const auto why = diagnosis("title", "<body id=paper><h2 class=headline>Of Cells</h2></body>");
  ASSERT_THAT(why.dead, SizeIs(1));
  EXPECT_EQ(why.dead[0].source, "#paper h1.name");
  EXPECT_EQ(why.dead[0].rank, 2U);
  EXPECT_TRUE(why.dead[0].was_chosen);
  ASSERT_FALSE(why.repairs.empty());
  EXPECT_EQ(why.repairs[0].source, "\"h2.headline\"");
  EXPECT_TRUE(why.repairs[0].is_checked);
}

TEST_F(Diagnosed, AValueIsFoundAgainInMetaAndInOtherSpellings) {
  const auto why = diagnosis("published",
                             "<head><meta name=citation_date content=2019-01-03></head><body id=paper>"
                             "<time class=day>3 January 2019</time></body>");
  std::vector<std::string> sources;
  for (const Repair& repair : why.repairs) sources.push_back(repair.source);
  EXPECT_THAT(sources, Contains("{ meta = \"citation_date\" }"));
  EXPECT_THAT(sources, Contains("\"time.day\""));
}

TEST_F(Diagnosed, TheItemsOfAListAreFoundByWhatTheySay) {
  const auto why = diagnosis("authors",
                             "<body id=paper><ul class=people><li class=p>Lee, Ann</li>"
                             "<li class=p>Ek, Bo</li></ul><li>menu</li></body>");
  ASSERT_FALSE(why.dead.empty());
  EXPECT_EQ(why.dead[0].field, "authors.items");
  ASSERT_FALSE(why.repairs.empty());
  EXPECT_EQ(why.repairs[0].source, "\"li.p\"");
  EXPECT_TRUE(why.repairs[0].is_checked);
}

TEST_F(Diagnosed, AnIdentifierIsFoundInAnAddress) {
  const auto why =
      diagnosis("ids.doi", "<body id=paper><p><a class=out href='https://doi.org/10.1234/cells.5'>go</a></p></body>");
  ASSERT_FALSE(why.repairs.empty());
  EXPECT_EQ(why.repairs[0].source, "{ css = \"a.out\", attr = \"href\" }");
}

TEST_F(Diagnosed, APageThatNoLayoutFitsIsSaidToBeOne) {
  const auto why = diagnosis("layout", "<body><h1>Of Cells</h1></body>");
  EXPECT_FALSE(why.has_layout);
  ASSERT_FALSE(why.repairs.empty());
  EXPECT_EQ(why.repairs[0].field, "title");
}

TEST_F(Diagnosed, AnOddPageIsSearchedInLittleTime) {
  std::string deep = "<body id=paper>";
  for (int i = 0; i < 20000; ++i) deep += "<p>Of Cells <i>Of</i>";
  const auto why = diagnosis("title", deep);
  EXPECT_LE(why.repairs.size(), 3U);
}

}  // namespace
}  // namespace vellum::plugins
