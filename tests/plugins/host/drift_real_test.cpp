// Pages that were saved over years (../shared/data/series): every step on which a record loses a field is alarmed, none
// that is marked quiet is. Read twice: by the plugins of the project, and by plugins as somebody would have written
// them for the first save of each page (tests/data/plugins/host/drift), which the redesigns break.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
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

// Where the pages stood, as far as the plugins of the project ask for it.
std::string address_of(const std::string& page, bool is_real) {
  if (is_real && page.starts_with("ACL_")) return "https://aclanthology.org/" + page.substr(4) + "/";
  if (is_real && page == "Fallback_peerj") return "https://peerj.com/articles/4886/";
  return "https://example.org/" + page;
}

PageInput saved(const Step& step, const std::string& version, bool is_real) {
  std::ifstream in(kSeries / step.page / (version + ".html"), std::ios::binary);
  EXPECT_TRUE(in) << step.page << " " << version;
  PageInput input = page(std::string(std::istreambuf_iterator<char>(in), {}), address_of(step.page, is_real));
  input.page.captured = *parse_timestamp(version.substr(0, 10));
  return input;
}

// Told apart from the code under test: keys and inner keys that were there and are not, or are empty.
bool has_lost(const Json& before, const Json& after) {
  for (const auto& [key, value] : before.items()) {
    if (key == "layout" || key == "cited_by" || key == "similar") continue;
    if (!after.contains(key) || (!value.empty() && after[key].empty())) return true;
    if (!value.is_object() || key == "verdict") continue;
    for (const auto& [inner, unused] : value.items()) {
      if (!after[key].contains(inner)) return true;
    }
  }
  return false;
}

struct Outcome {
  int steps = 0, lost = 0, alarmed = 0, explained = 0, repaired = 0;
};

Outcome walk(const Registry& registry, bool is_real) {
  Outcome outcome;
  for (const Step& step : all_steps()) {
    const PageInput before = saved(step, step.from, is_real), after = saved(step, step.to, is_real);
    const Extraction good = registry.extract(before), bad = registry.extract(after);
    DriftWatch watch;
    watch.add({2, step.page, step.to}, bad.record, {1, step.page, step.from}, &good.record);
    const auto alarms = watch.alarms(nullptr);
    std::string fields;
    for (const DriftAlarm& alarm : alarms) {
      const auto why = diagnose(registry, alarm.plugin, alarm.field, before, after, good.record);
      EXPECT_TRUE(why) << why.error().message;
      fields += " " + alarm.field;
      outcome.explained += why && !why->dead.empty() ? 1 : 0;
      outcome.repaired += why && !why->repairs.empty() && why->repairs[0].is_checked ? 1 : 0;
    }
    const bool lost = has_lost(good.record, bad.record);
    std::cout << step.page << "\t" << step.to << "\t" << step.label << "\t" << good.plugin << "\t"
              << (lost ? "lost" : "-") << "\t" << (alarms.empty() ? "-" : "alarm:" + fields) << "\n";
    EXPECT_EQ(lost, !alarms.empty()) << step.page << " " << step.to;
    if (step.label == "quiet") {
      EXPECT_TRUE(alarms.empty()) << step.page << " " << step.to << fields;
    }
    ++outcome.steps;
    outcome.lost += lost ? 1 : 0;
    outcome.alarmed += static_cast<int>(alarms.size());
  }
  return outcome;
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

TEST(DriftReal, PluginsOfTheProjectAreAlarmedWhereTheyLoseAField) {
  if (!fs::exists(kSeries)) GTEST_SKIP() << "skipped: no ../shared";
  const auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  EXPECT_GT(walk(*registry, true).steps, 25);
}

}  // namespace
}  // namespace vellum::plugins
