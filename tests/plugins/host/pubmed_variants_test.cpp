// PubMed's page of one article in markup that its rules were not written to: ids without classes, words without either,
// the parts of early 2020, a page without <main>. What a reader sees is the same, and so is the record.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/article.h"
#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

class PubMedVariant : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
    ASSERT_TRUE(registry) << registry.error().message;
    std::ifstream in(std::string(VELLUM_TEST_DATA "/plugins/host/pubmed/") + GetParam(), std::ios::binary);
    const std::string body(std::istreambuf_iterator<char>(in), {});
    ASSERT_FALSE(body.empty());
    out_ = registry->extract(page(body, "https://pubmed.ncbi.nlm.nih.gov/30526772/"));
    record_ = out_.record;
  }

  std::string at(const char* list, std::size_t i, const char* key) const {
    const Json& items = record_.value(list, Json::array());
    return i < items.size() ? text_of(items[i], key) : "";
  }

  Extraction out_;
  Json record_;
};

TEST_P(PubMedVariant, IsReadByPubMedsPlugin) {
  EXPECT_EQ(out_.plugin, "gov.nih.nlm.ncbi.pubmed");
  EXPECT_EQ(text_of(record_, "kind"), "article");
  EXPECT_EQ(out_.verdict.substance, "abstract");
  EXPECT_TRUE(article::faults(record_).empty());
}

TEST_P(PubMedVariant, ShowsTitleAuthorsAndWhereItStands) {
  EXPECT_EQ(text_of(record_, "title"), "Cellular Senescence in Cancer");
  ASSERT_EQ(record_.value("authors", Json::array()).size(), 2u) << record_.value("authors", Json());
  EXPECT_EQ(at("authors", 0, "family"), "Kim");
  EXPECT_EQ(at("authors", 1, "family"), "Park");
  const Json journal = record_.value("journal", Json::object());
  EXPECT_TRUE(text_of(journal, "title") == "BMB reports" || text_of(journal, "abbreviation") == "BMB Rep") << journal;
  EXPECT_EQ(text_of(record_, "volume"), "52");
  EXPECT_EQ(text_of(record_, "issue"), "1");
  EXPECT_EQ(text_of(record_, "pages"), "42-46");
  EXPECT_EQ(text_of(record_, "published"), "2019-01");
  EXPECT_EQ(text_of(record_["ids"], "pmid"), "30526772");
  EXPECT_EQ(text_of(record_["ids"], "doi"), "10.5483/bmbrep.2019.52.1.295");
}

TEST_P(PubMedVariant, ShowsAbstractStatementAndFigure) {
  ASSERT_EQ(record_.value("abstract", Json::array()).size(), 1u) << record_.value("abstract", Json());
  EXPECT_TRUE(at("abstract", 0, "text").starts_with("Cellular senescence, a process of cell proliferation arrest"));
  EXPECT_TRUE(at("abstract", 0, "text").ends_with("52(1): 42-46]."));
  EXPECT_EQ(text_of(record_, "conflict_of_interest"), "The authors have no conflicting interests.");
  ASSERT_EQ(record_.value("figures", Json::array()).size(), 1u);
  EXPECT_EQ(at("figures", 0, "label"), "Fig. 1");
  EXPECT_TRUE(at("figures", 0, "caption").starts_with("Schematic representation")) << at("figures", 0, "caption");
  EXPECT_TRUE(at("figures", 0, "caption").ends_with("microenvironment."));
}

TEST_P(PubMedVariant, ShowsSimilarAndCitingArticles) {
  ASSERT_EQ(record_.value("similar", Json::array()).size(), 2u);
  EXPECT_EQ(at("similar", 0, "pmid"), "36229876");
  EXPECT_EQ(at("similar", 1, "title"), "Dual Role of Senescence.");
  const Json cited = record_.value("cited_by", Json::object());
  EXPECT_EQ(integer_of(cited, "count"), 2);
  EXPECT_EQ(cited.value("items", Json::array()).size(), 2u);
}

TEST_P(PubMedVariant, ShowsReferencesWithTheirLinksAndAsksForTheRest) {
  ASSERT_EQ(record_.value("references", Json::array()).size(), 3u) << record_.value("references", Json());
  EXPECT_EQ(at("references", 0, "doi"), "10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(at("references", 0, "pmid"), "13905658");
  EXPECT_EQ(at("references", 1, "pmcid"), "PMC24427");
  EXPECT_EQ(at("references", 2, "doi"), "10.1038/ng1084");
  EXPECT_TRUE(at("references", 0, "text").starts_with("Hayflick L, Moorhead PS. The serial"));
  EXPECT_FALSE(flag_of(record_, "references_complete"));
  ASSERT_EQ(out_.fragments.size(), 1u);
  EXPECT_EQ(out_.fragments[0].url.href(), "https://pubmed.ncbi.nlm.nih.gov/30526772/references/");
}

INSTANTIATE_TEST_SUITE_P(OfOneArticle, PubMedVariant,
                         testing::Values("ids_only.html", "words_only.html", "early_2020.html", "no_main.html"),
                         [](const auto& variant) {
                           const std::string file = variant.param;
                           return file.substr(0, file.find('.'));
                         });

}  // namespace
}  // namespace vellum::plugins
