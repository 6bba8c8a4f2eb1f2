#include "base/article_parts.h"

#include <gmock/gmock.h>

namespace vellum::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Json record() {
  return Json::parse(R"({
    "url": "https://a.example/1", "captured": "2026-01-01T00:00:00Z", "plugin": "x", "plugin_version": 1,
    "title": "Cells", "authors": [{"name": "A"}], "abstract": [{"label": null, "text": "We."}],
    "figures": [{"label": "Fig. 1", "caption": "c", "image": "https://cdn.example/token1/f.png"}],
    "references": [{"position": 1, "text": "r", "doi": "10.1/a"}], "references_complete": true,
    "similar": [{"title": "s"}], "cited_by": {"count": 2}, "links": [{"rel": "share"}],
    "verdict": {"substance": "article"}})");
}
std::vector<std::string> changed(const std::function<void(Json&)>& change) {
  Json after = record();
  change(after);
  return article::changed_parts(article::part_digests(record()), article::part_digests(after));
}

TEST(ArticleParts, NameWhatChanged) {
  EXPECT_THAT(changed([](Json& r) { r["title"] = "Cells, revised"; }), ElementsAre("heading"));
  EXPECT_THAT(changed([](Json& r) { r["references"][0]["doi"] = "10.1/b"; }), ElementsAre("references"));
  EXPECT_THAT(changed([](Json& r) { r["notices"] = Json::parse(R"([{"type":"retraction"}])"); }),
              ElementsAre(article::kNoticesPart));
  EXPECT_THAT(changed([](Json& r) { r.erase("abstract"); }), ElementsAre("abstract"));
}

TEST(ArticleParts, WhatChangesByItselfIsNoPart) {
  const auto noise = [](Json& r) {
    r["url"] = "https://a.example/1?session=2";
    r["captured"] = "2027-01-01T00:00:00Z";
    r["plugin_version"] = 2;
    r["similar"] = Json::array();
    r["cited_by"]["count"] = 70;
    r["links"] = Json::array();
    r["verdict"]["substance"] = "abstract";
    r["figures"][0]["image"] = "https://cdn.example/token2/f.png";
  };
  EXPECT_THAT(changed(noise), IsEmpty());
}

TEST(ArticleParts, ReferencesThatAreIncompleteAreNoChange) {
  const auto cut = [](Json& r) {
    r["references"] = Json::array();
    r["references_complete"] = false;
  };
  EXPECT_THAT(changed(cut), IsEmpty());
}

}  // namespace
}  // namespace vellum::test
