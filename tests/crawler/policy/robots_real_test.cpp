// Against files that lie beside the project: the compliance suite for RFC 9309 and robots.txt files of scholarly hosts.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <set>

#include "crawler/policy/robots.h"
#include "tests/base/data_file.h"

namespace vellum::test {
namespace {

namespace fs = std::filesystem;
using policy::Robots;

fs::path shared() {
  return fs::path(VELLUM_SOURCE_DIR) / ".." / "shared" / "data";
}

struct Row {
  std::string robots, url, agent;
  bool allowed = false;
};

// One string literal of a text protocol buffer, at its opening quote; `at` moves behind the closing one.
std::string literal(std::string_view text, std::size_t& at) {
  std::string out;
  for (++at; text.at(at) != '"'; ++at) {
    if (text[at] != '\\') {
      out += text[at];
    } else if (const char c = text.at(++at); c == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(at + 1, 2)), nullptr, 16));
      at += 2;
    } else {
      out += c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c;
    }
  }
  ++at;
  return out;
}

// The rows of one file: each `robotstxt` with the (testurl, useragent, expected_outcome) that follow it.
std::vector<Row> rows_of(std::string_view text) {
  std::vector<Row> rows;
  Row row;
  std::string field;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '#') {
      at = std::min(text.find('\n', at), text.size());
    } else if (text[at] == '"') {
      const std::string value = literal(text, at);
      if (field == "robotstxt") row.robots += value;
      if (field == "testurl") row.url = value;
      if (field == "useragent") row.agent = value;
    } else if (const std::size_t end =
                   text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", at);
               end > at) {
      const std::string word(text.substr(at, end - at));
      row.allowed = word == "ALLOWED";
      if (word == "ALLOWED" || word == "DISALLOWED") rows.push_back(row);
      if (word == "robotstxt") row.robots.clear();
      field = word;
      at = end;
    } else {
      ++at;
    }
  }
  return rows;
}

// As a request line would carry it, but nothing encoded.
std::string path_of(std::string_view url) {
  const std::size_t host = url.find("//");
  const std::size_t path = url.find('/', host == std::string_view::npos ? 0 : host + 2);
  return std::string(path == std::string_view::npos ? "" : url.substr(path));
}

// Rows that say the contrary of RFC 9309, 2.2.2, which came after them:
// - "Octets in the URI ... outside the range of the ASCII coded character set ... MUST be percent-encoded prior to
//   comparison": two rows want a URL that was not encoded to match nothing.
// - "If a percent-encoded ASCII octet is encountered in the URI, it MUST be unencoded prior to comparison": one row
// wants
//   "/foo/bar/%62%61%7A" not to be "/foo/bar/baz".
// - "The /robots.txt URI is implicitly allowed": four rows forbid it.
bool contradicts_the_rfc(const Row& row) {
  if (path_of(row.url) == "/robots.txt") return !row.allowed;
  const bool raw = row.url == "http://foo.bar/foo/bar/ツ";
  return raw || (row.url == "http://foo.bar/foo/bar/baz" && row.robots.find("%62%61%7A") != std::string::npos);
}

TEST(RobotsSuite, EveryRowHolds) {
  if (!fs::exists(shared())) GTEST_SKIP() << "skipped: no ../shared";
  std::size_t total = 0, contrary = 0;
  for (const auto& file : fs::recursive_directory_iterator(shared() / "suites" / "robots-ctc")) {
    if (file.path().extension() != ".textproto") continue;
    for (const Row& row : rows_of(slurp(file.path().string()).value_or(""))) {
      const bool expected = contradicts_the_rfc(row) ? !row.allowed : row.allowed;
      contrary += contradicts_the_rfc(row) ? 1 : 0;
      ++total;
      EXPECT_EQ(Robots::parse(row.robots, row.agent).decide(path_of(row.url)).allowed, expected)
          << file.path() << ": `" << row.agent << "` " << row.url << "\n"
          << row.robots;
    }
  }
  std::cout << total << " rows, of which " << contrary << " contradict RFC 9309\n";
  EXPECT_EQ(total, 400u);
  EXPECT_EQ(contrary, 7u);
}

TEST(RobotsReal, FilesOfScholarlyHostsHaveRules) {
  if (!fs::exists(shared())) GTEST_SKIP() << "skipped: no ../shared";
  std::size_t files = 0;
  std::set<std::string> without_rules;
  for (const auto& file : fs::directory_iterator(shared() / "robots")) {
    if (file.path().extension() != ".txt") continue;
    const std::string text = slurp(file.path().string()).value_or("");
    ++files;
    EXPECT_EQ(policy::classify_robots_answer(200, "text/plain", text), policy::RobotsAnswer::kRules) << file.path();
    const Robots robots = Robots::parse(text, "Googlebot"), other = Robots::parse(text, "Vellum/1.0");
    bool deciding = false;
    for (const char* path :
         {"/", "/search", "/search?q=x", "/cgi-bin/x", "/admin/", "/login", "/pdf/1", "/admin", "/api/x"})
      deciding |= robots.decide(path).line > 0 || other.decide(path).line > 0;
    if (!deciding) without_rules.insert(file.path().filename());
  }
  EXPECT_EQ(files, 39u);
  std::cout << files << " files; no rule decides on any common path in " << without_rules.size() << "\n";
  EXPECT_LT(without_rules.size(), files / 2);
}

TEST(RobotsReal, TheBlockPageOfNcbiIsNoConsent) {
  const auto page = slurp((shared() / "traps" / "ncbi_misuse_block_page_served_as_robots.html").string());
  if (!page) GTEST_SKIP() << "skipped: no ../shared";
  EXPECT_EQ(policy::classify_robots_answer(200, "text/plain", *page), policy::RobotsAnswer::kUnknown);
}

}  // namespace
}  // namespace vellum::test
