#include "tools/replay/markup.h"

#include <gtest/gtest.h>

namespace vellum::replay {
namespace {

std::string inline_html(std::string_view html) {
  return Markup().inline_html(html).str();
}

TEST(Markup, EscapesTextAndAttributeValues) {
  Markup body;
  body.raw("<p>").text("<script>\"'&").raw("</p>").link("/a\"onclick=\"x", "<b>");
  EXPECT_EQ(body.str(), "<p>&lt;script&gt;&quot;&#39;&amp;</p><a href=\"/a&quot;onclick=&quot;x\">&lt;b&gt;</a>");
}

TEST(Markup, KeepsBareInlineTagsAndNothingElse) {
  EXPECT_EQ(inline_html("H<sub>2</sub>O"), "H<sub>2</sub>O");
  EXPECT_EQ(inline_html("<sub onclick=x>2</sub>"), "&lt;sub onclick=x&gt;2");
  EXPECT_EQ(inline_html("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
  EXPECT_EQ(inline_html("a &lt; b &amp; &lt;script&gt;"), "a &lt; b &amp; &lt;script&gt;");
  EXPECT_EQ(inline_html("<img src=x onerror=y>"), "&lt;img src=x onerror=y&gt;");
}

TEST(Markup, ClosesWhatIsLeftOpenAndDropsWhatWasNeverOpened) {
  EXPECT_EQ(inline_html("<i>a<sup>b"), "<i>a<sup>b</sup></i>");
  EXPECT_EQ(inline_html("a</i>b</sub>"), "ab");
  EXPECT_EQ(inline_html("<i>a<sup>b</i>c</sup>"), "<i>a<sup>bc</sup></i>");
}

TEST(Markup, NumbersHaveTheirThousandsApart) {
  EXPECT_EQ(Markup().number(0).str(), "0");
  EXPECT_EQ(Markup().number(999).str(), "999");
  EXPECT_EQ(Markup().number(1000).str(), "1,000");
  EXPECT_EQ(Markup().number(1234567).str(), "1,234,567");
}

TEST(HumanSize, GrowsItsUnit) {
  EXPECT_EQ(human_size(0), "0 B");
  EXPECT_EQ(human_size(999), "999 B");
  EXPECT_EQ(human_size(1000), "1.0 kB");
  EXPECT_EQ(human_size(54'321'000), "54.3 MB");
}

}  // namespace
}  // namespace vellum::replay
