#include "plugins/host/cleaners.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace vellum::plugins {
namespace {

std::string cleaned(const char* step, std::string_view text) {
  const Cleaner* cleaner = find_cleaner(step);
  EXPECT_NE(cleaner, nullptr) << step;
  return cleaner ? cleaner->apply(text).value_or("(nothing)") : "(no such step)";
}

TEST(Cleaners, AreListedInOrderOfTheirNames) {
  auto all = all_cleaners();
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](auto& a, auto& b) { return a.name < b.name; }));
  EXPECT_EQ(find_cleaner("dio"), nullptr);
}

TEST(Cleaners, ReadADoiFromAFieldALinkOrASentence) {
  EXPECT_EQ(cleaned("doi", "doi: 10.1128/JVI.79.2.884-895.2005."), "10.1128/jvi.79.2.884-895.2005");
  EXPECT_EQ(cleaned("doi", "https://doi.org/10.1016/0014-4827(61)90192-6"), "10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(cleaned("doi", "see 10.1000/182 for more"), "10.1000/182");
  EXPECT_EQ(cleaned("doi", "appi.ajp.2010.10010129"), "(nothing)");
}

TEST(Cleaners, ReadTheFirstNumber) {
  EXPECT_EQ(cleaned("int", "Cited by 2 PubMed Central articles"), "2");
  EXPECT_EQ(cleaned("int", "Cited by 1,234 articles"), "1234");
  EXPECT_EQ(cleaned("int", "none"), "(nothing)");
}

TEST(Cleaners, TakeTheRemainsOfLinksOffAReference) {
  EXPECT_EQ(cleaned("reference", "1. Hayflick L. Exp Cell Res. 1961;25:585-621. - - "),
            "Hayflick L. Exp Cell Res. 1961;25:585-621.");
  EXPECT_EQ(cleaned("reference", "Beck T. Title. [] [] []"), "Beck T. Title.");
  EXPECT_EQ(cleaned("reference", "Beck T. Title [in German]"), "Beck T. Title [in German]");
  EXPECT_EQ(cleaned("reference", "1984. A novel."), "1984. A novel.");
}

TEST(Cleaners, ReadWhomAnAuthorLinkSearchesFor) {
  EXPECT_EQ(cleaned("author_query", "/?term=Woo+PC&cauthor_id=15613317"), "Woo PC");
  EXPECT_EQ(cleaned("author_query", "https://pubmed.ncbi.nlm.nih.gov/?term=%22Naqvi%20SM%22%5BAuthor%5D"), "Naqvi SM");
  EXPECT_EQ(cleaned("author_query", "#"), "(nothing)");
}

TEST(Cleaners, NameTheTypeOfANotice) {
  EXPECT_EQ(cleaned("notice_type", "Retraction in"), "retraction");
  EXPECT_EQ(cleaned("notice_type", "Erratum in:"), "correction");
  EXPECT_EQ(cleaned("notice_type", "Expression of concern in"), "expression-of-concern");
  EXPECT_EQ(cleaned("notice_type", "Similar articles"), "(nothing)");
}

TEST(Cleaners, TrimWhatDoesNotBelongToAText) {
  EXPECT_EQ(cleaned("no_final_dot", "A title."), "A title");
  EXPECT_EQ(cleaned("no_final_dot", "And so on..."), "And so on...");
  EXPECT_EQ(cleaned("no_label", "Keywords: a; b"), "a; b");
  EXPECT_EQ(cleaned("no_colon", "METHODS:"), "METHODS");
  EXPECT_EQ(cleaned("no_brackets", " (1), "), "1");
  EXPECT_EQ(cleaned("no_site_name", "Senescence in Cancer - PubMed"), "Senescence in Cancer");
}

TEST(Cleaners, TellPagesFromArticleNumbers) {
  EXPECT_EQ(cleaned("pages", "42\u201346"), "42-46");
  EXPECT_EQ(cleaned("pages", "e41172"), "(nothing)");
  EXPECT_EQ(cleaned("elocator", "e41172"), "e41172");
}

}  // namespace
}  // namespace vellum::plugins
