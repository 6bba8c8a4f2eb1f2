#include "tools/demo/site_model.h"

#include <gtest/gtest.h>

#include <set>

#include "base/scholarly_id.h"
#include "tools/demo/page_templates.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

std::string printed(const Site& site) {
  std::string all;
  for (const auto& article : site.articles()) all += pubmed_article_page(site, article, make_noise(1, 0));
  return all;
}

TEST(DemoSite, IsTheSameForTheSameSeed) {
  EXPECT_EQ(printed(Site(7, 60)), printed(Site(7, 60)));
}

TEST(DemoSite, IsAnotherForAnotherSeed) {
  EXPECT_NE(printed(Site(7, 60)), printed(Site(8, 60)));
}

TEST(DemoSite, HoldsAsManyArticlesAsAsked) {
  EXPECT_EQ(Site(1, 240).articles().size(), 240u);
  EXPECT_EQ(Site(1, 0).articles().size(), kFewestArticles);
}

TEST(DemoSite, StartsWithThePageThatTheProjectStartedFrom) {
  Site site(1, 240);
  const auto& start = site.articles().front();
  EXPECT_EQ(start.pmid, kStartPmid);
  EXPECT_EQ(start.title_html, "Cellular Senescence in Cancer");
  EXPECT_EQ(start.cited_by.size(), 2u);
  EXPECT_EQ(start.references.front().doi, "10.1016/0014-4827(61)90192-6");
  EXPECT_GT(start.references.size(), kInlineReferences);
}

TEST(DemoSite, CitationsAndTheirCountsAgree) {
  Site site(3, 240);
  for (const auto& article : site.articles()) {
    std::set<std::string> citing;
    for (auto other : article.cited_by) {
      const auto& references = site.articles()[other].references;
      auto cites = [&](const Reference& reference) { return reference.pmid == article.pmid; };
      EXPECT_EQ(std::count_if(references.begin(), references.end(), cites), 1) << other << " and " << article.pmid;
      EXPECT_TRUE(citing.insert(site.articles()[other].pmid).second) << "counted twice";
    }
  }
}

TEST(DemoSite, EveryReferenceWithANumberLeadsToAnArticleOrAnOddPage) {
  Site site(1, 240);
  const std::set<std::string_view> odd{kBlockedPmid, kCaptchaPmid, kMissingPmid};
  std::set<std::string_view> met;
  for (const auto& article : site.articles()) {
    for (const auto& reference : article.references) {
      if (reference.pmid.empty() || site.by_pmid(reference.pmid) != nullptr) continue;
      ASSERT_TRUE(odd.contains(reference.pmid)) << reference.pmid;
      met.insert(*odd.find(reference.pmid));
    }
  }
  EXPECT_EQ(met, odd);
}

TEST(DemoSite, EveryDoiIsUniqueAndReadsBackAsItself) {
  Site site(1, 600);
  std::set<std::string> dois;
  for (const auto& article : site.articles()) {
    if (article.doi.empty()) continue;
    auto normal = normalise_doi(article.doi);
    ASSERT_TRUE(normal) << article.doi;
    EXPECT_TRUE(dois.insert(*normal).second) << *normal;
    auto found = find_dois(cite(article).text);
    ASSERT_EQ(found.size(), 1u) << cite(article).text;
    EXPECT_EQ(found[0].doi, *normal);
  }
}

TEST(DemoSite, JournalsHaveValidNumbers) {
  Site site(1, 240);
  for (const auto& article : site.articles()) {
    if (article.journal->issn.empty()) continue;
    EXPECT_TRUE(normalise_issn(article.journal->issn)) << article.journal->issn;
  }
}

TEST(DemoSite, SearchFindsHeadingsJournalsAuthorsAndTitleWords) {
  Site site(1, 240);
  EXPECT_EQ(site.search("senescence CANCER").front()->pmid, kStartPmid);
  EXPECT_EQ(site.search("\"BMB Rep\"[jour]").size(), 1u);
  EXPECT_EQ(site.search("Kim YH").size(), 1u);
  EXPECT_GT(site.search("\"Telomere\"[MeSH]").size(), kResultsPerPage);
  EXPECT_TRUE(site.search("nothing of that kind").empty());
  EXPECT_TRUE(site.search("").empty());
}

}  // namespace
}  // namespace vellum::demo
