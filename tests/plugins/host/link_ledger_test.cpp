#include "plugins/host/link_ledger.h"

#include <gtest/gtest.h>

#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

std::vector<OutboundLink> ledger(const std::string& body, std::vector<LinkRule> rules = {}, const char* taken = "") {
  Answer one = answer(body, "https://journal.example.org/article/1");
  auto view = PageView::parse(one);
  std::vector<html::Node> nodes;
  if (*taken) nodes = html::Selector::compile(taken)->select(view->document().root());
  return LinkLedger(*view, rules, "10.1000/self", nodes).read();
}

LinkRule rule(const char* css, const char* place, const char* rel) {
  return {"p.links." + std::string(place), std::make_shared<html::Selector>(std::move(*html::Selector::compile(css))),
          place, rel};
}

TEST(LinkLedger, ClassifiesByWhatALinkLeadsTo) {
  auto links = ledger(
      "<p><a href='https://doi.org/10.1000/SELF'>me</a> <a href='https://doi.org/10.1000/other'>it</a>"
      "<a href='https://twitter.com/share?url=https://doi.org/10.1000/self'>t</a>"
      "<a href='/files/a.pdf'>PDF</a> <a href='https://data.example.com/x'>data</a> <a href='/help'>help</a></p>");
  ASSERT_EQ(links.size(), 5u);
  EXPECT_EQ(links[0].place, "self");
  EXPECT_EQ(links[1].place, "body");
  EXPECT_EQ(links[1].doi, "10.1000/other");
  EXPECT_EQ(links[2].place, "share");
  EXPECT_EQ(links[2].doi, "10.1000/self");
  EXPECT_EQ(links[3].rel, "pdf");
  EXPECT_EQ(links[4].place, "body");
  EXPECT_EQ(links[4].rule, "html.a");
}

TEST(LinkLedger, FollowsTheSchemesOfDois) {
  const auto links = ledger(
      "<p><a href='doi:10.1601/nm.5839'>Bacillus</a> <a href=' INFO:DOI/10.1000/x '>x</a>"
      "<a href='urn:doi:10.1000/y'>y</a> <a href='doi:none'>z</a> <a href='mailto:a@example.org'>mail</a></p>");
  ASSERT_EQ(links.size(), 3u);
  EXPECT_EQ(links[0].doi, "10.1601/nm.5839");
  EXPECT_EQ(links[0].url, "https://doi.org/10.1601/nm.5839");
  EXPECT_EQ(links[0].raw_href, "doi:10.1601/nm.5839");
  EXPECT_EQ(links[0].place, "body");
  EXPECT_EQ(links[1].doi, "10.1000/x");
  EXPECT_EQ(links[2].doi, "10.1000/y");
}

TEST(LinkLedger, TellsTheArticlesPdfFromSupplementsAndFromPdfsAboutTheJournalOrOfOthers) {
  const auto links = ledger(
      "<p><a href='/doi/pdf/10.1000/self'>PDF</a> <a href='/doi/suppl/10.1000/self/suppl_file/self_si_001.pdf'>SI</a>"
      "<a href='/paragonplus/x/x_authguide.pdf'>Guide</a> <a href='/content/1/2.toc.pdf'>Contents</a>"
      "<a href='/doi/pdf/10.1000/other'>Next article</a> <a href='/content/pdf/10.1000/self.pdf'>PDF</a>"
      "<a href='/1-s2.0-S1-mmc1.docx'>Data</a></p>");
  std::vector<std::string> rels;
  for (const OutboundLink& link : links) rels.push_back(link.rel);
  EXPECT_EQ(rels, (std::vector<std::string>{"pdf", "supplement", "pdf", "supplement"}));
}

TEST(LinkLedger, APluginsRuleComesFirst) {
  auto links =
      ledger("<div id=similar><a href='/2/'>two</a> doi: 10.1000/two.</div>", {rule("#similar", "similar", "related")});
  ASSERT_EQ(links.size(), 2u);
  EXPECT_EQ(links[0].place, "similar");
  EXPECT_EQ(links[0].rule, "p.links.similar");
  EXPECT_EQ(links[1].doi, "10.1000/two");
  EXPECT_EQ(links[1].rule, "p.links.similar.text");
}

TEST(LinkLedger, LeavesOutNavigationAndWhatIsListedAlready) {
  auto links = ledger(
      "<nav><a href='https://other.org/'>x</a></nav><footer><a href='https://other.org/'>x</a></footer>"
      "<ol class=refs><li><a href='https://doi.org/10.1/1'>DOI</a> 10.1000/3</li></ol><a href='#top'>top</a>",
      {}, ".refs li");
  EXPECT_TRUE(links.empty());
}

TEST(LinkLedger, KeepsRawTextHrefAndOffset) {
  std::string body = "<p>see <a href='https://doi.org/10.1000%2Fx&#39;'> The <b>data</b> </a></p>";
  auto links = ledger(body);
  ASSERT_EQ(links.size(), 1u);
  EXPECT_EQ(links[0].raw_text, "The data");
  EXPECT_EQ(links[0].raw_href, "https://doi.org/10.1000%2Fx'");
  EXPECT_EQ(links[0].offset, static_cast<std::int64_t>(body.find("<a")));
}

TEST(LinkLedger, TheRecordListsLinksOfTheWorkOnce) {
  auto links =
      ledger("<p><a href='/a.pdf'>PDF</a><a href='/a.pdf'>again</a><a href='https://doi.org/10.1000/o'>o</a></p>");
  EXPECT_EQ(to_line(record_links(links)), R"([{"rel":"pdf","url":"https://journal.example.org/a.pdf"}])");
}

}  // namespace
}  // namespace vellum::plugins
