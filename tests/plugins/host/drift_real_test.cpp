// Pages that were saved over years (../shared/data/series): each step alarms exactly the fields that the record loses,
// and none that is marked quiet does. Read three times: by the plugins of the project; by plugins as somebody would
// have written them for the first save of each page (tests/data/plugins/host/drift), which the redesigns break; and by
// the plugins of the project over changes that the series has not: a head without <meta>, markup under other names.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "plugins/host/drift.h"
#include "plugins/host/drift_diagnosis.h"
#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;

const fs::path kSeries = VELLUM_SOURCE_DIR "/../shared/data/series";

struct Step {
  std::string page, from, to, label;
};

std::vector<Step> all_steps() {
  std::vector<Step> steps;
  std::ifstream table(kSeries / "steps.tsv");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    const auto cells = split(line, '\t');
    steps.push_back({std::string(cells[0]), std::string(cells[1]), std::string(cells[2]), std::string(cells.at(4))});
  }
  return steps;
}

// Where the pages stood.
std::string address_of(const std::string& page, bool is_real) {
  static const std::map<std::string, std::string> kAddresses = {
      {"ACL_2021.naacl-main.208", "https://aclanthology.org/2021.naacl-main.208/"},
      {"ACL_N04-1001", "https://aclanthology.org/N04-1001/"},
      {"Fallback_kobv", "https://opus4.kobv.de/opus4-trr154/frontdoor/index/index/docId/481"},
      {"Fallback_peerj", "https://peerj.com/articles/4886/"},
      {"HAL_HAL_jpa_00235190", "https://hal.science/jpa-00235190"},
      {"NBER_w29971", "https://www.nber.org/papers/w29971"},
      {"ProjectEuclid_1391109086",
       "https://projecteuclid.org/journals/advances-in-differential-equations/volume-19/issue-3_2f_4/"
       "An-analysis-of-the-renormalization-group-method/ade/1391109086.full"},
      {"USENIX_bulekov", "https://www.usenix.org/conference/usenixsecurity22/presentation/bulekov"}};
  const auto it = kAddresses.find(page);
  return is_real && it != kAddresses.end() ? it->second : "https://example.org/" + page;
}

PageInput saved(const Step& step, const std::string& version, bool is_real) {
  std::ifstream in(kSeries / step.page / (version + ".html"), std::ios::binary);
  EXPECT_TRUE(in) << step.page << " " << version;
  PageInput input = page(std::string(std::istreambuf_iterator<char>(in), {}), address_of(step.page, is_real));
  input.page.captured = *parse_timestamp(version.substr(0, 10));
  return input;
}

using Names = std::set<std::string>;

// What an item of a list, or an object, says: keys with something in them.
Names said(const Json& value) {
  static const Names kDerived = {"position", "level", "event", "major", "title_html", "caption_html", "text_html"};
  Names names;
  for (const Json& item : value.is_array() ? value : Json::array({value})) {
    if (!item.is_object()) continue;
    for (const auto& [key, inner] : item.items()) {
      const bool is_no = inner.is_boolean() && !inner.get<bool>();
      if (!inner.empty() && !is_no && !kDerived.contains(key)) names.insert(key);
    }
  }
  return names;
}

// Told apart from the code under test: what was there and is not, or is empty, or is a list of less than half.
Names lost_fields(const Json& before, const Json& after) {
  static const Names kHead = {"schema",  "url",  "captured", "sources",  "plugin",  "plugin_version",     "layout",
                              "verdict", "kind", "next",     "cited_by", "similar", "references_complete"};
  Names lost;
  if (before["plugin"] != after["plugin"]) lost.insert("layout");
  for (const auto& [key, value] : before.items()) {
    if (kHead.contains(key) || key.ends_with("_html") || value.empty()) continue;
    const Json now = after.value(key, Json());
    const bool shrank = value.is_array() && now.size() * 2 < value.size() && value.size() - now.size() >= 3;
    if ((now.empty() && !value.is_object()) || shrank) {
      lost.insert(key);
      continue;
    }
    const Names kept = said(now);
    for (const std::string& inner : key == "links" ? Names() : said(value)) {
      if (!kept.contains(inner)) lost.insert(key + "." + inner);
    }
  }
  return lost;
}

std::string in_a_row(const Names& names) {
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : " ") + name;
  return out.empty() ? "-" : out;
}

struct Outcome {
  int steps = 0, lost = 0, alarmed = 0, explained = 0, repaired = 0;
};

