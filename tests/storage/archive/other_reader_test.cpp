// A reader that shares no code with the program reads the same: read_archive.py, written from docs/formats.md.

#include <gmock/gmock.h>
#include <stdio.h>

#include <random>
#include <sstream>

#include "storage/archive/records.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using std::chrono::hours;

struct Line {
  CaptureId id = 0;
  std::string digest, rebuilt, request, response, url;
  int reads = 0;
};

std::vector<Line> read_with_python(const std::filesystem::path& archive) {
  const std::string program = std::string(VELLUM_SOURCE_DIR) + "/tests/storage/archive/read_archive.py";
  FILE* out = ::popen(("python3 '" + program + "' '" + archive.string() + "'").c_str(), "r");
  std::string text;
  char bytes[4096];
  for (std::size_t n; (n = ::fread(bytes, 1, sizeof bytes, out)) > 0;) text.append(bytes, n);
  EXPECT_EQ(::pclose(out), 0);
  std::vector<Line> lines;
  std::istringstream stream(text);
  for (Line line;
       stream >> line.id >> line.digest >> line.rebuilt >> line.request >> line.response >> line.reads >> line.url;) {
    lines.push_back(line);
  }
  return lines;
}

std::string page(unsigned seed, unsigned token) {
  std::mt19937 random(seed);
  std::string text = "<meta content=" + std::to_string(token) + ">";
  for (int i = 0; i < 2000; ++i) text += "<p>" + std::to_string(random() % 100'000) + "</p>";
  return text;
}

class OtherReader : public testing::Test {
 protected:
  void SetUp() override {
    catalog = Catalog::open(archive, options_at(kStart, true)).value();
    for (unsigned visit = 0; visit < 4; ++visit) {
      for (unsigned n = 0; n < 4; ++n) store("https://a.org/" + std::to_string(n), page(n, visit), visit);
    }
    store("https://a.org/empty", "", 0);
    store("https://a.org/short", "short", 0);
  }
  void store(const std::string& url, const std::string& payload, unsigned visit) {
    NewCapture fresh = capture_of(*catalog, url, payload, kStart + hours(visit));
    fresh.headers.response = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(payload.size()) +
                             "\r\nX-Visit: " + std::to_string(visit) + "\r\n\r\n";
    ASSERT_TRUE(await(catalog->commit(commit_of({std::move(fresh)}))));
  }
  void expect_the_same() {
    catalog.reset();
    const auto lines = read_with_python(archive);
    const auto stored = Archive::open(archive).value();
    ASSERT_EQ(lines.size(), stored->stats()->captures);
    for (const Line& line : lines) {
      const Capture capture = stored->capture(line.id).value();
      const HeaderBlocks headers = stored->headers(line.id).value();
      EXPECT_EQ("sha256:" + line.digest, capture.digest.to_text());
      EXPECT_EQ(line.rebuilt, line.digest);
      EXPECT_EQ("sha256:" + line.request, sha256(headers.request).to_text());
      EXPECT_EQ("sha256:" + line.response, sha256(headers.response).to_text());
      EXPECT_EQ(line.url, capture.url);
      EXPECT_LE(line.reads, 2);
    }
    catalog = Catalog::open(archive, options_at(kStart)).value();
  }

  TempDir folder;
  const std::filesystem::path archive = folder / "archive";
  std::unique_ptr<Catalog> catalog;
};

TEST_F(OtherReader, ReadsWhatACrawlStores) {
  expect_the_same();
}

TEST_F(OtherReader, ReadsWhatARepackMakesOfItAndWhatComesAfter) {
  ASSERT_TRUE(catalog->repack());
  expect_the_same();
  for (unsigned n = 0; n < 4; ++n) store("https://a.org/" + std::to_string(n), page(n, 9), 9);
  expect_the_same();
}

}  // namespace
}  // namespace vellum::storage
