#include "plugins/host/reference_reader.h"

#include <gtest/gtest.h>

#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

std::vector<Reference> read(const std::string& items) {
  static constexpr GroupShape kReferences = {"references", {}};
  Answer one = answer("<ol>" + items + "</ol>", "https://pubmed.ncbi.nlm.nih.gov/30526772/");
  auto view = PageView::parse(one);
  Json record;
  FieldReader fields(*view, record);
  GroupReader groups(*view, fields);
  GroupRule rule;
  rule.shape = &kReferences;
  rule.items.push_back(std::make_shared<html::Selector>(std::move(*html::Selector::compile("ol > li"))));
  return ReferenceReader(*view, groups, "p.references").read(rule);
}

constexpr const char* kHayflick =
    "<li>Hayflick L, Moorhead PS. Exp Cell Res. 1961;25:585-621. doi: 10.1016/0014-4827(61)90192-6. - "
    "<a href='https://doi.org/10.1016/0014-4827(61)90192-6'>DOI</a> - <a href='/13905658/'>PubMed</a></li>";

TEST(References, JoinTextDoiAndPubMedLinks) {
  auto references = read(kHayflick);
  ASSERT_EQ(references.size(), 1u);
  EXPECT_EQ(to_line(references[0].work),
            R"({"text":"Hayflick L, Moorhead PS. Exp Cell Res. 1961;25:585-621. doi: 10.1016/0014-4827(61)90192-6.",)"
            R"("doi":"10.1016/0014-4827(61)90192-6","pmid":"13905658"})");
  ASSERT_EQ(references[0].links.size(), 2u);
  EXPECT_EQ(references[0].links[0].rule, "p.references.doi");
  EXPECT_EQ(references[0].links[0].raw_href, "https://doi.org/10.1016/0014-4827(61)90192-6");
  EXPECT_EQ(references[0].links[1].rule, "p.references.pubmed");
  EXPECT_GT(references[0].links[1].offset, references[0].links[0].offset);
}

TEST(References, FindADoiThatIsPrintedButNotLinked) {
  auto references = read("<li>Baird DM. Nat Genet. 2003;33:203-7. doi: 10.1038/ng1084.</li>");
  ASSERT_EQ(references.size(), 1u);
  EXPECT_EQ(references[0].work["doi"], "10.1038/ng1084");
  ASSERT_EQ(references[0].links.size(), 1u);
  EXPECT_EQ(references[0].links[0].rule, "p.references.text");
}

TEST(References, DoNotTakeASearchForALink) {
  auto references =
      read("<li>A book. <a href='https://scholar.google.com/scholar_lookup?doi=10.1/x'>Google Scholar</a></li>");
  ASSERT_EQ(references.size(), 1u);
  EXPECT_TRUE(references[0].links.empty());
  EXPECT_EQ(references[0].work["text"], "A book.");
}

TEST(References, OfAFragmentAreJoinedWithThoseOfThePage) {
  auto shown = read(std::string(kHayflick) + "<li>Second one. 2001.</li>");
  auto all = read(std::string(kHayflick) + "<li>Second one. 2001. <a href='https://doi.org/10.1000/2'>DOI</a></li>" +
                  "<li>Third one. 2002.</li>");
  auto list = joined(std::move(shown), std::move(all));
  number(list);
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].links.size(), 2u);
  EXPECT_EQ(list[1].work["doi"], "10.1000/2");
  EXPECT_EQ(list[2].work["position"], 3);
  EXPECT_EQ(list[0].links[1].n, 1);
}

TEST(References, OfAFragmentThatHoldsOnlyTheRestComeAfterThoseOfThePage) {
  auto list = joined(read("<li>Only here. 2001.</li>"), read("<li>First. 1999.</li><li>Second. 2000.</li>"));
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].work["text"], "Only here. 2001.");
}

TEST(References, OfTheWholeListKeepItsOrder) {
  auto list =
      joined(read("<li>B. 2001.</li><li>A. 2000.</li><li>X. 1999.</li>"), read("<li>A. 2000.</li><li>B. 2001.</li>"));
  ASSERT_EQ(list.size(), 3u);
  EXPECT_EQ(list[0].work["text"], "A. 2000.");
  EXPECT_EQ(list[2].work["text"], "X. 1999.");
}

}  // namespace
}  // namespace vellum::plugins
