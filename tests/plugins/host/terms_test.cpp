// What the small rules of groups make of single values: MeSH headings, names in one element, one place for all.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"
#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

// The record of a page, by rules that stand behind the head of a plugin for example.org.
Json record_of(const std::string& rules, const std::string& html) {
  test::TempDir folder;
  std::filesystem::create_directories(folder.path() / "org.example");
  std::ofstream(folder.path() / "org.example" / "plugin.toml")
      << "id = \"org.example\"\nversion = 1\n[match]\nhosts = [\"example.org\"]\n" + rules;
  const auto registry = Registry::load({folder.path()});
  EXPECT_TRUE(registry) << registry.error().message;
  return registry ? registry->extract(page("<h1>T</h1><p>" + std::string(300, 'x') + "</p>" + html)).record : Json();
}

TEST(MeshTerms, AreADescriptorAndAQualifierWhereTheyHaveOne) {
  const Json record = record_of("[fields]\nmesh = \"li\"\n",
                                "<li>Coronavirus / genetics*<li>Humans<li>Cells*<li>Estradiol/therapeutic use"
                                "<li>Neoplasms* / drug therapy<li>HIV-1/2 Tests");
  EXPECT_EQ(record["mesh"], *parse_json(R"([
    {"term":"Coronavirus / genetics","major":true,"descriptor":"Coronavirus","qualifier":"genetics"},
    {"term":"Humans","major":false},
    {"term":"Cells","major":true},
    {"term":"Estradiol/therapeutic use","major":false,"descriptor":"Estradiol","qualifier":"therapeutic use"},
    {"term":"Neoplasms / drug therapy","major":true,"descriptor":"Neoplasms","qualifier":"drug therapy"},
    {"term":"HIV-1/2 Tests","major":false}])"));
}

TEST(Lead, PutsTheSiblingBeforeAValue) {
  const Json record =
      record_of("[fields]\nkeywords = { css = \"dd\", lead = \"dt\" }\n",
                "<dl><dt>A</dt><dd>one</dd><dd>two</dd><dt>B</dt><dd>three</dd></dl><dl><dd>alone</dd></dl>");
  EXPECT_EQ(record["keywords"], *parse_json(R"(["A / one","A / two","B / three","alone"])"));
}

TEST(Names, OfOneElementAreSplitWhereTheRuleSaysSo) {
  const std::string rules = "[authors]\nitems = [\"p.by\"]\nname = { without = \"sup\", split = \",\" }\n";
  const Json record = record_of(rules, "<p class=by>Ann Lee<sup>1,2</sup>, Bo Ek<sup>*</sup>, and Cy Ng</p>");
  EXPECT_EQ(record["authors"], *parse_json(R"([{"name":"Ann Lee"},{"name":"Bo Ek"},{"name":"Cy Ng"}])"));
}

TEST(People, WhoStandTwiceAreOneListWithWhatEitherSaysOfThem) {
  const std::string rules = "[authors]\nitems = [\"b\"]\nname = { without = \"i\" }\naffiliations = \"i\"\n";
  EXPECT_EQ(record_of(rules, "<b>Ann Lee</b><b>Bo Ek</b><b>Ann Lee<i>Nowhere</i></b><b>Bo Ek</b>")["authors"],
            *parse_json(R"([{"name":"Ann Lee","affiliations":["Nowhere"]},{"name":"Bo Ek"}])"));
}

TEST(Affiliations, ThatStandAloneWithoutAMarkAreEverybodysWhereTheRuleSaysSo) {
  const std::string rules =
      "[authors]\nitems = [\"b\"]\nname = { without = \"sup\" }\nmarks = [\"sup\", { const = \"sole\" }]\n"
      "[affiliations]\nitems = [\"li\"]\nmark = [\"sup\", { const = \"sole\" }]\ntext = { without = \"sup\" }\n";
  EXPECT_EQ(
      record_of(rules, "<b>Ann Lee</b><b>Bo Ek</b><li>Nowhere")["authors"],
      *parse_json(R"([{"name":"Ann Lee","affiliations":["Nowhere"]},{"name":"Bo Ek","affiliations":["Nowhere"]}])"));
  EXPECT_EQ(record_of(rules, "<b>Ann Lee</b><b>Bo Ek<sup>1</sup></b><li><sup>1</sup>Nowhere")["authors"],
            *parse_json(R"([{"name":"Ann Lee"},{"name":"Bo Ek","affiliations":["Nowhere"]}])"));
}

TEST(PrintedXml, InAPageOfPubMedIsReadAsTheXmlItIs) {
  const auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  const std::string body =
      "<?xml version=\"1.0\"?>\n<!DOCTYPE html>\n<pre>\n&lt;PubmedArticle&gt;&lt;MedlineCitation&gt;&lt;PMID&gt;7000001"
      "&lt;/PMID&gt;&lt;Article&gt;&lt;ArticleTitle&gt;Ice &amp;amp; water.&lt;/ArticleTitle&gt;&lt;/Article&gt;"
      "&lt;/MedlineCitation&gt;&lt;/PubmedArticle&gt;\n</pre>";
  const std::string url = "https://www.ncbi.nlm.nih.gov/pubmed/7000001?report=xml&format=text";
  const Extraction out = registry->extract(page(body, url));
  EXPECT_EQ(out.plugin, "gov.nih.nlm.ncbi.pubmed-xml");
  EXPECT_EQ(out.record["ids"]["pmid"], "7000001");
  EXPECT_EQ(out.record["title"], "Ice & water");
  EXPECT_NE(registry->extract(page("<pre>&lt;Other&gt;</pre>", url)).plugin, out.plugin);
}

}  // namespace
}  // namespace vellum::plugins
