// Recipes, heads and index lines.

#include "storage/warc/wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "storage/warc/cdx.h"
#include "storage/warc/exported_head.h"

namespace vellum::warc {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string deflated(std::string_view bytes, const DeflateSettings& settings) {
  std::string out;
  const auto keep = [&](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  };
  Deflater deflater(settings);
  EXPECT_TRUE(deflater.write(bytes, keep));
  EXPECT_TRUE(deflater.finish(keep));
  return out;
}

std::string page() {
  std::string text;
  for (int i = 0; i < 4000; ++i) text += "<p>paragraph " + std::to_string(i * i % 977) + "</p>\n";
  return text;
}

TEST(Wire, RebuildsGzipOfAnyLevelFromItsRecipe) {
  const std::string payload = page();
  for (int level = 1; level <= 9; ++level) {
    for (int memory_level : {8, 9}) {
      const std::string coded = deflated(payload, {level, memory_level, 31});
      Wire wire;
      keep_coded(wire, coded, payload);
      EXPECT_TRUE(wire.deflate.has_value());
      EXPECT_LT(wire.encode().size(), 200u);
      const auto stored = Wire::decode(wire.encode());
      ASSERT_TRUE(stored);
      EXPECT_EQ(rebuild_body(*stored, payload, sha256(coded)).value_or(""), coded);
    }
  }
}

TEST(Wire, KeepsTheBytesWhereNoSettingsRebuildThem) {
  const std::string coded = "not zlib's work at all";
  Wire wire;
  keep_coded(wire, coded, "payload");
  const auto stored = Wire::decode(wire.encode());
  ASSERT_TRUE(stored && stored->coded);
  EXPECT_EQ(rebuild_body(*stored, "payload", sha256(coded)).value_or(""), coded);
}

TEST(Wire, RebuildsChunksToTheByte) {
  const std::string body = "5;x=y\r\nhello\r\n0006\r\n world\n1\n!\r\n0\r\nTrailer: x\r\n\r\nrest";
  Wire wire;
  EXPECT_EQ(take_chunks(wire, body), "hello world!");
  EXPECT_EQ(rebuild_body(*Wire::decode(wire.encode()), "hello world!", sha256("hello world!")).value_or(""), body);
}

TEST(Wire, WhatIsNotChunkedStays) {
  for (const char* body : {"", "hello", "5\r\nhel", "fffffffffffffff\r\nx", "5\r\nhelloX\r\n0\r\n\r\n"}) {
    Wire wire;
    EXPECT_EQ(take_chunks(wire, body), body);
    EXPECT_TRUE(wire.frames.empty());
  }
}

TEST(Wire, ARecipeOfAnotherBodyIsRefused) {
  Wire wire;
  const std::string coded = deflated("abc", {6, 8, 31});
  keep_coded(wire, coded, "abc");
  const auto body = rebuild_body(wire, "abd", sha256(coded));
  ASSERT_FALSE(body);
  EXPECT_EQ(body.error().kind, ErrorKind::kCorrupt);
}

TEST(ExportedHead, NeverPairsContentEncodingWithADecodedBody) {
  const std::string head =
      "HTTP/2 200\r\nContent-Encoding: br\r\nContent-Length: 7\r\nTransfer-Encoding: chunked\r\nX: y\r\n\r\n";
  const std::string out = exported_head(head, 100, ExportedBody::kDecoded);
  EXPECT_THAT(out, testing::StartsWith("HTTP/1.1 200 \r\nX-Archive-Orig-Content-Encoding: br\r\n"));
  EXPECT_THAT(out, HasSubstr("\r\nX-Archive-Orig-Content-Length: 7\r\n"));
  EXPECT_THAT(out, HasSubstr("\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\n"));
  EXPECT_THAT(out, HasSubstr("\r\nContent-Length: 100\r\n\r\n"));
  EXPECT_THAT(exported_head(head, 100, ExportedBody::kCoded), HasSubstr("\r\nContent-Encoding: br\r\n"));
}

TEST(ExportedHead, LeavesAPlainBlockAsItIs) {
  const std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nX:  y \r\n\r\n";
  EXPECT_EQ(exported_head(head, 3, ExportedBody::kDecoded), head);
  EXPECT_EQ(exported_head("", 3, ExportedBody::kDecoded), "");
}

TEST(Cdx, LinesAreReadAsTheyWereWritten) {
  IndexLine line{"org,example)/",
                 *parse_timestamp("2020-02-01T10:11:12Z"),
                 "https://example.org/",
                 "text/html",
                 200,
                 "sha1:ABC",
                 "",
                 "x.warc.gz",
                 17,
                 42,
                 "sha256:00",
                 "urn:uuid:1"};
  const auto read = parse_cdxj_line(cdxj_line(line));
  ASSERT_TRUE(read);
  EXPECT_EQ(cdxj_line(*read), cdxj_line(line));
  EXPECT_EQ(cdx_line(line),
            "org,example)/ 20200201101112 https://example.org/ text/html 200 ABC - - 42 17 x.warc.gz <urn:uuid:1>\n");
}

TEST(Cdx, BadLinesAreRefused) {
  for (const char* bad :
       {"", "a", "a b", "a 2020 {}", "a 20200201101112 []", "a 20200201101112 {", "a 20201301101112 {}",
        "a 20200201101112 {\"offset\":\"x\"}", "a 20200201101112 {\"length\":-1}"}) {
    EXPECT_FALSE(parse_cdxj_line(bad)) << bad;
  }
}

}  // namespace
}  // namespace vellum::warc
