// Pages that were written to hurt. Every one must end, with a page or an error; a case that is quadratic or recursive
// somewhere would take minutes or the process with it. The same cases run on the main thread and on one with the stack
// of a pool thread.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "plugins/html/document.h"
#include "plugins/html/links.h"
#include "plugins/html/metadata.h"
#include "plugins/html/nesting_guard.h"
#include "plugins/html/plain_text.h"
#include "plugins/html/selector.h"

namespace vellum::html {
namespace {

using testing::HasSubstr;

std::string repeat(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

std::string numbered(std::string_view before, std::string_view after, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out.append(before).append(std::to_string(i)).append(after);
  return out;
}

void on_both_stacks(const std::function<void()>& work) {
  work();
  std::thread(work).join();
}

// Everything that reads a whole page.
std::size_t read_all(const Document& page) {
  const Url address = *Url::parse("https://example.org/");
  return page.root().text().size() + page.root().inline_html().size() + page.root().raw_text().size() +
         plain_text(page).size() + links(page, address).size() + Metadata(page).entries().size() +
         json_ld(page).size() + robots_directives(page).size();
}

void expect_read(std::string_view html) {
  const Result<Document> page = Document::parse(html);
  ASSERT_TRUE(page) << page.error().message << ": " << html.substr(0, 40);
  read_all(*page);
}

void expect_refused(std::string_view html, std::string_view reason, const ParseOptions& options = {}) {
  const Result<Document> page = Document::parse(html, options);
  ASSERT_FALSE(page) << html.substr(0, 40);
  EXPECT_EQ(page.error().kind, ErrorKind::kTooLarge);
  EXPECT_THAT(page.error().message, HasSubstr(std::string(reason))) << html.substr(0, 40);
}

TEST(HostilePage, NestedBeyondTheLimitIsRefused) {
  on_both_stacks([] {
    for (const char* unit : {"<div>",
                             "<b>",
                             "<span>",
                             "<b><div>",
                             "<div><p>",
                             "<table><tr><td>",
                             "<table><td>",
                             "<ul><li>",
                             "<dl><dd>",
                             "<svg><g>",
                             "<svg>",
                             "<math><mi>",
                             "<svg><foreignObject>",
                             "<template>",
                             "<object>",
                             "<button><object>",
                             "<a><object>",
                             "<x-y>",
                             "<div/>",
                             "<i a='>'>",
                             "<div></b>",
                             "<div></p>",
                             "<div><br>",
                             "<section></div>",
                             "<li><ul>",

                             "<ruby><rt>",
                             "<option><div>",
                             "<select><div></select><div>",
                             "<noscript><div>",
                             "<div><!-- </div> -->",
                             "<div title='</div>'>",
                             "<div><script></div></script>",
                             "<div><textarea></div></textarea>",
                             "<table><caption>",
                             "<fieldset><legend>"}) {
      const std::string page = repeat(unit, 100000);
      expect_refused(page, "nests deeper than 512 elements");
      EXPECT_GT(measure_nesting(page, 512).depth, 512u) << unit << " reaches the parser";
    }
  });
}

// Each paragraph re-opens all that were left open before, which no look at the tags alone would show.
TEST(HostilePage, NestedByReopenedElementsIsRefused) {
  on_both_stacks([] {
    expect_refused(numbered("<p><b id=", ">x", 20000), "nests deeper");
    expect_refused(numbered("<div><i id=", "></div>x", 20000), "nests deeper");
    expect_refused(numbered("<svg></svg><font size=", "><table></table><p>", 20000), "nests deeper");
  });
}

TEST(HostilePage, NestedInsideFramesetsIsRefused) {
  expect_refused(repeat("<div>", 100000) + "<frameset>", "nests deeper");
  expect_refused(numbered("<p><b id=", ">", 20000) + "<frameset>", "nests deeper");
}

TEST(HostilePage, ThatGrowsInMemoryIsRefused) {
  const std::string page = "<div>" + numbered("<b id=", ">", 200) + "</div>" + repeat("<p>x</p>", 100000);
  expect_refused(page, "page needs more than 16777216 bytes to parse", {.max_tree_bytes = 16u << 20});
}

TEST(HostilePage, ThatTakesTooLongIsRefused) {
  const std::string page = "<p " + numbered("a", " ", 200000) + ">";
  expect_refused(page, "page needs more than 50 ms to parse", {.max_cpu = std::chrono::milliseconds(50)});
}

TEST(HostilePage, OverTheSizeLimitIsRefusedBeforeAnythingElse) {
  expect_refused(repeat("<p>0123456789", 4u << 20), "page is too large: 54525952 bytes as stored, limit 25165824");
}

// Both end in an assertion of Gumbo 0.10.1.
TEST(HostilePage, ThatTheParserDoesNotMasterIsGivenUp) {
  on_both_stacks([] {
    for (const char* html :
         {"<table><math><mi><![CDATA[ x ]]>\n", "<table><svg><select>x<foreignObject a=1><select><td>"}) {
      const Result<Document> page = Document::parse(html);
      ASSERT_FALSE(page);
      EXPECT_EQ(page.error().kind, ErrorKind::kInvalid);
      EXPECT_THAT(page.error().message, HasSubstr("html parser gave up"));
      EXPECT_TRUE(Document::parse("<p>and life goes on"));
    }
  });
}

TEST(HostilePage, BrokenOffAnywhereIsRead) {
  const std::string page =
      "\xEF\xBB\xBF<!DOCTYPE html><title>a&amp;b</title><p id='x' class=y>c<!-- d "
      "--><script>e</script><svg><![CDATA[f]]>"
      "</svg>&notin;\xE2\x82\xAC";
  for (std::size_t length = 0; length <= page.size(); ++length) expect_read(std::string_view(page).substr(0, length));
}

TEST(HostilePage, OfOddBytesIsRead) {
  std::string all_bytes, each;
  for (int byte = 0; byte < 256; ++byte) {
    all_bytes += static_cast<char>(byte);
    expect_read("<p title='" + std::string(1, static_cast<char>(byte)) + "'>" + static_cast<char>(byte) + "<b" +
                static_cast<char>(byte) + ">");
  }
  expect_read(all_bytes);
  expect_read(repeat(all_bytes, 100));
  expect_read(std::string(10000, '\0'));
  expect_read(repeat(std::string("<p\0>\0</p\0>", 10), 1000));
  expect_read(repeat("\xF0\x9F\x98", 10000));
  expect_read("\xFE\xFF" + repeat("\xD8", 9999));
}

TEST(HostilePage, NeverClosedIsRead) {
  for (const char* opener : {"<!--",
                             "<!",
                             "<?",
                             "<p",
                             "<p x",
                             "<p x='",
                             "</p",
                             "<script>",
                             "<style>",
                             "<textarea>",
                             "<title>",
                             "<plaintext>",
                             "<svg><![CDATA[",
                             "<!DOCTYPE",
                             "&",
                             "&#",
                             "&#x",
                             "<",
                             "</",
                             "<script><!--<script>"}) {
    expect_read(opener);
    expect_read(std::string(opener) + repeat("x <br> ' - ", 5000));
  }
}

TEST(HostilePage, OfHugeParts) {
  expect_read("<" + std::string(1 << 18, 'a') + ">");
  expect_read("<p title='" + std::string(1 << 18, 'a') + "'>");
  expect_read("<p " + std::string(1 << 18, 'a') + "=1>");
  expect_read(std::string(1 << 18, '<'));
  expect_read(std::string(1 << 18, '&'));
  expect_read(repeat("&amp;", 50000));
  expect_read("<p>" + repeat("</p>", 30000));
  expect_read(repeat("<p>x", 30000));
  expect_read(repeat("<!---->", 50000));
  expect_read("<p class='" + numbered("c", " ", 50000) + "'>");
  expect_read(numbered("<p id=", ">", 50000));
  expect_read(numbered("<x", "/></div>", 500));
  expect_read("<p style='" + repeat("a:url(b);", 20000) + "'>");
  expect_read("<img srcset='" + repeat("a 1x,", 20000) + "'>");
}

TEST(HostilePage, WithTenThousandAttributesKeepsThem) {
  const Result<Document> page =
      Document::parse("<p " + numbered("a", "=1 ", 10000) + ">", {.max_cpu = std::chrono::hours(1)});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->body().first_child().attributes().size(), 10000u);
  EXPECT_EQ(page->body().first_child().attribute("a9999"), "1");
}

// At the limit of depth, each function that goes up or down must still be linear.
TEST(HostilePage, AtTheLimitIsReadInLinearTime) {
  on_both_stacks([] {
    const Result<Document> page =
        Document::parse(repeat("<div class=d><i>", 250) + repeat("<p>word <a href=x>link</a>", 2000));
    ASSERT_TRUE(page) << page.error().message;
    read_all(*page);
  });
}

class HostileSelector : public testing::Test {
 protected:
  static std::size_t count(const Document& page, std::string_view selector) {
    return Selector::compile(selector)->select(page.root()).size();
  }
};

TEST_F(HostileSelector, IsLinearInSiblings) {
  const Result<Document> page = Document::parse(repeat("<p>x</p>", 60000) + "<div><p class=foo></div>");
  ASSERT_TRUE(page);
  EXPECT_EQ(count(*page, "p.foo ~ p"), 0u);
  EXPECT_EQ(count(*page, "div ~ p ~ p"), 0u);
  EXPECT_EQ(count(*page, "p ~ p ~ p ~ p.foo"), 0u);
  EXPECT_EQ(count(*page, "p:has(~ .foo)"), 0u);
  EXPECT_EQ(count(*page, "p:has(~ p ~ div .foo)"), 59999u);
  EXPECT_EQ(count(*page, "p:not(.foo ~ p)"), 60001u);
  EXPECT_EQ(count(*page, "p:nth-child(3n)"), 20000u);
  EXPECT_EQ(count(*page, "p:nth-of-type(59999), p:last-of-type, p:first-of-type"), 4u);
  EXPECT_EQ(count(*page, "p:last-child"), 1u);
  EXPECT_EQ(count(*page, "p:has-text(\"x\")"), 60000u);
  EXPECT_EQ(count(*page, "p:matches-text(\"^x$\")"), 60000u);
}

TEST_F(HostileSelector, IsLinearInNames) {
  const Result<Document> page = Document::parse(numbered("<x", "></div>", 500) + numbered("<p><y", "></p>", 40000));
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_EQ(count(*page, ":first-of-type:last-of-type"), 40000u + 503u);
}

TEST_F(HostileSelector, IsLinearInDepth) {
  const Result<Document> page = Document::parse(repeat("<div class=d>", 500) + repeat("<b>x</b>y", 20000));
  ASSERT_TRUE(page);
  EXPECT_EQ(count(*page, "div div div div div div div div i, .e .d .d .d .d .d .d b, nav > .d > .d .d b"), 0u);
  EXPECT_EQ(count(*page, "div:not(.e) > div:not(.e) > div:not(.e) > .q div:not(.e) b"), 0u);
  EXPECT_EQ(count(*page, "section > div div > div div > div div > div div > div b"), 0u);
  EXPECT_EQ(count(*page, "div:has(b)"), 500u);
  EXPECT_EQ(count(*page, "div:has(div > div > div i)"), 0u);
  EXPECT_EQ(count(*page, "div:has-text(\"xyx\")"), 500u);
  EXPECT_EQ(count(*page, "div:has-text(\"xx\")"), 0u);
  EXPECT_EQ(count(*page, "div:is(.d .d .d, .e .d) b:not(.d > b)"), 0u);
}

}  // namespace
}  // namespace vellum::html
