// An archive of format 1, opened by this program.

#include <gmock/gmock.h>

#include "storage/archive/records.h"
#include "storage/rocks/database.h"
#include "tests/storage/support.h"

namespace vellum::storage {
namespace {

using namespace test;
using rocks::Family;
using testing::IsEmpty;

StoredArticle article_of(const Capture& capture, const char* kind) {
  return {capture.id, capture.url, capture.captured, "org.example", 1, Json{{"kind", kind}}, {}};
}

// What format 1 did not have is taken away: places, articles by address; it counted every record as an article.
void make_old(const std::filesystem::path& archive) {
  const auto database = rocks::Database::open(archive, rocks::Mode::kReadWrite).value();
  rocks::Batch batch;
  const auto erase_all = [&](Family family, const std::string& prefix) {
    const auto done =
        database->scan(family, prefix, rocks::prefix_end(prefix), [&](std::string_view key, std::string_view) {
          batch.erase(family, std::string(key));
          return true;
        });
    ASSERT_TRUE(done) << done.error().message;
  };
  erase_all(Family::kPlaces, {});
  erase_all(Family::kKnown, "a");
  auto counters = Counters::decode(database->find(Family::kMeta, kCountersKey)->value()).value();
  counters.articles = 3;
  batch.put(Family::kMeta, std::string(kCountersKey), counters.encode());
  batch.put(Family::kMeta, std::string(kFormatKey), rocks::big_endian(1));
  ASSERT_TRUE(database->write(std::move(batch), database->acknowledged() + 1));
}

TEST(Upgrade, GivesAnArchiveOfFormat1WhatItLacksAndKeepsTheRest) {
  TempDir folder;
  const auto archive = folder / "archive";
  {
    auto catalog = Catalog::open(archive, options_at(kStart, true)).value();
    Commit with;
    for (const char* url : {"https://a.org/1", "https://a.org/1", "https://a.org/list"}) {
      const std::string text = std::string("text of ") + url + std::to_string(with.articles.size());
      const Capture capture = await(catalog->commit(commit_of({capture_of(*catalog, url, text)})))->captures.at(0);
      with.articles.push_back(article_of(capture, with.articles.size() < 2 ? "article" : "search"));
    }
    ASSERT_TRUE(await(catalog->commit(std::move(with))));
  }
  make_old(archive);
  for (int opened = 0; opened < 2; ++opened) {
    const auto catalog = Catalog::open(archive, options_at(kStart)).value();
    EXPECT_EQ(catalog->archive().stats()->articles, 1u);
    const auto report = catalog->archive().check(true).value();
    EXPECT_EQ(report.captures, 3u);
    std::vector<std::string> faults;
    for (const Fault& fault : report.faults) faults.push_back(fault.where + ": " + fault.what);
    EXPECT_THAT(faults, IsEmpty());
  }
}

}  // namespace
}  // namespace vellum::storage
