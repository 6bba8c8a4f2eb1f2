#include "base/content_coding.h"

#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

namespace vellum {
namespace {

constexpr std::size_t kEnough = 1 << 20;

// window_bits as for zlib: 31 gzip, 15 zlib, -15 raw deflate.
std::string deflated(std::string_view text, int window_bits) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}
std::string gzip(std::string_view text) {
  return deflated(text, 31);
}

std::string zstd(std::string_view text) {
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

// kHello by the reference encoder, quality 5: only its decoder is linked here.
constexpr std::string_view kHello = "hello hello hello hello\n";
constexpr std::string_view kHelloBrotli(
    "\x1b\x17\x00\x00\xa4\x14@r\x10"
    "E\x94\xa9\xc3s\xfa\x0b",
    16);

std::string sample() {
  std::string text;
  for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i * 7919 % 10'007) + "\n";
  return text;
}

// Decodes in pieces of `step` bytes.
Result<std::string> in_pieces(std::string_view codings, std::string_view coded, std::size_t step) {
  std::string out;
  const ContentDecoder::Sink sink = [&](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  };
  VELLUM_TRY(auto decoder, ContentDecoder::open(codings));
  for (std::size_t at = 0; at < coded.size(); at += step) VELLUM_CHECK(decoder.write(coded.substr(at, step), sink));
  VELLUM_CHECK(decoder.finish(sink));
  return out;
}

TEST(ContentDecoder, UndoesEachCodingWholeAndInPieces) {
  const std::string text = sample();
  const std::pair<const char*, std::string> codings[] = {{"gzip", gzip(text)},
                                                         {"x-gzip", gzip(text)},
                                                         {"deflate", deflated(text, 15)},
                                                         {"deflate", deflated(text, -15)},
                                                         {"zstd", zstd(text)},
                                                         {"", text},
                                                         {"identity", text}};
  for (const auto& [coding, coded] : codings) {
    for (std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, coded.size()}) {
      const auto out = in_pieces(coding, coded, step);
      ASSERT_TRUE(out) << coding << ": " << out.error().message;
      EXPECT_EQ(*out, text) << coding << " in steps of " << step;
    }
  }
}

TEST(ContentDecoder, UndoesBrotli) {
  for (std::size_t step : {1, 5, 100}) EXPECT_EQ(*in_pieces("br", kHelloBrotli, step), kHello);
  EXPECT_EQ(*in_pieces("br", std::string(kHelloBrotli) + "garbage", 100), kHello);
  EXPECT_EQ(*in_pieces("br, gzip", gzip(kHelloBrotli), 3), kHello);
  for (std::size_t kept = 1; kept < kHelloBrotli.size(); ++kept) {
    const auto out = decode_content("br", kHelloBrotli.substr(0, kept), kEnough);
    ASSERT_FALSE(out) << kept;
    EXPECT_EQ(out.error().kind, ErrorKind::kProtocol);
  }
}

TEST(ContentDecoder, UndoesListsFromTheLastToTheFirst) {
  const std::string text = sample();
  EXPECT_EQ(*in_pieces("gzip, zstd", zstd(gzip(text)), 1000), text);
  EXPECT_EQ(*in_pieces(" DEFLATE ,identity,, GZIP ", gzip(deflated(text, 15)), 1000), text);
}

TEST(ContentDecoder, ReadsConcatenatedGzipMembers) {
  const std::string coded = gzip("one ") + gzip("") + gzip("two");
  for (std::size_t step : {std::size_t{1}, std::size_t{3}, coded.size()})
    EXPECT_EQ(*in_pieces("gzip", coded, step), "one two");
}

TEST(ContentDecoder, ReadsConcatenatedZstdFrames) {
  EXPECT_EQ(*in_pieces("zstd", zstd("one ") + zstd("two"), 2), "one two");
}

TEST(ContentDecoder, PassesOverGarbageBehindTheEnd) {
  for (std::string_view garbage : {std::string_view("\0\0\0\0", 4), std::string_view("x"),
                                   std::string_view("\x1F"
                                                    "garbage")}) {
    for (std::size_t step : {std::size_t{1}, std::size_t{1000}}) {
      EXPECT_EQ(*in_pieces("gzip", gzip("text") + std::string(garbage), step), "text");
      EXPECT_EQ(*in_pieces("deflate", deflated("text", 15) + std::string(garbage), step), "text");
    }
  }
  EXPECT_EQ(*in_pieces("zstd", zstd("text") + "garbage", 1000), "text");
}

TEST(ContentDecoder, ACutStreamIsAProtocolFault) {
  const std::string text = sample();
  for (const auto& [coding, coded] : {std::pair<const char*, std::string>{"gzip", gzip(text)},
                                      {"deflate", deflated(text, 15)},
                                      {"deflate", deflated(text, -15)},
                                      {"zstd", zstd(text)}}) {
    for (std::size_t kept : {std::size_t{1}, std::size_t{2}, std::size_t{9}, coded.size() / 2, coded.size() - 1}) {
      const auto out = decode_content(coding, std::string_view(coded).substr(0, kept), kEnough);
      ASSERT_FALSE(out) << coding << " cut to " << kept;
      EXPECT_EQ(out.error().kind, ErrorKind::kProtocol) << coding << " cut to " << kept;
    }
  }
}

TEST(ContentDecoder, BytesThatAreNotInTheCodingAreAProtocolFault) {
  for (const char* coding : {"gzip", "br", "zstd"}) {
    const auto out = decode_content(coding, "<html>not coded at all</html>", kEnough);
    ASSERT_FALSE(out) << coding;
    EXPECT_EQ(out.error().kind, ErrorKind::kProtocol) << coding;
  }
}

TEST(ContentDecoder, ADamagedChecksumIsAProtocolFault) {
  std::string coded = gzip("some text");
  coded[coded.size() - 6] = static_cast<char>(coded[coded.size() - 6] ^ 1);
  EXPECT_EQ(decode_content("gzip", coded, kEnough).error().kind, ErrorKind::kProtocol);
}

TEST(ContentDecoder, AnEmptyBodyIsEmptyInEveryCoding) {
  for (const char* coding : {"gzip", "deflate", "br", "zstd", "identity"}) {
    const auto out = decode_content(coding, "", kEnough);
    ASSERT_TRUE(out) << coding;
    EXPECT_EQ(*out, "");
  }
}

TEST(ContentDecoder, RefusesCodingsItDoesNotKnowAndEndlessLists) {
  EXPECT_EQ(ContentDecoder::open("compress").error().kind, ErrorKind::kProtocol);
  EXPECT_EQ(ContentDecoder::open("gzip, utf-8").error().kind, ErrorKind::kProtocol);
  EXPECT_FALSE(ContentDecoder::open("gzip,gzip,gzip,gzip,gzip"));
}

TEST(ContentDecoder, ABombIsCutByTheLimit) {
  const std::string bomb = gzip(gzip(std::string(10'000'000, '\0')));
  ASSERT_LT(bomb.size(), 10'000u);
  const auto out = decode_content("gzip, gzip", bomb, kEnough);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().kind, ErrorKind::kTooLarge);
}

TEST(ContentDecoder, TheLimitItselfIsAllowed) {
  EXPECT_TRUE(decode_content("gzip", gzip("12345"), 5));
  EXPECT_FALSE(decode_content("gzip", gzip("12345"), 4));
}

TEST(ContentDecoder, TheSinksErrorComesBackAsItIs) {
  auto decoder = ContentDecoder::open("gzip");
  ASSERT_TRUE(decoder);
  const auto result = decoder->write(
      gzip("text"), [](std::string_view) -> Result<void> { return fail(ErrorKind::kCancelled, "enough"); });
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kCancelled);
}

TEST(ContentDecoder, AZstdWindowOverEightMebibytesIsRefused) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 27);
  ZSTD_CCtx_setParameter(context, ZSTD_c_contentSizeFlag, 0);
  const std::string text(1 << 16, 'x');
  std::string out(ZSTD_compressBound(text.size()), '\0');
  ZSTD_inBuffer in{text.data(), text.size(), 0};
  ZSTD_outBuffer to{out.data(), out.size(), 0};
  ASSERT_FALSE(ZSTD_isError(ZSTD_compressStream2(context, &to, &in, ZSTD_e_continue)));
  ASSERT_EQ(ZSTD_compressStream2(context, &to, &in, ZSTD_e_end), 0u);
  ZSTD_freeCCtx(context);
  EXPECT_FALSE(decode_content("zstd", std::string_view(out).substr(0, to.pos), kEnough));
}

}  // namespace
}  // namespace vellum
