#include "plugins/host/score.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;

class Score : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    fs::create_directories((folder_.path() / name).parent_path());
    std::ofstream(folder_.path() / name) << text;
  }
  test::TempDir folder_;
};

constexpr const char* kPage =
    "<meta name=citation_title content='A Title'><meta name=citation_author content='Doe, Jane'><meta "
    "name=citation_author content='Roe, Rick'><meta name=citation_doi content='10.1000/a'><p>x</p>";

TEST_F(Score, CountsItemsOfListsAndComparesWithTheGenericReader) {
  write("sites/org.example/plugin.toml",
        "id='org.example'\nversion=1\n[match]\nhosts=['example.org']\n[fields]\ntitle={const='Wrong'}\n");
  write("pages/a.html", kPage);
  write(
      "pages/expected.ndjson",
      R"({"file":"pages/a.html","site":"x","url":"https://example.org/a","expect":{"title":"a title","doi":"10.1000/a","authors":["Jane Doe","Ann Poe"]}})"
      "\n");
  const auto registry = Registry::load({folder_.path() / "sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  const auto board = score_plugins(*registry, folder_.path() / "pages/expected.ndjson");
  ASSERT_TRUE(board) << board.error().message;
  EXPECT_EQ(board->pages, 1u);
  const auto& title = board->rows.at({"x", "title"});
  EXPECT_EQ(title.first.right, 0u);
  EXPECT_EQ(title.second.right, 1u);
  EXPECT_EQ(board->rows.at({"x", "doi"}).first.recall(), 1.0);
  const auto& authors = board->rows.at({"", "authors"});
  EXPECT_EQ(authors.first.recall(), 0.5);
  EXPECT_EQ(authors.first.precision(), 0.5);
}

TEST_F(Score, APageIsRightOnlyWithAllItemsInOrderAndAccentsDoNotTell) {
  write("sites/org.example/plugin.toml", "id='org.example'\nversion=1\n[match]\nhosts=['example.org']\n");
  write("pages/a.html",
        "<meta name=citation_title content='Caf\u00e9: \u201ctitle\u201d'><meta name=citation_author content='Doe, "
        "Jane'><meta name=citation_author content='Roe, Rick'><p>x</p>");
  const std::string line = R"({"file":"pages/a.html","site":"x","url":"https://example.org/a","expect":)";
  write("pages/expected.ndjson", line + R"({"title":"Cafe title","authors":["Jane Doe","Rick Roe"]}})" + "\n" + line +
                                     R"({"authors":["Rick Roe","Jane Doe"]}})" + "\n");
  const auto registry = Registry::load({folder_.path() / "sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  const auto board = score_plugins(*registry, folder_.path() / "pages/expected.ndjson");
  ASSERT_TRUE(board) << board.error().message;
  EXPECT_EQ(board->rows.at({"x", "title"}).first.whole, 1u);
  const FieldScore& authors = board->rows.at({"x", "authors"}).first;
  EXPECT_EQ(authors.recall(), 1.0);
  EXPECT_EQ(authors.pages, 2u);
  EXPECT_EQ(authors.whole, 1u);
}

TEST_F(Score, FiguresAreComparedByTheirWordsAndReferencesByTheirDois) {
  write("sites/org.example/plugin.toml",
        "id='org.example'\nversion=1\n[match]\nhosts=['example.org']\n[figures]\nitems='figure'\nlabel='b'\n"
        "caption='p'\n[references]\nitems='li'\n");
  write("pages/a.html",
        "<meta name=citation_title content=T><figure><b>Fig. 1</b><p>Cells of the first kind, seen from above</p>"
        "</figure><ol><li>One work. doi:10.1000/a<li>Another work. doi:10.1000/b</ol>");
  write("pages/expected.ndjson",
        R"({"file":"pages/a.html","site":"x","url":"https://example.org/a","expect":{"figures":[{"caption":)"
        R"("Fig 1. Cells of the first kind seen from above."}],"references":[{"text":"One work. doi:10.1000/a",)"
        R"("doi":"10.1000/a"},{"text":"Something else","doi":"10.1000/c"}]}})"
        "\n");
  const auto registry = Registry::load({folder_.path() / "sites"});
  ASSERT_TRUE(registry) << registry.error().message;
  const auto board = score_plugins(*registry, folder_.path() / "pages/expected.ndjson");
  ASSERT_TRUE(board) << board.error().message;
  EXPECT_EQ(board->rows.at({"x", "figures"}).first.whole, 1u);
  EXPECT_EQ(board->rows.at({"x", "references"}).first.whole, 0u);
  EXPECT_EQ(board->rows.at({"x", "references"}).first.recall(), 0.5);
  EXPECT_EQ(board->rows.at({"x", "references"}).first.precision(), 0.5);
}

TEST_F(Score, NamesTheLineThatIsNoExpectation) {
  write("pages/expected.ndjson", "\n{\"file\":\"pages/a.html\"}\n");
  const auto registry = Registry::load({folder_.path() / "sites"});
  ASSERT_TRUE(registry);
  const auto board = score_plugins(*registry, folder_.path() / "pages/expected.ndjson");
  ASSERT_FALSE(board);
  EXPECT_NE(board.error().message.find("expected.ndjson:2"), std::string::npos) << board.error().message;
  EXPECT_FALSE(score_plugins(*registry, folder_.path() / "none.ndjson"));
}

}  // namespace
}  // namespace vellum::plugins
