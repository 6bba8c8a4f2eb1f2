#include "plugins/html/links.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugins/html/addresses.h"

namespace vellum::html {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Url address() {
  return *Url::parse("https://example.org/dir/page?q=1");
}

std::vector<PageLink> links_of(std::string_view html) {
  return links(*Document::parse(html), address());
}

std::string_view word(LinkKind kind) {
  switch (kind) {
    case LinkKind::kHyperlink:
      return "hyperlink";
    case LinkKind::kRequisite:
      return "requisite";
    case LinkKind::kRefresh:
      return "refresh";
    case LinkKind::kForm:
      return "form";
    case LinkKind::kCanonical:
      return "canonical";
    case LinkKind::kAlternate:
      return "alternate";
  }
  return "";
}

// "kind tag attribute url"
std::vector<std::string> lines(std::string_view html) {
  std::vector<std::string> all;
  for (const PageLink& link : links_of(html)) {
    all.push_back(std::string(word(link.kind)) + " " + link.tag + " " + link.attribute + " " + link.url.href());
  }
  return all;
}

TEST(Links, AreResolvedAgainstThePageOrItsBase) {
  EXPECT_THAT(lines("<a href=x>1</a><a href='/y#f'>2</a><a href='?z'>3</a><area href='//other.org'>"),
              ElementsAre("hyperlink a href https://example.org/dir/x", "hyperlink a href https://example.org/y#f",
                          "hyperlink a href https://example.org/dir/page?z", "hyperlink area href https://other.org/"));
  EXPECT_THAT(lines("<base href='/b/'><a href=x>1</a>"), ElementsAre("hyperlink a href https://example.org/b/x"));
}

TEST(Links, KeepTextHrefRelAndOffset) {
  const auto all = links_of("<p><a rel='NoFollow  UGC' href='x&amp;y'> the\n <b>text</b></a>");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].text, "the text");
  EXPECT_EQ(all[0].raw_href, "x&y");
  EXPECT_EQ(all[0].rel, "nofollow ugc");
  EXPECT_EQ(all[0].offset, 3);
}

TEST(Links, TextIsTheSameHoweverManyThereAre) {
  std::string html;
  for (int i = 0; i < 50; ++i) html += "<a href=x> a <b>b</b><script>no</script></a>";
  for (const PageLink& link : links_of(html)) EXPECT_EQ(link.text, "a b");
  EXPECT_EQ(links_of(html).size(), 50u);
}

TEST(Links, LeaveOutWhatIsNotHttp) {
  EXPECT_THAT(lines("<a href='javascript:void(0)'></a><a href='mailto:a@b.c'></a><a href='DATA:,x'></a><a "
                    "href='ftp://x.org/'></a><a href='http://[::1'></a><a href=' \ntel:1'></a><a name=x></a>"),
              IsEmpty());
  EXPECT_THAT(lines("<a href=' HTTP://X.org/a'></a><a href='java\nscript:1'></a><a href='x:y/z'></a>"),
              ElementsAre("hyperlink a href http://x.org/a"));
}

TEST(Links, KeepDuplicatesInDocumentOrder) {
  EXPECT_THAT(lines("<a href=b>1</a><img src=i><a href=b>2</a>"),
              ElementsAre("hyperlink a href https://example.org/dir/b", "requisite img src https://example.org/dir/i",
                          "hyperlink a href https://example.org/dir/b"));
}

TEST(Links, FindEverythingThatThePageIsShownWith) {
  EXPECT_THAT(
      lines("<link rel='alternate stylesheet' href=a><link rel='shortcut icon' href=b><script src=c></script><style>d "
            "{ background: url(e) }</style><body background=f style=\"src:url('g')\"><img src=h srcset='i 1x, j 2x' "
            "data-src=k><picture><source srcset=l></picture><video src=m poster=n><track src=o></video><object "
            "data=p></object><embed src=q><iframe src=r></iframe><input type=image src=s><svg><image "
            "xlink:href=t /></svg>"),
      ElementsAre("requisite link href https://example.org/dir/a", "requisite link href https://example.org/dir/b",
                  "requisite script src https://example.org/dir/c", "requisite style  https://example.org/dir/e",
                  "requisite body background https://example.org/dir/f",
                  "requisite body style https://example.org/dir/g", "requisite img src https://example.org/dir/h",
                  "requisite img srcset https://example.org/dir/i", "requisite img srcset https://example.org/dir/j",
                  "requisite img data-src https://example.org/dir/k",
                  "requisite source srcset https://example.org/dir/l", "requisite video src https://example.org/dir/m",
                  "requisite video poster https://example.org/dir/n", "requisite track src https://example.org/dir/o",
                  "requisite object data https://example.org/dir/p", "requisite embed src https://example.org/dir/q",
                  "requisite iframe src https://example.org/dir/r", "requisite input src https://example.org/dir/s",
                  "requisite image xlink:href https://example.org/dir/t"));
}