// One row of the table: page, step, label, plugin, lost fields, alarms. Both must be the same.
void watch_step(const Registry& registry, const Step& step, const PageInput& before, const PageInput& after,
                Outcome& outcome) {
  const Extraction good = registry.extract(before), bad = registry.extract(after);
  DriftWatch watch;
  watch.add({2, step.page, step.to}, bad.record, {1, step.page, step.from}, &good.record);
  Names alarmed;
  for (const DriftAlarm& alarm : watch.alarms(nullptr)) {
    const auto why = diagnose(registry, alarm.plugin, alarm.field, before, after, good.record);
    EXPECT_TRUE(why) << why.error().message;
    alarmed.insert(alarm.field);
    outcome.explained += why && !why->dead.empty() ? 1 : 0;
    outcome.repaired += why && !why->repairs.empty() && why->repairs[0].is_checked ? 1 : 0;
  }
  const Names lost = lost_fields(good.record, bad.record);
  std::cout << step.page << "\t" << step.to << "\t" << step.label << "\t" << good.plugin << "\t" << in_a_row(lost)
            << "\t" << in_a_row(alarmed) << "\n";
  EXPECT_EQ(lost, alarmed) << step.page << " " << step.to;
  if (step.label == "quiet") {
    EXPECT_TRUE(alarmed.empty()) << step.page << " " << step.to;
  }
  ++outcome.steps;
  outcome.lost += lost.empty() ? 0 : 1;
  outcome.alarmed += static_cast<int>(alarmed.size());
}

Outcome walk(const Registry& registry, bool is_real) {
  Outcome outcome;
  std::cout << "page\tstep\tlabel\tplugin\tlost\talarms\n";
  for (const Step& step : all_steps()) {
    watch_step(registry, step, saved(step, step.from, is_real), saved(step, step.to, is_real), outcome);
  }
  return outcome;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

PageInput without_metadata(PageInput input) {
  replace_all(input.page.body, "<meta ", "<x-meta ");
  replace_all(input.page.body, "ld+json", "x-json");
  return input;
}

PageInput under_other_names(PageInput input) {
  for (const char* name : {"class", "id", "itemprop", "property"}) {
    replace_all(input.page.body, std::string(" ") + name + "=", " data-" + std::string(name) + "=");
  }
  return input;
}

TEST(DriftReal, PluginsOfTheFirstSaveAreAlarmedWhereTheSiteWasRedesignedAndNowhereElse) {
  if (!fs::exists(kSeries)) GTEST_SKIP() << "skipped: no ../shared";
  const auto registry = Registry::load({VELLUM_TEST_DATA "/plugins/host/drift"});
  ASSERT_TRUE(registry) << registry.error().message;
  const Outcome outcome = walk(*registry, false);
  EXPECT_GT(outcome.steps, 25);
  EXPECT_GE(outcome.lost, 1);
  EXPECT_GE(outcome.alarmed, 4);
  EXPECT_EQ(outcome.explained, outcome.alarmed);
  EXPECT_EQ(outcome.repaired, outcome.alarmed);
}

TEST(DriftReal, PluginsOfTheProjectAreAlarmedExactlyWhereTheyLoseAField) {
  if (!fs::exists(kSeries)) GTEST_SKIP() << "skipped: no ../shared";
  const auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  for (const Step& step : all_steps()) {
    EXPECT_NE(registry->extract(saved(step, step.to, true)).plugin, "org.vellum.generic") << step.page;
  }
  EXPECT_GT(walk(*registry, true).steps, 25);
}

// The series changes little that is read; these are changes of the same pages that take something from each.
TEST(DriftReal, PluginsOfTheProjectAreAlarmedWhereMetadataOrNamesAreGone) {
  if (!fs::exists(kSeries)) GTEST_SKIP() << "skipped: no ../shared";
  const auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  Names seen;
  for (Step step : all_steps()) {
    if (!seen.insert(step.page).second) continue;
    const PageInput whole = saved(step, step.to, true);
    Outcome outcome;
    step.label = "no metadata";
    watch_step(*registry, step, whole, without_metadata(whole), outcome);
    step.label = "other names";
    watch_step(*registry, step, whole, under_other_names(whole), outcome);
    step.label = "both";
    watch_step(*registry, step, whole, under_other_names(without_metadata(whole)), outcome);
    EXPECT_GE(outcome.lost, 2) << step.page;
  }
  EXPECT_EQ(seen.size(), 8u);
}

}  // namespace
}  // namespace vellum::plugins
