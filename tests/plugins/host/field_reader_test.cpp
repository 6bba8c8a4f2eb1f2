#include "plugins/host/field_reader.h"

#include <gtest/gtest.h>

#include "plugins/host/rule_file.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

// Reads the field `title` of a page by the sources that `toml` names.
Reading read(const std::string& sources, const std::string& body, const Json& record = Json::object()) {
  auto file = RuleFile::parse("id=\"a\"\nversion=1\n[fields]\ntitle = " + sources + "\n", "plugin.toml");
  EXPECT_TRUE(file) << file.error().message;
  auto rule = file->compile(nullptr);
  EXPECT_TRUE(rule) << rule.error().message;
  Answer one = answer(body, "https://example.org/a/42?x=1");
  auto view = PageView::parse(one);
  EXPECT_TRUE(view);
  return FieldReader(*view, record).read(rule->body.fields.at(0));
}

TEST(FieldReader, TheFirstSourceThatYieldsAValueWins) {
  EXPECT_EQ(read(R"(["h1", { meta = "DC.Title" }, "h2"])",
                 "<meta name=dc.title content='From meta'><h1> </h1><h2>From h2</h2>")
                .first(),
            "From meta");
}

TEST(FieldReader, ReadsAttributesCapturesAndConstants) {
  EXPECT_EQ(read(R"({ css = "a", attr = "href", match = 'id=(\d+)' })", "<a href='/x?id=12&b'>t</a>").first(), "12");
  EXPECT_EQ(read(R"({ path = '^/a/(\d+)' })", "<p>x").first(), "42");
  EXPECT_EQ(read(R"({ const = "Nature" })", "<p>x").first(), "Nature");
}

TEST(FieldReader, ReadsJsonLdAndJsonInScripts) {
  EXPECT_EQ(read(R"({ json = "author[*].name" })",
                 R"(<script type="application/ld+json">{"author":[{"name":"A"},{"name":"B"}]}</script>)")
                .values,
            (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(read(R"({ json = "props.list[1].t", in = "script#state" })",
                 R"(<script id=state>window.S = {"props":{"list":[{"t":1},{"t":"two"}]}};</script>)")
                .first(),
            "two");
}

TEST(FieldReader, ReadsTheObjectThatAScriptAssignsToAVariable) {
  const std::string page =
      R"(<script>var a = {"t":"no"};</script><script>window.__STATE__ = {"article":{"t":"a } in a text"}}; f({});</script>)"
      R"(<script id=iso type="application/json">"{\"t\":\"twice\"}"</script>)";
  EXPECT_EQ(read(R"({ json = "article.t", var = "window.__STATE__" })", page).first(), "a } in a text");
  EXPECT_EQ(read(R"({ json = "t", in = "script#iso" })", page).first(), "twice");
  EXPECT_TRUE(read(R"({ json = "t", var = "window.__OTHER__" })", page).empty());
}

TEST(FieldReader, StarsWhatTheRuleNames) {
  EXPECT_EQ(read(R"({ css = "i", star = ".major" })", "<i class=major>A</i>").first(), "A*");
  EXPECT_EQ(read(R"({ css = "i", star = ".major" })", "<i>A</i>").first(), "A");
}

TEST(FieldReader, SplitsCleansAndJoins) {
  EXPECT_EQ(read(R"({ css = "p", split = ";", clean = "no_final_dot" })", "<p>a; b; c.</p>").values,
            (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(read(R"({ css = "p", join = " " })", "<p>one</p><p>two</p>").first(), "one two");
}

TEST(FieldReader, KeepsTheInlineMarkupOfWhatItRead) {
  Reading reading = read(R"({ css = "h1", clean = "no_final_dot" })", "<h1>CO<sub>2</sub> sinks.</h1>");
  EXPECT_EQ(reading.first(), "CO2 sinks");
  EXPECT_EQ(reading.markup, "CO<sub>2</sub> sinks");
}

TEST(FieldReader, FormatsWithTheRecord) {
  Json record = {{"ids", {{"pmid", "30526772"}}}};
  EXPECT_EQ(read(R"({ css = "button", format = "/{ids.pmid}/references/" })", "<button>all</button>", record).first(),
            "/30526772/references/");
  EXPECT_TRUE(read(R"({ css = "button", format = "/{ids.doi}/" })", "<button>all</button>", record).empty());
}

TEST(FieldReader, LooksBeforeAfterAndAboveAnItem) {
  Answer one = answer("<div class=box><h2>Retraction in</h2><h4>METHODS</h4><p>text</p><sup>1</sup><p>next</p></div>");
  auto view = PageView::parse(one);
  Json record;
  FieldReader reader(*view, record);
  auto paragraphs = html::Selector::compile("p")->select(view->document().root());
  auto source = [](Source::From from, const char* css) {
    Source s;
    s.from = from;
    s.selector = std::make_shared<html::Selector>(std::move(*html::Selector::compile(css)));
    static constexpr FieldShape kAny = {"any"};
    return FieldRule{&kAny, {s}};
  };
  EXPECT_EQ(reader.read(source(Source::From::kBefore, "h4"), {paragraphs[0], paragraphs[1]}).first(), "METHODS");
  EXPECT_EQ(reader.read(source(Source::From::kAfter, "sup"), {paragraphs[0], paragraphs[1]}).first(), "1");
  EXPECT_TRUE(reader.read(source(Source::From::kAfter, "p"), {paragraphs[0], paragraphs[1]}).empty());
  EXPECT_EQ(reader.read(source(Source::From::kUp, ".box"), {paragraphs[1], {}}).first().substr(0, 13), "Retraction in");
}

}  // namespace
}  // namespace vellum::plugins
