// The pages as a reader of their markup sees them.

#include <gtest/gtest.h>

#include "base/text.h"
#include "tools/demo/page_templates.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

std::size_t count(std::string_view text, std::string_view part) {
  std::size_t found = 0;
  for (auto at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

std::string folded(std::string_view html) {
  return fold_space(plain_text(html));
}

const Article& some_article(const Site& site, Look look) {
  for (const auto& article : site.articles()) {
    bool full = article.references.size() > kInlineReferences && !article.cited_by.empty() && !article.issue.empty();
    if (article.index > 5 && article.look == look && full && article.authors.size() > 1) return article;
  }
  ADD_FAILURE() << "no such article";
  return site.articles().front();
}

class DemoPages : public ::testing::Test {
 protected:
  Site site{1, 240};
  Noise noise = make_noise(1, 0);
};

TEST_F(DemoPages, TheStartPageShowsEverythingThatItsSavedTextShows) {
  auto text = folded(pubmed_article_page(site, site.articles().front(), noise));
  for (const char* shown :
       {"Skip to main page content",
        "Access keys NCBI Homepage MyNCBI Homepage Main Content Main Navigation",
        ", 52 (1), 42-46",
        "Cellular Senescence in Cancer",
        "Young Hwa Kim et al.",
        "BMB Rep.",
        "Cellular senescence, a process of cell proliferation arrest in response to various stressors",
        "could modify the tissues' microenvironment",
        "[BMB Reports 2019; 52(1): 42-46].",
        "Conflict of interest statement",
        "The authors have no conflicting interests.",
        "Fig. 1 Schematic representation of the role of senescent cells in tumors.",
        "Similar articles",
        "See all similar articles",
        "Cited by 2 PubMed Central articles",
        "Exp Cell Res. 1961;25:585–621. doi: 10.1016/0014-4827(61)90192-6. - DOI - PubMed",
        "Proc Natl Acad Sci U S A. 1999;96:14276–14281. doi: 10.1073/pnas.96.25.14276. - DOI - PMC - PubMed",
        "Nat Genet. 2003;33:203–207. doi: 10.1038/ng1084. - DOI - PubMed",
        "J Leukoc Biol. 2003;73:289–296. doi: 10.1189/jlb.0702361. - DOI - PubMed",
        "Cell. 2013;153:1194–1217. doi: 10.1016/j.cell.2013.05.039. - DOI - PMC - PubMed"}) {
    EXPECT_NE(text.find(shown), std::string::npos) << shown;
  }
}

TEST_F(DemoPages, ShowTheFirstFiveReferencesAndAButtonForTheRest) {
  const auto& article = some_article(site, Look::kPubmed2020);
  auto page = pubmed_article_page(site, article, noise);
  EXPECT_EQ(count(page, "<ol class=\"references-and-notes-list\">"), kInlineReferences);
  EXPECT_NE(page.find("data-next-page-url=\"/" + article.pmid + "/references/\""), std::string::npos);
}

TEST_F(DemoPages, TheFragmentOfTheDesignOf2020HoldsAllReferences) {
  const auto& article = some_article(site, Look::kPubmed2020);
  EXPECT_EQ(count(references_fragment(article), "<ol class=\"references-and-notes-list\">"), article.references.size());
}

TEST_F(DemoPages, TheFragmentOfTheDesignOf2019HoldsTheRest) {
  const auto& article = some_article(site, Look::kLabs2019);
  EXPECT_EQ(count(references_fragment(article), "<ol class=\"references-and-notes-list\">"),
            article.references.size() - kInlineReferences);
}

TEST_F(DemoPages, PrintTheCitationInTheFormOfTheirDesign) {
  const auto &labs = some_article(site, Look::kLabs2019), &later = some_article(site, Look::kPubmed2020);
  auto parts = "<span class=\"cit\">, " + labs.volume + " (" + labs.issue + "), " + labs.pages + "</span>";
  EXPECT_NE(pubmed_article_page(site, labs, noise).find(parts), std::string::npos) << parts;
  auto line = "<span class=\"cit\">" + later.citation_line() + "</span>";
  EXPECT_NE(pubmed_article_page(site, later, noise).find(line), std::string::npos) << line;
}

TEST_F(DemoPages, ShowTheHeadingTwiceAndEachCaptionThreeTimesAsTheRealPagesDo) {
  auto page = pubmed_article_page(site, site.articles().front(), noise);
  EXPECT_EQ(count(page, "class=\"heading-title\""), 2u);
  EXPECT_EQ(count(page, "class=\"figure-label\""), 3u);
}

TEST_F(DemoPages, ShareButtonsCarryTheDoiOfTheArticle) {
  const auto& article = *site.by_pmid("90000008");
  ASSERT_FALSE(article.doi.empty());
  EXPECT_EQ(count(pubmed_article_page(site, article, noise), "https%3A%2F%2Fdoi.org%2F10.5555"), 2u);
}

TEST_F(DemoPages, PmcPagesHaveSectionsFiguresAndEveryReference) {
  for (const auto& article : site.articles()) {
    if (article.sections.empty()) continue;
    auto page = pmc_article_page(article, noise);
    EXPECT_EQ(count(page, "<section id=\"sec"), article.sections.size() + 2 + count(page, "sec-s\"")) << article.pmcid;
    EXPECT_EQ(count(page, "<figure class=\"fig"), article.figures.size());
    EXPECT_EQ(count(page, "<li id=\"B"), article.references.size());
  }
}

TEST_F(DemoPages, ListsHoldTenArticlesAndTheWayToTheNext) {
  auto found = site.search("\"Telomere\"[MeSH]");
  auto first = result_list_page("\"Telomere\"[MeSH]", found, 1, noise);
  EXPECT_EQ(count(first, "class=\"docsum-title\""), kResultsPerPage);
  EXPECT_NE(first.find("rel=\"next\""), std::string::npos);
  auto last = result_list_page("\"Telomere\"[MeSH]", found, 9999, noise);
  EXPECT_EQ(last.find("rel=\"next\""), std::string::npos);
  EXPECT_NE(last.find("rel=\"prev\""), std::string::npos);
}

TEST_F(DemoPages, TwoLoadsDifferInNoiseOnly) {
  const auto& article = *site.by_pmid("90000010");
  auto one = pubmed_article_page(site, article, make_noise(1, 5)),
       two = pubmed_article_page(site, article, make_noise(1, 6));
  EXPECT_NE(one, two);
  auto main_part = [](const std::string& page) {
    return folded(page.substr(page.find("<main"), page.find("</main>")));
  };
  EXPECT_EQ(main_part(one).substr(0, 2000), main_part(two).substr(0, 2000));
}

}  // namespace
}  // namespace vellum::demo
