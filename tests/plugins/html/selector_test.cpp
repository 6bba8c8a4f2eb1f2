#include "plugins/html/selector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "tests/base/data_file.h"

namespace vellum::html {
namespace {

using testing::HasSubstr;

std::string ids_of(const std::vector<Node>& nodes) {
  std::string ids;
  for (const Node& node : nodes) {
    if (!ids.empty()) ids += ' ';
    ids += node.attribute("id").value_or("?");
  }
  return ids.empty() ? "-" : ids;
}

Selector compile(std::string_view text) {
  Result<Selector> selector = Selector::compile(text);
  EXPECT_TRUE(selector) << selector.error().message;
  return std::move(*selector);
}

Document parse(std::string_view html) {
  return std::move(*Document::parse(html));
}

struct Case {
  std::string page, selector, ids;
};

std::vector<Case> read_cases() {
  std::vector<Case> cases;
  std::string page;
  const std::string file = test::slurp(VELLUM_TEST_DATA "/plugins/html/selectors.txt").value_or("");
  for (const std::string_view line : split(file, '\n')) {
    if (line == "page") page.clear();
    if (line.starts_with("  ")) page.append(line.substr(2)).append("\n");
    const std::size_t arrow = line.rfind(" =>");
    if (line.starts_with("# ")) continue;
    if (line.starts_with("  ") || arrow == std::string_view::npos) continue;
    cases.push_back({page, std::string(line.substr(0, arrow)), std::string(trim(line.substr(arrow + 3)))});
  }
  return cases;
}

TEST(Selector, FindsWhatTheTableSays) {
  const std::vector<Case> cases = read_cases();
  ASSERT_GT(cases.size(), 120u);
  for (const Case& each : cases) {
    const Document page = parse(each.page);
    const Selector selector = compile(each.selector);
    const std::vector<Node> found = selector.select(page.root());
    const std::string wanted = each.ids.empty() ? "?" : each.ids;
    EXPECT_EQ(ids_of(found), wanted) << each.selector;
    EXPECT_EQ(selector.first(page.root()), found.empty() ? Node() : found.front()) << each.selector;
    EXPECT_EQ(selector.text(), each.selector);
  }
}

TEST(Selector, SaysWhereItIsWrong) {
  const auto rows = test::tsv_rows(test::slurp(VELLUM_TEST_DATA "/plugins/html/bad_selectors.tsv").value_or(""));
  ASSERT_GT(rows.size(), 25u);
  for (const auto& row : rows) {
    const Result<Selector> selector = Selector::compile(row[0]);
    ASSERT_FALSE(selector) << row[0];
    EXPECT_EQ(selector.error().kind, ErrorKind::kInvalid);
    EXPECT_EQ(selector.error().message, row.at(1));
  }
}

TEST(Selector, PassesOnWhatIsWrongWithAPattern) {
  const Result<Selector> selector = Selector::compile("p:matches-text(\"(\")");
  ASSERT_FALSE(selector);
  EXPECT_THAT(selector.error().message, HasSubstr("column 16"));
}

TEST(Selector, RefusesWhatIsTooLargeToRunSafely) {
  std::string nested, parts = "a", is = "a";
  for (int i = 0; i < 20; ++i) nested += ":is(";
  for (int i = 0; i < 100; ++i) parts += " a";
  EXPECT_FALSE(Selector::compile(nested));
  EXPECT_FALSE(Selector::compile(parts));
  EXPECT_FALSE(Selector::compile(std::string(10000, 'a')));
}

TEST(Selector, LooksBelowTheScopeOnly) {
  const Document page = parse("<div id=d><p id=a></p><div id=e><p id=b></p></div></div><p id=c></p>");
  const Node e = page.by_id("e");
  EXPECT_EQ(ids_of(compile("p").select(page.by_id("d"))), "a b");
  EXPECT_EQ(ids_of(compile("div").select(page.by_id("d"))), "e");
  EXPECT_EQ(ids_of(compile("p").select(e)), "b");
  EXPECT_EQ(compile("p").first(e).attribute("id"), "b");
  EXPECT_EQ(ids_of(compile("p").select(page.by_id("b"))), "-");
  // As with querySelectorAll, ancestors outside the scope count.
  EXPECT_EQ(ids_of(compile("#d p").select(e)), "b");
}

TEST(Selector, KnowsTheScope) {
  const Document page = parse("<div id=d><p id=a></p><div id=e><p id=b></p></div></div><p id=c></p>");
  const Node d = page.by_id("d");
  EXPECT_EQ(ids_of(compile(":scope > p").select(d)), "a");
  EXPECT_EQ(ids_of(compile("> p").select(d)), "a");
  EXPECT_EQ(ids_of(compile("> div > p, > p").select(d)), "a b");
  EXPECT_EQ(ids_of(compile(":scope").select(d)), "-");
  EXPECT_EQ(ids_of(compile("p:not(:scope > p)").select(d)), "b");
  EXPECT_EQ(ids_of(compile("+ p").select(d)), "-");  // siblings are not below
}

TEST(Selector, MatchesSingleElements) {
  const Document page = parse("<div id=d><p id=a class=x>t</p></div>");
  EXPECT_TRUE(compile("div > .x").matches(page.by_id("a")));
  EXPECT_TRUE(compile("b, p").matches(page.by_id("a")));
  EXPECT_TRUE(compile(":scope").matches(page.by_id("a")));
  EXPECT_FALSE(compile("div").matches(page.by_id("a")));
  EXPECT_FALSE(compile("*").matches(page.by_id("a").first_child()));
  EXPECT_FALSE(compile("*").matches(page.root()));
  EXPECT_FALSE(compile("*").matches(Node()));
}

TEST(Selector, FindsNothingInNothing) {
  EXPECT_TRUE(compile("p").select(Node()).empty());
  EXPECT_FALSE(compile("p").first(Node()));
}

TEST(Selector, MayBeUsedByManyThreadsOnOneDocument) {
  std::string html = "<section>";
  for (int i = 0; i < 500; ++i) html += "<p>word " + std::to_string(i) + "</p>";
  const Document page = parse(html);
  const Selector by_text = compile("section:has(b), p:has-text(\"WORD 49\"), p:matches-text(\"^word 1$\")");
  std::vector<std::size_t> counts(4, 0);
  std::vector<std::thread> threads;
  for (std::size_t& count : counts) threads.emplace_back([&] { count = by_text.select(page.root()).size(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(counts, std::vector<std::size_t>(4, 12));
}

TEST(Selector, ReadsTextOfHiddenElementsWhenTheyAreAskedThemselves) {
  const Document page = parse("<title id=t>Words</title><script id=s>var state = {}</script><p id=p>state");
  EXPECT_EQ(ids_of(compile("script:has-text(\"var STATE\")").select(page.root())), "s");
  EXPECT_EQ(ids_of(compile("[id]:has-text(\"state\")").select(page.root())), "s p");
  EXPECT_EQ(ids_of(compile("title:matches-text(\"^W\")").select(page.root())), "t");
}

}  // namespace
}  // namespace vellum::html
