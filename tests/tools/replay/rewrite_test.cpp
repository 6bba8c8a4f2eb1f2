#include "tools/replay/rewrite.h"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/tools/replay/table_file.h"

namespace vellum::replay {
namespace {

constexpr const char* kTime = "20200131120000";

RewriteContext at(const char* url) {
  return {*Url::parse(url), kTime};
}

// "W" in a case stands for the path of the replay.
std::string expected(const std::vector<std::string>& row) {
  if (row[2] == "=") return row[1];
  std::string text;
  for (std::size_t i = 0; i < row[2].size(); ++i) {
    const bool is_mark = row[2].compare(i, 5, "Whttp") == 0;
    text += is_mark ? "/web/" + std::string(kTime) + "/" : std::string(1, row[2][i]);
  }
  return text;
}

TEST(RewriteHtml, LeadsEveryLinkIntoTheArchiveAndChangesNothingElse) {
  for (const auto& row : read_cases("rewrite_html.tsv", 3)) {
    EXPECT_EQ(rewrite_html(row[1], at("https://site.test/dir/page.html")), expected(row)) << row[0];
  }
}

TEST(RewriteXml, ReadsTagsAsXmlDoes) {
  for (const auto& row : read_cases("rewrite_xml.tsv", 3)) {
    EXPECT_EQ(rewrite_xml(row[1], at("https://site.test/dir/page.html")), expected(row)) << row[0];
  }
}

TEST(RewriteXml, MarkupInEntitiesIsNotRendered) {
  EXPECT_FALSE(rewrite_xml("<!DOCTYPE svg [<!ENTITY x \"<a/>\">]><svg>&x;</svg>", at("https://site.test/")));
}

TEST(RewriteCss, LeadsUrlsAndImportsIntoTheArchive) {
  for (const auto& row : read_cases("rewrite_css.tsv", 3)) {
    EXPECT_EQ(rewrite_css(row[1], at("https://site.test/css/main.css")), expected(row)) << row[0];
  }
}

TEST(RewriteHtml, AttributesMayBreakAcrossLines) {
  EXPECT_EQ(rewrite_html("<a\n href\n =\n '/x'\n>", at("https://site.test/")),
            "<a\n href\n =\n \"/web/20200131120000/https://site.test/x\"\n>");
}

TEST(RewriteHtml, EscapesWhatAReferenceUndid) {
  const std::string page = rewrite_html("<a href='/&#34;><script>x</script>'>", at("https://site.test/"));
  EXPECT_EQ(page.find("<script>"), std::string::npos) << page;
}

TEST(RewriteHtml, AStyleElementCannotBeEndedByItsUrls) {
  const std::string page = rewrite_html("<style>a{b:url('\\3c/style\\3e')}</style>", at("https://site.test/"));
  EXPECT_EQ(page, "<style>a{b:url(\"/web/20200131120000/https://site.test/%3C/style%3E\")}</style>");
}

// Each would take minutes if a part of it were read again for every tag.
TEST(RewriteHtml, HostileInputTakesLinearTime) {
  const auto start = std::chrono::steady_clock::now();
  for (const std::string unit : {"<a href=", "<!--", "<style>url(", "<a b='", "</", "<script></scrip", "url(a ",
                                 "@import ", "<img srcset=',,,", "\\", "<a a a a a "}) {
    std::string page;
    while (page.size() < 400'000) page += unit;
    rewrite_html(page, at("https://site.test/"));
    rewrite_css(page, at("https://site.test/"));
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

}  // namespace
}  // namespace vellum::replay
