#include "plugins/host/generic_reader.h"

#include <gtest/gtest.h>

#include "base/article.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

Json read(const std::string& head, const std::string& url = "https://example.org/article/1") {
  Answer one = answer("<html><head>" + head + "</head><body><p>text</p></body></html>", url);
  auto view = PageView::parse(one);
  EXPECT_TRUE(view);
  Json record = read_generic(*view);
  article::tidy(record);
  return record;
}

TEST(GenericReader, ReadsHighwire) {
  Json record = read(
      "<meta name=citation_title content='A title'><meta name=citation_author content='Kim, Young Hwa'>"
      "<meta name=citation_author_institution content='Ajou University'><meta name=citation_author content='Park TJ'>"
      "<meta name=citation_journal_title content='BMB Reports'><meta name=citation_journal_abbrev content='BMB Rep'>"
      "<meta name=citation_issn content='1976-6696'><meta name=citation_publication_date content='2019/01/31'>"
      "<meta name=citation_volume content=52><meta name=citation_issue content=1><meta name=citation_firstpage "
      "content=42>"
      "<meta name=citation_lastpage content=46><meta name=citation_doi content='doi:10.5483/BMBRep.2019.52.1.295'>"
      "<meta name=citation_pdf_url content='/a.pdf'>");
  EXPECT_EQ(record["kind"], "article");
  EXPECT_EQ(record["title"], "A title");
  EXPECT_EQ(to_line(record["authors"]),
            R"([{"name":"Young Hwa Kim","given":"Young Hwa","family":"Kim",)"
            R"("affiliations":["Ajou University"]},{"name":"Park TJ","given":"TJ","family":"Park"}])");
  EXPECT_EQ(to_line(record["journal"]), R"({"title":"BMB Reports","abbreviation":"BMB Rep","issn":["1976-6696"]})");
  EXPECT_EQ(record["published"], "2019-01-31");
  EXPECT_EQ(record["pages"], "42-46");
  EXPECT_EQ(record["ids"]["doi"], "10.5483/bmbrep.2019.52.1.295");
  EXPECT_EQ(to_line(record["links"]), R"([{"rel":"pdf","url":"https://example.org/a.pdf"}])");
}

TEST(GenericReader, TakesAuthorsFromOneVocabularyOnly) {
  Json record = read(
      "<meta name=citation_title content=T><meta name=citation_author content='A. One'>"
      "<meta name=dc.creator content='One, A.'><meta name=dc.creator content='Two, B.'>");
  EXPECT_EQ(record["authors"].size(), 1u);
}

TEST(GenericReader, ReadsDublinCoreEprintsAndPrism) {
  Json record = read(
      "<meta name=eprints.title content=T><meta name=eprints.creators_name content='Doe, Jane'>"
      "<meta name=DC.Identifier content='info:doi/10.1000/182'><meta name=prism.volume content=3>"
      "<meta property=prism.publicationName content=J>");
  EXPECT_EQ(record["authors"][0]["name"], "Jane Doe");
  EXPECT_EQ(record["ids"]["doi"], "10.1000/182");
  EXPECT_EQ(record["volume"], "3");
  EXPECT_EQ(record["journal"]["title"], "J");
}

TEST(GenericReader, AnIdentifierThatIsNoDoiIsNone) {
  Json record = read("<meta name=dc.title content=T><meta name=dc.identifier content='appi.ajp.2010.10010129'>");
  EXPECT_FALSE(record.contains("ids"));
}

TEST(GenericReader, ReadsJsonLd) {
  Json record = read(R"(<script type="application/ld+json">{"@type":"ScholarlyArticle","headline":"T",
    "author":[{"@type":"Person","name":"Jane Doe","givenName":"Jane","familyName":"Doe",
    "sameAs":"https://orcid.org/0000-0002-1825-0097"}],"datePublished":"2021-07-15","pagination":"583-589",
    "isPartOf":{"@type":"PublicationIssue","issueNumber":"7873","isPartOf":{"@type":"PublicationVolume","volumeNumber":596,
    "isPartOf":{"@type":"Periodical","name":"Nature","issn":["0028-0836"]}}},"sameAs":"https://doi.org/10.1038/s41586-021-03819-2"}</script>)");
  EXPECT_EQ(record["kind"], "article");
  EXPECT_EQ(record["journal"]["title"], "Nature");
  EXPECT_EQ(record["volume"], "596");
  EXPECT_EQ(record["issue"], "7873");
  EXPECT_EQ(record["ids"]["doi"], "10.1038/s41586-021-03819-2");
  EXPECT_EQ(record["authors"][0]["orcid"], "0000-0002-1825-0097");
}

TEST(GenericReader, ReadsTheDoiOfTheAddressOfAKnownWork) {
  Json record =
      read("<meta name=citation_title content=T>", "https://pubs.example.org/doi/full/10.1021/acs.9b01234?x=1");
  EXPECT_EQ(record["ids"]["doi"], "10.1021/acs.9b01234");
}

TEST(GenericReader, APageWithoutMetadataIsOther) {
  Json record = read("<title>About us - Example</title>");
  EXPECT_EQ(record["kind"], "other");
  EXPECT_EQ(record["title"], "About us");
}

TEST(GenericReader, ListsReferencesOfTheHead) {
  Json record = read(
      "<meta name=citation_title content=T>"
      "<meta name=citation_reference content='citation_title=X; citation_doi=10.1038/ng1084'>"
      "<meta name=citation_reference content='Plain text 2003'>");
  EXPECT_EQ(
      to_line(record["references"]),
      R"([{"position":1,"title":"X","text":"X","doi":"10.1038/ng1084"},{"position":2,"text":"Plain text 2003"}])");
}

}  // namespace
}  // namespace vellum::plugins
