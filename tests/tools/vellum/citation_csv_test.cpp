#include "tools/vellum/records/citation_csv.h"

#include <gtest/gtest.h>

#include "tools/vellum/records/export_formats.h"

namespace vellum::cli {
namespace {

TEST(CsvLine, QuotesAsRfc4180Asks) {
  EXPECT_EQ(csv_line({"a", "b,c", "say \"x\"", "two\r\nlines", ""}),
            "a,\"b,c\",\"say \"\"x\"\"\",\"two\r\nlines\",\r\n");
}

TEST(CsvLine, LeavesNoFormulaForASpreadsheet) {
  EXPECT_EQ(csv_line({"=1+1", "+1", "-1", "@x", "\tx", "10.1/x"}), "'=1+1,'+1,'-1,'@x,'\tx,10.1/x\r\n");
}

// The example of OpenCitations' definition of the OCI.
TEST(Oci, IsThatOfOpenCitations) {
  EXPECT_EQ(oci_of("10.1186/1756-8722-6-59", "10.1186/1756-8722-5-31"),
            "oci:02001010806360107050663080702026306630509-02001010806360107050663080702026305630301");
  EXPECT_EQ(oci_of("10.1186/\u00fc", "10.1186/1"), "");
}

TEST(Timespan, IsAsPreciseAsTheLessPreciseDate) {
  EXPECT_EQ(timespan_between("2001", "2009-05-01"), "P8Y");
  EXPECT_EQ(timespan_between("2018-11", "2020-01"), "P1Y2M");
  EXPECT_EQ(timespan_between("2020-01-31", "2020-03-01"), "P1M1D");
  EXPECT_EQ(timespan_between("2020-05", "2020-02"), "-P3M");
  EXPECT_EQ(timespan_between("2020", "2020"), "P0Y");
  EXPECT_EQ(timespan_between("", "2020"), "");
}

TEST(Exports, EscapeWhatEachFormatTakesForItsOwn) {
  const Json record = *parse_json(R"({"kind":"article","title":"A < B | 5% & {x}","url":"https://example.org/1",
      "authors":[{"name":"Jan van der Berg","given":"Jan","family":"van der Berg"},
                 {"name":"Smith, Sons and Co","collective":true}],
      "abstract":[{"text":"one\nTY  - two"}],"published":"2019-01","elocator":"e12"})");
  const std::string bibtex = to_bibtex(record, "k");
  EXPECT_NE(bibtex.find("A \\textless{} B \\textbar{} 5\\% \\& \\{x\\}"), std::string::npos) << bibtex;
  EXPECT_NE(bibtex.find("van der Berg, Jan and {Smith, Sons and Co}"), std::string::npos) << bibtex;
  EXPECT_NE(bibtex.find("eid       = {e12}"), std::string::npos) << bibtex;
  EXPECT_NE(to_ris(record).find("AB  - one TY  - two\r\n"), std::string::npos);
  EXPECT_EQ(to_csl(record)["author"][0]["non-dropping-particle"], "van der");
  EXPECT_EQ(to_csl(record)["issued"]["date-parts"][0].size(), 2U);
  EXPECT_NE(to_jats(record, true).find("A &lt; B"), std::string::npos);
  EXPECT_NE(to_jats(record, true).find("<collab>Smith, Sons and Co</collab>"), std::string::npos);
}

TEST(Exports, KeepMarkupInJatsOnlyWhereItPairs) {
  Json record = *parse_json(R"({"title":"H2O","title_html":"H<sub>2</sub>O &lt;"})");
  EXPECT_NE(to_jats(record, true).find("H<sub>2</sub>O &lt;<"), std::string::npos);
  for (const char* odd : {"H<sub>2</i>O", "H<script>2</script>", "H<sub>2", "H<sub", "H</sub>2"}) {
    record["title_html"] = odd;
    EXPECT_NE(to_jats(record, true).find("<article-title>H2O</article-title>"), std::string::npos) << odd;
  }
}

}  // namespace
}  // namespace vellum::cli
