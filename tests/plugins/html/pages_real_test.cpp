// Every saved page beside the project is read, none refused; the counts are printed.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "plugins/html/document.h"
#include "plugins/html/document_tree.h"
#include "plugins/html/links.h"
#include "plugins/html/metadata.h"
#include "plugins/html/nesting_guard.h"
#include "plugins/html/plain_text.h"
#include "plugins/html/selector.h"
#include "tests/base/data_file.h"

namespace vellum::html {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> saved_pages() {
  std::vector<fs::path> pages;
  for (const char* folder : {"pages", "traps", "series"}) {
    const fs::path root = fs::path(VELLUM_SOURCE_DIR) / "../shared/data" / folder;
    if (!fs::exists(root)) continue;
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() == ".html") pages.push_back(entry.path());
    }
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

std::size_t deepest(const Document& page) {
  const Document::Tree& tree = page.tree();
  std::vector<std::size_t> depths(tree.nodes.size(), 0);
  for (std::uint32_t node = 1; node < tree.nodes.size(); ++node) {
    depths[node] = depths[tree.nodes[node].parent] + (tree.is_element(node) ? 1 : 0);
  }
  return *std::max_element(depths.begin(), depths.end());
}

// The tree must be whole: ranges nest, siblings are linked both ways, places lie in the source.
void expect_sound(const Document& page) {
  const Node root = page.root();
  for (Node node = root; node; node = node.next_in_tree(root)) {
    for (Node child = node.first_child(), before; child; before = child, child = child.next_sibling()) {
      ASSERT_EQ(child.parent(), node);
      ASSERT_EQ(child.previous_sibling(), before);
    }
    ASSERT_LE(node.offset(), static_cast<std::int64_t>(page.source().size()));
    if (node.offset() >= 0 && node.is_element()) {
      ASSERT_EQ(page.source()[static_cast<std::size_t>(node.offset())], '<');
    }
  }
}

class RealPages : public testing::Test {
 protected:
  void SetUp() override {
    pages_ = saved_pages();
    if (pages_.empty()) GTEST_SKIP() << "skipped: no ../shared";
  }
  std::vector<fs::path> pages_;
};

TEST_F(RealPages, AreAllReadAndNoneIsRefused) {
  const Url address = *Url::parse("https://example.org/article/1");
  std::size_t bytes = 0, nodes = 0, link_count = 0, depth = 0, guessed = 0;
  for (const fs::path& path : pages_) {
    const std::string bytes_of_page = test::slurp(path.string()).value_or("");
    const Result<Document> page = Document::parse(bytes_of_page);
    ASSERT_TRUE(page) << path << ": " << page.error().message;
    expect_sound(*page);
    if (HasFatalFailure()) FAIL() << path;
    const std::size_t guess = measure_nesting(page->source(), 100000).depth;
    EXPECT_LE(guess, deepest(*page) + 2) << path;
    depth = std::max(depth, deepest(*page));
    guessed = std::max(guessed, guess);
    bytes += bytes_of_page.size();
    nodes += page->tree().nodes.size();
    link_count += links(*page, address).size();
    json_ld(*page);
    EXPECT_FALSE(plain_text(*page).empty() && bytes_of_page.size() > 2000) << path;
  }
  std::printf("%zu pages, %zu bytes, %zu nodes, %zu links; deepest element %zu, guessed %zu\n", pages_.size(), bytes,
              nodes, link_count, depth, guessed);
}

TEST_F(RealPages, GiveTheSameTextByIndexAndByNode) {
  for (std::size_t i = 0; i < pages_.size(); i += 10) {
    const Result<Document> page = Document::parse(test::slurp(pages_[i].string()).value_or(""));
    ASSERT_TRUE(page) << pages_[i];
    const TextIndex& index = page->tree().text_index(TextIndex::Case::kKept);
    for (Node node = page->root(); node; node = node.next_in_tree(page->root())) {
      if (!node.is_element()) continue;
      ASSERT_EQ(index.text_of(node.index()), node.text()) << pages_[i] << " " << node.offset();
    }
  }
}

}  // namespace
}  // namespace vellum::html