TEST(Links, KindOfALinkElementComesFromItsRel) {
  EXPECT_THAT(
      lines("<link rel=canonical href=a><link rel=alternate hreflang=de href=b><link rel=next href=c><link "
            "rel='preconnect' href='https://cdn.org'><link href=d><link rel=cite-as href='https://doi.org/10.1/x'>"),
      ElementsAre("canonical link href https://example.org/dir/a", "alternate link href https://example.org/dir/b",
                  "hyperlink link href https://example.org/dir/c", "hyperlink link href https://doi.org/10.1/x"));
}

TEST(Links, FormsAndRefreshesAreKindsOfTheirOwn) {
  EXPECT_THAT(
      lines("<meta http-equiv=Refresh content='0; URL=a'><meta name=x content='0; url=b'><form "
            "action=c><button formaction=d></form><form action=''></form>"),
      ElementsAre("refresh meta content https://example.org/dir/a", "form form action https://example.org/dir/c",
                  "form button formaction https://example.org/dir/d",
                  "form form action https://example.org/dir/page?q=1"));
}

TEST(Links, EmptyAddressesMeanThePageForHyperlinksOnly) {
  EXPECT_THAT(lines("<a href=''>x</a><img src=''><script src=' '></script>"),
              ElementsAre("hyperlink a href https://example.org/dir/page?q=1"));
}

TEST(Links, CutLongTextsBetweenCharacters) {
  std::string text;
  for (int i = 0; i < 600; ++i) text += "\u00E9";
  const auto all = links_of("<a href=x>a" + text + "</a>");
  EXPECT_EQ(all[0].text.size(), 999u);
  EXPECT_TRUE(all[0].text.ends_with("\u00E9"));
}

TEST(Links, OfAStyleSheet) {
  std::vector<std::string> found;
  for (const Url& url :
       css_links("@import 'a.css'; @import url( \"b.css\" ) print; /* url(no) */ x{ background:URL(c.png) "
                 "no-repeat, url(data:image/png;base64,xx); content: 'url(no)'; src: url('d e.woff') } "
                 "y{ b: url(f\\)g.png) } .nourl(h) {} @imported 'no'",
                 address())) {
    found.push_back(url.href());
  }
  EXPECT_THAT(found, ElementsAre("https://example.org/dir/a.css", "https://example.org/dir/b.css",
                                 "https://example.org/dir/c.png", "https://example.org/dir/d%20e.woff",
                                 "https://example.org/dir/f)g.png"));
}

TEST(Links, OfABrokenStyleSheetDoNotRunOn) {
  EXPECT_TRUE(css_links("x{ background: url(", address()).empty());
  EXPECT_TRUE(css_links("/* url(a)", address()).empty());
  EXPECT_EQ(css_links("x{ content: 'open\n} y{ b: url(a)", address()).size(), 1u);
  EXPECT_EQ(css_links("@import 'a", address()).size(), 1u);
  EXPECT_TRUE(css_links("\\", address()).empty());
}

TEST(Srcset, IsReadAsBrowsersDo) {
  EXPECT_THAT(srcset_addresses("a.png, b.png 2x , c.png 100w 50h,d.png"),
              ElementsAre("a.png", "b.png", "c.png", "d.png"));
  EXPECT_THAT(srcset_addresses("data:image/png,xx 1x, b"), ElementsAre("data:image/png,xx", "b"));
  EXPECT_THAT(srcset_addresses(" ,, a.png, , "), ElementsAre("a.png"));
  EXPECT_THAT(srcset_addresses("a.png calc(1x, 2x), b"), ElementsAre("a.png", "b"));
  EXPECT_THAT(srcset_addresses(""), IsEmpty());
}

TEST(Refresh, IsReadAsBrowsersDo) {
  EXPECT_EQ(refresh_address("5; url=a"), "a");
  EXPECT_EQ(refresh_address(" 0.5 ,  URL = 'a b' x"), "a b");
  EXPECT_EQ(refresh_address("0;url=\"a"), "a");
  EXPECT_EQ(refresh_address("0; a"), "a");
  EXPECT_EQ(refresh_address("0 a"), "a");
  EXPECT_EQ(refresh_address("0;urlx"), "urlx");
  EXPECT_EQ(refresh_address("5"), std::nullopt);
  EXPECT_EQ(refresh_address("5;"), std::nullopt);
  EXPECT_EQ(refresh_address("x; url=a"), std::nullopt);
  EXPECT_EQ(refresh_address("5url=a"), std::nullopt);
  EXPECT_EQ(refresh_address(""), std::nullopt);
}

TEST(RobotsDirectives, AreLowerCaseWordsOfAllRobotsMetas) {
  EXPECT_THAT(robots_directives(*Document::parse("<meta name=ROBOTS content='NoArchive, nofollow'><meta name=googlebot "
                                                 "content=none><meta name=robots content=' max-snippet:50 ,,'>")),
              ElementsAre("noarchive", "nofollow", "max-snippet:50"));
  EXPECT_THAT(robots_directives(*Document::parse("<p>")), IsEmpty());
}

}  // namespace
}  // namespace vellum::html
