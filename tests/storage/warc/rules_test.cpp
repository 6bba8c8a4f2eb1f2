// Each rule of the checker by a record that breaks it: tests/data/storage/warc/rule_cases.txt.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/digest.h"
#include "storage/warc/checker.h"
#include "storage/warc/record_rules.h"
#include "tests/base/data_file.h"

namespace vellum::warc {
namespace {

using testing::UnorderedElementsAreArray;

const std::string kMessage = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
const std::string kPayload = "<p>A small page.</p>";

struct Case {
  std::string name;
  std::vector<std::string> rules;
  std::string bytes;
};

void replace(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what))
    text.replace(at, what.size(), with);
}

std::string digest_of(const char* algorithm, std::string_view bytes) {
  Hasher hasher = *Hasher::open(algorithm);
  hasher.update(bytes);
  return hasher.finish();
}

std::string with_line_ends(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::vector<Case> cases() {
  std::vector<Case> all;
  const std::string text = test::slurp(VELLUM_TEST_DATA "/storage/warc/rule_cases.txt").value_or("");
  for (std::size_t at = text.find("\n=== "); at != std::string::npos;) {
    const std::size_t next = text.find("\n=== ", at + 1);
    std::string part = text.substr(at + 5, next == std::string::npos ? next : next + 1 - at - 5);
    const std::string title = part.substr(0, part.find('\n'));
    Case one{title.substr(0, title.find(" => ")), {}, ""};
    for (std::string_view rule : split(std::string_view(title).substr(title.find(" => ") + 4), ' ')) {
      if (rule != "-") one.rules.emplace_back(rule);
    }
    part.erase(0, title.size() + 1);
    const std::size_t empty = part.find("\n\n");
    std::string header = part.substr(0, empty + 1), block = part.substr(empty + 2);
    if (block.ends_with('\n')) block.pop_back();
    block = with_line_ends(block);
    replace(block, "{html}", kMessage + kPayload);
    replace(header, "{nul}", std::string_view("\0", 1));
    replace(header, "{latin1}", "\xe9");
    replace(header, "{block-sha1-hex}", to_hex(digest_of("sha1", block)));
    replace(header, "{payload-md5-base32}", to_base32(digest_of("md5", kPayload)) + "======");
    const bool has_length = header.find("Content-Length") != std::string::npos;
    if (!has_length) header += "Content-Length: " + std::to_string(block.size()) + "\n";
    one.bytes = with_line_ends(header) + "\r\n" + block + "\r\n\r\n";
    all.push_back(std::move(one));
    at = next;
  }
  return all;
}

std::vector<std::string> rules_of(const CheckResult& result) {
  std::vector<std::string> rules;
  for (const Fault& fault : result.faults) rules.emplace_back(fault.rule->name);
  for (const Fault& fault : result.advice) rules.push_back("~" + std::string(fault.rule->name));
  return rules;
}

TEST(WarcRules, EachIsBrokenByItsCase) {
  const auto all = cases();
  EXPECT_GE(all.size(), 50u);
  for (const Case& one : all) {
    const auto result = check_source(over_bytes(one.bytes));
    ASSERT_TRUE(result);
    EXPECT_THAT(rules_of(*result), UnorderedElementsAreArray(one.rules)) << one.name << "\n" << one.bytes;
  }
}

TEST(WarcRules, FaultsCarryTheOffsetOfTheirRecord) {
  const auto all = cases();
  const std::string good = all.at(0).bytes;
  const auto bad = std::find_if(all.begin(), all.end(), [](const Case& one) { return one.name == "no target"; });
  const auto result = check_source(over_bytes(good + bad->bytes + good));
  ASSERT_TRUE(result);
  ASSERT_EQ(result->faults.size(), 1u);
  EXPECT_EQ(result->faults[0].offset, good.size());
  EXPECT_EQ(result->faults[0].record, 2u);
  EXPECT_EQ(result->records, 3u);
}

TEST(WarcRules, AFileOfFaultsIsCountedNotKept) {
  std::string text = "WARC/1.1\r\n";
  for (int i = 0; i < 5000; ++i) text += "no colon\r\n";
  const auto result = check_source(over_bytes(text + "\r\n"));
  ASSERT_TRUE(result);
  EXPECT_GE(result->fault_count, 5000u);
  EXPECT_EQ(result->faults.size(), CheckResult::kMostKept);
}

TEST(WarcRules, UrisHaveASchemeAndNoSpaces) {
  for (const char* good : {"https://a/", "urn:x", "dns:a", "screenshot:https://a/", "http://a/ä|{}"})
    EXPECT_TRUE(is_uri(good));
  for (const char* bad : {"", ":", "a", "//a/b", "1a:b", "http://a b/", "<urn:x>", "http://a/\x01"})
    EXPECT_FALSE(is_uri(bad));
}

}  // namespace
}  // namespace vellum::warc
