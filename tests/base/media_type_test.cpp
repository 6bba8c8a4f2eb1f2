#include "base/media_type.h"

#include <gtest/gtest.h>

#include "tests/base/data_file.h"

namespace vellum {
namespace {

TEST(MediaType, EveryRowOfMediaTypeCasesHolds) {
  const auto rows = test::tsv_rows(test::own_data("media_type_cases.tsv"));
  ASSERT_GT(rows.size(), 15u);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), 3u) << row[0];
    const MediaType type = parse_media_type(row[0]);
    EXPECT_EQ(type.essence, row[1]) << row[0];
    EXPECT_EQ(type.charset, row[2]) << row[0];
  }
}

TEST(MediaType, KnowsItsFamily) {
  EXPECT_TRUE(parse_media_type("application/xhtml+xml").is_html());
  EXPECT_TRUE(parse_media_type("image/svg+xml").is_xml());
  EXPECT_TRUE(parse_media_type("application/ld+json").is_text());
  EXPECT_TRUE(parse_media_type("text/css").is_text());
  EXPECT_FALSE(parse_media_type("application/pdf").is_text());
  EXPECT_FALSE(parse_media_type("application/json").is_html());
}

std::string sniffed(std::string_view declared, std::string_view bytes) {
  return sniffed_essence(parse_media_type(declared), bytes);
}

TEST(Sniffing, FillsAMissingType) {
  EXPECT_EQ(sniffed("", " \n<!DOCTYPE html><title>x</title>"), "text/html");
  EXPECT_EQ(sniffed("", "<!-- hello -->"), "text/html");
  EXPECT_EQ(sniffed("", "%PDF-1.7\n"), "application/pdf");
  EXPECT_EQ(sniffed("", "<?xml version='1.0'?><article/>"), "text/xml");
  EXPECT_EQ(sniffed("", "\x89PNG\r\n\x1A\n...."), "image/png");
  EXPECT_EQ(sniffed("", "plain words"), "text/plain");
  EXPECT_EQ(sniffed("", std::string_view("\x00\x01\x02", 3)), "application/octet-stream");
  EXPECT_EQ(sniffed("", ""), "application/octet-stream");
}

TEST(Sniffing, BelievesADeclaredTypeExceptInThreeCases) {
  EXPECT_EQ(sniffed("text/html", "%PDF-1.7\n"), "text/html");
  EXPECT_EQ(sniffed("image/png", "<html>"), "image/png");
  EXPECT_EQ(sniffed("text/plain; charset=utf-8", "%PDF-1.4\n\x01\x02"), "application/pdf");
  EXPECT_EQ(sniffed("text/plain", "<html><p>shown as source"), "text/plain");
  EXPECT_EQ(sniffed("application/octet-stream", "<html> "), "text/html");
  EXPECT_EQ(sniffed("application/octet-stream", "%PDF-1.4"), "application/pdf");
  EXPECT_EQ(sniffed("application/octet-stream", "just text"), "application/octet-stream");
}

TEST(Sniffing, ATagMustEnd) {
  EXPECT_EQ(sniffed("", "<ab> is no tag"), "text/plain");
  EXPECT_EQ(sniffed("", "<a href=x>"), "text/html");
}

}  // namespace
}  // namespace vellum
