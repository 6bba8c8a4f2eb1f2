#include "base/text.h"

#include <gtest/gtest.h>

namespace vellum {
namespace {

TEST(Utf8, RepairsByTheDecodersRule) {
  EXPECT_EQ(repair_utf8("a\xC3\xA9z"), "aéz");
  EXPECT_EQ(repair_utf8("\xC3("), "\uFFFD(");  // a cut sequence
  EXPECT_EQ(repair_utf8("\xE2\x82"
                        "a"),
            "\uFFFDa");                                          // one replacement for the longest valid beginning
  EXPECT_EQ(repair_utf8("\xC0\xAF"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(repair_utf8("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // a surrogate
  EXPECT_EQ(repair_utf8("\xF4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(repair_utf8("\xF0\x9F\x98\x80"), "😀");
}

TEST(Utf8, ValidIsWhatNeedsNoRepair) {
  EXPECT_TRUE(is_valid_utf8("Grüße 😀"));
  EXPECT_FALSE(is_valid_utf8("\xFF"));
  EXPECT_FALSE(is_valid_utf8("\xF0\x9F\x98"));
}

TEST(Utf8, AppendsEveryLength) {
  std::string out;
  for (char32_t c : {U'a', U'é', U'€', U'😀', char32_t{0xD800}, char32_t{0x110000}}) append_utf8(out, c);
  EXPECT_EQ(out, "aé€😀\uFFFD\uFFFD");
}

TEST(Nfc, ComposesAndRepairs) {
  EXPECT_EQ(to_nfc("e\u0301"), "é");
  EXPECT_EQ(to_nfc("plain"), "plain");
  EXPECT_EQ(to_nfc("e\u0301\xFF"), "é\uFFFD");
}

TEST(FoldSpace, MakesEveryRunOfUnicodeSpaceOneSpace) {
  EXPECT_EQ(fold_space("  a\t\n b\u00A0\u2009 c\u3000"), "a b c");
  EXPECT_EQ(fold_space("a\u200Bb"), "a\u200Bb");
  EXPECT_EQ(fold_space(" \u2028 "), "");
}

TEST(Text, TrimsAndComparesAscii) {
  EXPECT_EQ(trim(" \t x y\r\n"), "x y");
  EXPECT_EQ(trim("  "), "");
  EXPECT_TRUE(equals_ignore_case("Content-TYPE", "content-type"));
  EXPECT_FALSE(equals_ignore_case("É", "é"));
  EXPECT_TRUE(starts_with_ignore_case("HTTP/1.1", "http/"));
  EXPECT_FALSE(starts_with_ignore_case("HT", "http"));
  EXPECT_EQ(to_lower_ascii("AbÉ"), "abÉ");
}

TEST(Text, SplitsKeepingEmptyPartsAndJoins) {
  EXPECT_EQ(split("a,,b,", ','), (std::vector<std::string_view>{"a", "", "b", ""}));
  EXPECT_EQ(split("", ','), std::vector<std::string_view>{""});
  EXPECT_EQ(join({"a", "b", "c"}, ", "), "a, b, c");
  EXPECT_EQ(join({}, ", "), "");
}

TEST(Html, EscapesWhatMarkupMeans) {
  EXPECT_EQ(escape_html("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

TEST(Html, UnescapesNamedAndNumericReferencesOnce) {
  EXPECT_EQ(unescape_html("&lt;&amp;lt;&gt;"), "<&lt;>");
  EXPECT_EQ(unescape_html("&alpha;&Alpha;&nbsp;&thinsp;&rarr;&Zcaron;"), "αΑ\u00A0\u2009→Ž");
  EXPECT_EQ(unescape_html("&#960;&#x3C0;&#x3c0 &#960"), "πππ π");
}

TEST(Html, LeavesWhatIsNoReference) {
  EXPECT_EQ(unescape_html("a & b &; &nosuch; &# &#x; ?a=1&copy=2"), "a & b &; &nosuch; &# &#x; ?a=1&copy=2");
}

TEST(Html, ReadsForbiddenNumbersAsBrowsersDo) {
  EXPECT_EQ(unescape_html("&#150;&#x92;"), "–’");
  EXPECT_EQ(unescape_html("&#0;&#xD800;&#x110000;&#99999999999999999999;"), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(Html, UnescapingUndoesEscaping) {
  const std::string text = "a<b>\"c\"&'d'&amp;";
  EXPECT_EQ(unescape_html(escape_html(text)), text);
}

TEST(NearestWord, FindsTheSlipAndOnlyTheSlip) {
  const std::vector<std::string> known = {"title", "authors", "journal", "max_pages", "max_depth"};
  EXPECT_EQ(nearest_word("titel", known), "title");
  EXPECT_EQ(nearest_word("max_page", known), "max_pages");
  EXPECT_EQ(nearest_word("autors", known), "authors");
  EXPECT_EQ(nearest_word("banana", known), "");
  EXPECT_EQ(nearest_word("x", {"y", "z"}), "");
  EXPECT_EQ(nearest_word(std::string(100'000, 'a'), known), "");
}

}  // namespace
}  // namespace vellum
