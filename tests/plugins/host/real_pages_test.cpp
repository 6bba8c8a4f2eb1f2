// Real pages that lie beside the project (../shared/data): how many of the simple fields come out right, and that no
// interstitial is taken for an article. Writes the records to real_records.ndjson in the working directory.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "base/article.h"
#include "base/text.h"
#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;

const fs::path kData = VELLUM_SOURCE_DIR "/../shared/data";

std::string read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Registry sites() {
  auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  EXPECT_TRUE(registry) << registry.error().message;
  return std::move(*registry);
}

PageInput real_page(const std::string& url, const fs::path& file) {
  PageInput input = page("", url);
  input.page.headers = HeaderBlock("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n");
  input.page.body = read_file(file);
  return input;
}

// Letters and digits only, without case.
std::string letters(const std::string& text) {
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) || c >= 0x80) out += static_cast<char>(std::tolower(c));
  }
  return out;
}

std::string simple_field(const Json& record, const std::string& key) {
  if (key == "title") return letters(text_of(record, "title"));
  return record.contains("ids") ? to_lower_ascii(text_of(record["ids"], key)) : "";
}

TEST(RealPages, SimpleFieldsComeOutRight) {
  fs::path expected = kData / "pages" / "expected.ndjson";
  if (!fs::exists(expected)) GTEST_SKIP() << "skipped: no ../shared";
  Registry registry = sites();
  std::ofstream records("real_records.ndjson");
  std::map<std::string, std::pair<int, int>> score;
  std::ifstream in(expected);
  for (std::string line; std::getline(in, line);) {
    auto want = parse_json(line);
    ASSERT_TRUE(want);
    auto out = registry.extract(real_page(text_of(*want, "url"), kData / text_of(*want, "file")));
    for (const std::string& fault : article::faults(out.record)) ADD_FAILURE() << text_of(*want, "file") << fault;
    records << to_line(out.record) << "\n";
    for (const char* key : {"title", "doi", "pmid"}) {
      const Json& expect = (*want)["expect"];
      if (!expect.contains(key)) continue;
      std::string wanted = key == std::string("title") ? letters(text_of(expect, key)) : text_of(expect, key);
      bool hit = simple_field(out.record, key) == wanted;
      if (!hit)
        std::cout << "miss " << text_of(*want, "file") << " " << key << " got " << simple_field(out.record, key)
                  << "\n";
      score[key].first += hit;
      score[key].second += 1;
    }
  }
  for (const auto& [key, hits] : score) {
    std::cout << key << " " << hits.first << "/" << hits.second << "\n";
    EXPECT_GE(hits.first, hits.second * 0.95) << key;
  }
}

TEST(RealPages, InterstitialsAreNeverArticles) {
  if (!fs::exists(kData / "pages")) GTEST_SKIP() << "skipped: no ../shared";
  Registry registry = sites();
  int seen = 0;
  for (const fs::path& root :
       {kData / "traps", kData / "pages" / "trap_cloudflare", kData / "pages" / "trap_recaptcha"}) {
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".html") continue;
      for (const char* url : {"https://pmc.ncbi.nlm.nih.gov/articles/PMC6386229/", "https://pubmed.ncbi.nlm.nih.gov/1/",
                              "https://example.org/"}) {
        Extraction out = registry.extract(real_page(url, entry.path()));
        EXPECT_TRUE(out.verdict.is_quarantined()) << entry.path() << " " << out.verdict.substance;
        EXPECT_NE(out.record["kind"], "article") << entry.path();
        EXPECT_TRUE(out.links.empty()) << entry.path();
      }
      ++seen;
    }
  }
  EXPECT_GT(seen, 4);
}

TEST(RealPages, SavedOverYearsStayArticles) {
  if (!fs::exists(kData / "series")) GTEST_SKIP() << "skipped: no ../shared";
  Registry registry = sites();
  for (const auto& entry : fs::recursive_directory_iterator(kData / "series")) {
    if (entry.path().extension() != ".html") continue;
    Extraction out = registry.extract(real_page("https://example.org/" + entry.path().stem().string(), entry.path()));
    EXPECT_FALSE(text_of(out.record, "title").empty()) << entry.path();
    EXPECT_FALSE(out.verdict.is_quarantined()) << entry.path() << " " << out.verdict.evidence.at(0);
  }
}

}  // namespace
}  // namespace vellum::plugins
