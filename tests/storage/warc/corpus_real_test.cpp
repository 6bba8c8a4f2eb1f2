// The checker over the WARC files of ../shared/data/warc, by their manifest. Nothing of them is copied here.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <fstream>

#include "base/text.h"
#include "storage/warc/checker.h"
#include "tests/base/data_file.h"

namespace vellum::warc {
namespace {

namespace fs = std::filesystem;

const fs::path& corpus() {
  static const fs::path folder = fs::path(VELLUM_SOURCE_DIR) / "../shared/data/warc";
  return folder;
}

struct Row {
  std::string file, name;
  bool is_accepted_by_all = false;
};

std::vector<Row> rows() {
  std::vector<Row> rows;
  std::ifstream manifest(corpus() / "manifest.tsv");
  for (std::string line; std::getline(manifest, line);) {
    const auto columns = split(line, '\t');
    if (columns.size() < 14 || !fs::is_regular_file(corpus() / columns[0])) continue;
    Row row{std::string(columns[0]), fs::path(columns[0]).filename().string()};
    row.is_accepted_by_all = columns[10].starts_with("rc=0") && columns[11].starts_with("rc=0") &&
                             columns[11].find("ERR") == std::string_view::npos && columns[12].starts_with("VALID") &&
                             columns[13].starts_with("rc=0");
    rows.push_back(std::move(row));
  }
  return rows;
}

bool is_web_archive(std::string_view name) {
  return name.find(".warc") != std::string_view::npos ? !name.ends_with(".cdx") : name.ends_with(".gzip");
}

std::string told(const CheckResult& result) {
  std::string text;
  for (const Fault& fault : result.faults) {
    text += "\n  " + std::to_string(fault.offset) + " " + std::string(fault.rule->name) + ": " + fault.detail;
  }
  return text;
}

class WarcCorpus : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(corpus() / "manifest.tsv")) GTEST_SKIP() << "skipped: no ../shared";
  }

  static CheckResult check(const Row& row) {
    const auto start = std::chrono::steady_clock::now();
    auto result = check_file(corpus() / row.file);
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5)) << row.file;
    EXPECT_TRUE(result) << row.file;
    return result ? *std::move(result) : CheckResult();
  }
};

TEST_F(WarcCorpus, PassesWhatIsNamedValidAndWhatAllFourReadersAccept) {
  int checked = 0;
  for (const Row& row : rows()) {
    if (!is_web_archive(row.name) || (!row.name.starts_with("valid-") && !row.is_accepted_by_all)) continue;
    const CheckResult result = check(row);
    EXPECT_TRUE(result.is_clean()) << row.file << told(result);
    ++checked;
  }
  EXPECT_GE(checked, 16);
}

TEST_F(WarcCorpus, ReportsOnEveryFileInTime) {
  for (const Row& row : rows()) {
    const CheckResult result = check(row);
    if (std::getenv("VELLUM_SHOW") != nullptr) {
      std::printf("%s %s: %llu records%s\n", result.is_clean() ? "ok  " : "BAD ", row.name.c_str(),
                  static_cast<unsigned long long>(result.records), told(result).c_str());
    }
  }
}

// Files named invalid-*, with the rule that each was made to break; tests/data/storage/warc/invalid_rules.tsv.
TEST_F(WarcCorpus, RefusesWhatIsNamedInvalidForTheRightRule) {
  std::map<std::string, std::string> wanted;
  const auto table = test::slurp(VELLUM_TEST_DATA "/storage/warc/invalid_rules.tsv");
  for (const auto& row : test::tsv_rows(table.value_or(""))) wanted[row.at(0)] = row.at(1);
  int checked = 0;
  for (const Row& row : rows()) {
    if (!row.name.starts_with("invalid-")) continue;
    const CheckResult result = check(row);
    std::vector<std::string> rules;
    for (const Fault& fault : result.faults) rules.emplace_back(fault.rule->name);
    for (std::string_view rule : split(wanted[row.name], ' ')) {
      EXPECT_THAT(rules, testing::Contains(std::string(rule))) << row.file << told(result);
    }
    EXPECT_FALSE(result.is_clean()) << row.file;
    ++checked;
  }
  EXPECT_GE(checked, 50);
}

}  // namespace
}  // namespace vellum::warc
