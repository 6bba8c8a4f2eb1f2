// Pages that want to hurt: extract() gives kind "other" with the reason, and never throws.
#include <gtest/gtest.h>

#include <string>

#include "base/article.h"
#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

constexpr const char* kPubMed = "https://pubmed.ncbi.nlm.nih.gov/30526772/";

const Registry& registry() {
  static const Registry loaded = [] {
    auto result = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
    EXPECT_TRUE(result) << result.error().message;
    return std::move(*result);
  }();
  return loaded;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  out.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

void expect_other(const Extraction& out, const char* word) {
  EXPECT_EQ(out.record["kind"], "other");
  ASSERT_FALSE(out.verdict.evidence.empty());
  EXPECT_NE(out.verdict.evidence[0].find(word), std::string::npos) << out.verdict.evidence[0];
  EXPECT_TRUE(article::faults(out.record).empty());
}

TEST(HostilePages, AHundredThousandNestedTagsAreRefused) {
  expect_other(registry().extract(page(repeated("<div>", 100'000), kPubMed)), "nest");
  expect_other(registry().extract(page(repeated("<b><div>", 100'000), kPubMed)), "nest");
}

TEST(HostilePages, FiftyMegabytesAreRefused) {
  expect_other(registry().extract(page(std::string(50u << 20, 'x'), kPubMed)), "bytes");
}

TEST(HostilePages, NoBytesAreAStub) {
  Extraction out = registry().extract(page("", kPubMed));
  expect_other(out, "empty body");
  EXPECT_EQ(out.verdict.substance, "stub");
}

TEST(HostilePages, InvalidUtf8IsRepaired) {
  Extraction out =
      registry().extract(page("<html><body><h1>a\xff\xfe\xc3</h1><p>\xf0\x80\x80\x80</p></body></html>", kPubMed));
  EXPECT_TRUE(article::faults(out.record).empty());
  EXPECT_FALSE(to_line(out.record).empty());
}

TEST(HostilePages, BinaryBytesAreAFile) {
  Extraction out = registry().extract(page(std::string("%PDF-1.4\n\0\1\2", 12), kPubMed));
  EXPECT_NE(out.record["kind"], "article");
}

TEST(HostilePages, ManyReferencesAndLinksStayLinear) {
  std::string body =
      "<html><head><meta name=ncbi_app content=pubmed></head><body><main id=article-details><div id=references>"
      "<ol class=references-list>";
  body += repeated(
      "<li><ol class=references-and-notes-list><li>A 10.1/x <a class=reference-link "
      "href='https://doi.org/10.1000/1'>DOI</a></li></ol></li>",
      8'000);
  Extraction out = registry().extract(page(body + "</ol></div></main></body></html>", kPubMed));
  EXPECT_EQ(out.record["references"].size(), 8'000u);
}

TEST(HostilePages, ManySiblingsWithoutTheSoughtOneStayLinear) {
  std::string body =
      "<html><head><meta name=ncbi_app content=pubmed></head><body><main id=article-details><div id=abstract>"
      "<div class='abstract-content selected'>";
  Extraction out =
      registry().extract(page(body + repeated("<p>x</p>", 15'000) + "</div></div></main></body></html>", kPubMed));
  EXPECT_EQ(out.plugin, "gov.nih.nlm.ncbi.pubmed");
}

TEST(HostilePages, LongTitlesNamesAndDotsDoNoHarm) {
  std::string head = "<meta name=citation_title content='" + std::string(1 << 20, 'a') +
                     "'><meta name=citation_author content='" + repeated("a, ", 100'000) +
                     "'><meta name=citation_doi content='10.1000/" + std::string(100'000, '.') +
                     "'><meta name=citation_reference content='" + repeated("citation_", 50'000) + "'>";
  Extraction out = registry().extract(page("<html><head>" + head + "</head><body><p>x</p></body></html>"));
  EXPECT_TRUE(article::faults(out.record).empty());
}

}  // namespace
}  // namespace vellum::plugins
