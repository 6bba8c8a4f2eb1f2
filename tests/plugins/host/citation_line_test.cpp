#include "plugins/host/citation_line.h"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "base/text.h"

namespace vellum::plugins {
namespace {

TEST(CitationLine, IsTakenApartInEveryFormThatPubMedHasPrinted) {
  std::ifstream table(VELLUM_TEST_DATA "/plugins/host/citation_lines.tsv");
  ASSERT_TRUE(table);
  int rows = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#') continue;
    auto cells = split(line, '\t');
    ASSERT_EQ(cells.size(), 8u) << line;
    CitationLine read = read_citation_line(cells[0]);
    EXPECT_EQ(read.journal, cells[1]) << cells[0];
    EXPECT_EQ(read.date, cells[2]) << cells[0];
    EXPECT_EQ(read.volume, cells[3]) << cells[0];
    EXPECT_EQ(read.issue, cells[4]) << cells[0];
    EXPECT_EQ(read.pages, cells[5]) << cells[0];
    EXPECT_EQ(read.elocator, cells[6]) << cells[0];
    EXPECT_EQ(read.epub, cells[7]) << cells[0];
    ++rows;
  }
  EXPECT_GT(rows, 10);
}

TEST(CitationLine, FindsItsDoi) {
  EXPECT_EQ(read_citation_line("J Virol. 2005 Jan;79(2):884-95. doi: 10.1128/JVI.79.2.884-895.2005.").doi,
            "10.1128/jvi.79.2.884-895.2005");
}

TEST(CitationLine, SurvivesLinesThatAreNone) {
  for (const char* text : {"", ";", ";;;", ",", ", (", "(((", ":", "1999", ";:", "a;b(c:d", ",1,"}) {
    CitationLine line = read_citation_line(text);
    EXPECT_LT(line.journal.size(), 20u) << text;
  }
}

TEST(Pages, AreCleanedToPlainHyphens) {
  EXPECT_EQ(clean_pages("pp. 42 \u2013 46."), "42-46");
  EXPECT_EQ(clean_pages("i2\u2013i5"), "i2-i5");
}

TEST(Pages, AreToldFromArticleNumbers) {
  for (const char* number : {"e41172", "788124", "114633", "hcy1234"}) EXPECT_TRUE(is_article_number(number)) << number;
  for (const char* pages : {"42-46", "1460", "S12", "i2-i5", "", "xii"})
    EXPECT_FALSE(is_article_number(pages)) << pages;
}

}  // namespace
}  // namespace vellum::plugins
