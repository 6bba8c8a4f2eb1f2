#include "plugins/host/citation_reference.h"

#include <gtest/gtest.h>

namespace vellum::plugins {
namespace {

TEST(CitationReference, IsReadFromItsPairs) {
  Json work = read_citation_reference(
      "citation_title=The serial cultivation; citation_author=Hayflick L; citation_author=Moorhead PS; "
      "citation_journal_title=Exp Cell Res; citation_volume=25; citation_firstpage=585; citation_lastpage=621; "
      "citation_publication_date=1961; citation_doi=10.1016/0014-4827(61)90192-6;");
  EXPECT_EQ(work["doi"], "10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(work["title"], "The serial cultivation");
  EXPECT_EQ(work["text"], "Hayflick L, Moorhead PS. The serial cultivation. Exp Cell Res. 1961;25:585-621");
}

TEST(CitationReference, KeepsTheSemicolonsOfASiciDoi) {
  Json work = read_citation_reference(
      "citation_doi=10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2; citation_volume=17");
  EXPECT_EQ(work["doi"], "10.1002/(sici)1097-0258(19980815/30)17:15/16<1661::aid-sim968>3.0.co;2-2");
}

TEST(CitationReference, MayBePlainText) {
  Json work = read_citation_reference("Baird DM. Nat Genet. 2003;33:203-7. doi: 10.1038/ng1084.");
  EXPECT_EQ(work["doi"], "10.1038/ng1084");
  EXPECT_EQ(work["text"], "Baird DM. Nat Genet. 2003;33:203-7. doi: 10.1038/ng1084.");
}

TEST(CitationReference, IsNothingWhereNothingIsSaid) {
  EXPECT_TRUE(read_citation_reference("  ").empty());
}

}  // namespace
}  // namespace vellum::plugins
