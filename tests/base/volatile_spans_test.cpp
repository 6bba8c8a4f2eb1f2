#include "base/volatile_spans.h"

#include <gmock/gmock.h>

#include "base/digest.h"

namespace vellum {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::string token(unsigned seed) {
  return sha256(std::to_string(seed)).to_text().substr(7, 32);
}

// A page with a token, an id that no one would take for one, a build number, and a counter.
std::string page(unsigned load, const std::string& title = "Cells at rest", const std::string& build = "41") {
  return "<html><head><meta name=\"phid\" content=\"" + token(load) + "\"><script>var visit = {\"n\": \"v" +
         std::to_string(load) + "\"};</script><link href=\"/static/site.css?v=" + build + "\"></head>\n<body><h1>" +
         title + "</h1><p>Published 2019. Seen by <b>" + std::to_string(1000 + load) +
         "</b> readers.</p></body></html>";
}

// "form:OLD>NEW" for each span.
std::vector<std::string> told(const VolatileSlots& slots, const PageSource& before, const PageSource& after) {
  std::vector<std::string> out;
  for (const ChangedSpan& span : slots.compare(before, after)) {
    out.push_back(std::string(name_of(span.by)) + ":" +
                  std::string(before.text.substr(span.before.begin, span.before.end - span.before.begin)) + ">" +
                  std::string(after.text.substr(span.after.begin, span.after.end - span.after.begin)));
  }
  return out;
}

TEST(VolatileSpans, OfTwoCapturesAloneOnlyWhatLooksLikeATokenIsVolatile) {
  const std::string before = page(1), after = page(2);
  EXPECT_THAT(told({}, {before}, {after}),
              ElementsAre("form:" + token(1) + ">" + token(2), "content:v1>v2", "content:1001>1002"));
}

TEST(VolatileSpans, WhatChangesBetweenAllCapturesOfATemplateIsVolatile) {
  VolatileSlots slots;
  slots.learn("1", page(1, "One"), page(2, "One"));
  slots.learn("1", page(2, "One"), page(3, "One"));
  slots.learn("2", page(4, "Two"), page(5, "Two"));
  const std::string before = page(6, "Three"), after = page(7, "Three");
  const auto spans = slots.compare({before}, {after});
  EXPECT_TRUE(is_volatile_only(spans));
  EXPECT_THAT(told(slots, {before}, {after}),
              ElementsAre("template:" + token(6) + ">" + token(7), "template:v6>v7", "template:1006>1007"));
}

TEST(VolatileSpans, WhatStayedOnceIsContentWhenItChanges) {
  VolatileSlots slots;
  slots.learn("1", page(1), page(2));
  slots.learn("1", page(2), page(3, "Cells at rest", "42"));
  slots.learn("2", page(4, "Two", "42"), page(5, "Two", "42"));
  const std::string before = page(6, "Cells at rest", "42"), after = page(7, "Cells at work", "43");
  EXPECT_THAT(told(slots, {before}, {after}), ElementsAre("template:" + token(6) + ">" + token(7), "template:v6>v7",
                                                          "content:42>43", "content:rest>work", "template:1006>1007"));
  EXPECT_FALSE(is_volatile_only(slots.compare({before}, {after})));
}

TEST(VolatileSpans, ANumberThatReadersSeeNeedsMoreThanOnePage) {
  VolatileSlots slots;
  for (unsigned i = 0; i < 4; ++i) slots.learn("1", page(i), page(i + 1));
  const std::string before = page(6), after = page(7);
  EXPECT_EQ(told(slots, {before}, {after}).back(), "content:1006>1007");
}

TEST(VolatileSpans, WordsThatReadersSeeAreNeverLearned) {
  VolatileSlots slots;
  for (unsigned i = 0; i < 4; ++i) {
    slots.learn("1", page(1, "title" + std::to_string(i) + "x"), page(1, "title" + std::to_string(i + 1) + "x"));
    slots.learn("2", page(1, "title" + std::to_string(i) + "x"), page(1, "title" + std::to_string(i + 1) + "x"));
  }
  const std::string before = page(1, "title8x"), after = page(1, "title9x");
  EXPECT_THAT(told(slots, {before}, {after}), ElementsAre("content:title8x>title9x"));
}

TEST(VolatileSpans, ASlotOfWhichOneStayedIsContent) {
  const auto list = [](int last) {
    std::string text;
    for (const int n : {1, 2, 3, last}) text += "<li data-n=\"a" + std::to_string(n) + "\"></li>";
    return text;
  };
  VolatileSlots slots;
  for (int i = 4; i < 7; ++i) slots.learn("1", list(i), list(i + 1));
  EXPECT_THAT(told(slots, {list(8)}, {list(9)}), ElementsAre("content:a8>a9"));
}

TEST(VolatileSpans, EqualCapturesShowThatNothingChangesOnEveryLoad) {
  VolatileSlots slots;
  slots.learn("1", page(1), page(2));
  slots.learn("1", page(2), page(3));
  slots.learn("1", page(3), page(3));
  const std::string before = page(6), after = page(7);
  EXPECT_EQ(told(slots, {before}, {after}).at(1), "content:v6>v7");
}

TEST(VolatileSpans, WhatThePluginNamesIsVolatileHoweverItLooks) {
  const std::string before = "<p>Cited by <em>two</em> articles</p>", after = "<p>Cited by <em>three</em> articles</p>";
  const std::vector<ByteSpan> old_parts = {{12, 24}}, new_parts = {{12, 26}};
  EXPECT_THAT(told({}, {before, old_parts}, {after, new_parts}), ElementsAre("plugin:two>three"));
  EXPECT_THAT(told({}, {before, old_parts}, {after}), ElementsAre("content:two>three"));
}

TEST(VolatileSpans, NamesAddressesAndDatesAreNoTokens) {
  for (const auto& [from, to] : {std::pair("10.1371/journal.pone.0286879", "10.1371/journal.pone.0286880"),
                                 std::pair("2019-01-02T10:00:00Z", "2020-01-02T10:00:00Z"),
                                 std::pair("/articles/PMC6370456/figure/1", "/articles/PMC6370457/figure/1"),
                                 std::pair("internationalization", "internationalisation")}) {
    const std::string before = "<a href=\"" + std::string(from) + "\">", after = "<a href=\"" + std::string(to) + "\">";
    for (const ChangedSpan& span : VolatileSlots().compare({before}, {after})) EXPECT_EQ(span.by, VolatileBy::kNot);
  }
}

TEST(VolatileSpans, ATokenWithSlashesIsOneAndTextBetweenTagsIsNone) {
  const std::string a = "q8Zr/3kLm9X=vT4w2", b = "Yc7N/b1Hd5P=s6Rf0";
  const std::string before = "<input value=\"" + a + "\"><p>" + a, after = "<input value=\"" + b + "\"><p>" + b;
  EXPECT_THAT(told({}, {before}, {after}), ElementsAre("form:" + a + ">" + b, "content:" + a + ">" + b));
}

TEST(VolatileSpans, EqualPagesAndEmptyOnesDifferInNothing) {
  EXPECT_THAT(VolatileSlots().compare({""}, {""}), IsEmpty());
  EXPECT_THAT(VolatileSlots().compare({page(1)}, {page(1)}), IsEmpty());
  EXPECT_FALSE(is_volatile_only({}));
  const std::string after = "<p>1</p>";
  EXPECT_THAT(told({}, {""}, {after}), ElementsAre("content:>" + after));
  EXPECT_THAT(told({}, {after}, {""}), ElementsAre("content:" + after + ">"));
}

}  // namespace
}  // namespace vellum
