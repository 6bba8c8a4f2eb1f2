// Reading what is damaged, coded, folded, clipped or endless.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zstd.h>

#include "storage/warc/checker.h"
#include "storage/warc/deflate.h"
#include "storage/warc/exchange_reader.h"

namespace vellum::warc {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

std::string resource(const std::string& block, int number = 1) {
  return "WARC/1.1\r\nWARC-Type: resource\r\nWARC-Record-ID: <urn:x:" + std::to_string(number) +
         ">\r\nWARC-Date: 2020-01-01T00:00:00Z\r\nWARC-Target-URI: https://example.org/" + std::to_string(number) +
         "\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(block.size()) + "\r\n\r\n" + block +
         "\r\n\r\n";
}

std::string gzip(std::string_view bytes) {
  std::string out;
  const auto keep = [&](std::string_view piece) -> Result<void> {
    out += piece;
    return {};
  };
  Deflater deflater({6, 8, 31});
  EXPECT_TRUE(deflater.write(bytes, keep));
  EXPECT_TRUE(deflater.finish(keep));
  return out;
}

struct Read {
  std::vector<std::string> blocks, rules;
};

Read read(const std::string& bytes) {
  Read out;
  RecordReader reader(over_bytes(bytes), [&](const Fault& fault) { out.rules.emplace_back(fault.rule->name); });
  for (;;) {
    const auto record = reader.next();
    if (!record || !*record) break;
    std::string block;
    for (auto piece = reader.read_block(); piece && !piece->empty(); piece = reader.read_block()) block += *piece;
    out.blocks.push_back(block);
  }
  return out;
}

TEST(WarcReader, ReadsPlainAndCompressedFilesAlike) {
  const std::string one = resource("first", 1), two = resource(std::string(300'000, 'x'), 2);
  for (const std::string& bytes : {one + two, gzip(one) + gzip(two)}) {
    const Read out = read(bytes);
    EXPECT_THAT(out.rules, IsEmpty());
    EXPECT_THAT(out.blocks, ElementsAre("first", std::string(300'000, 'x')));
  }
}

TEST(WarcReader, ToleratesAndNamesAFileThatIsOneMember) {
  const Read out = read(gzip(resource("a") + resource("b") + resource("c")));
  EXPECT_THAT(out.blocks, ElementsAre("a", "b", "c"));
  EXPECT_THAT(out.rules, ElementsAre("member-per-record"));
}

TEST(WarcReader, NamesARecordThatSpansMembers) {
  const std::string whole = resource(std::string(1000, 'y'));
  const Read out = read(gzip(whole.substr(0, 500)) + gzip(whole.substr(500)));
  EXPECT_THAT(out.blocks, ElementsAre(std::string(1000, 'y')));
  EXPECT_THAT(out.rules, ElementsAre("member-per-record"));
}

TEST(WarcReader, KeepsWhatStandsBeforeTheEndOfAClippedFile) {
  const std::string one = gzip(resource("first")), two = gzip(resource(std::string(5000, 'z')));
  const Read out = read(one + two.substr(0, two.size() - 20));
  ASSERT_EQ(out.blocks.size(), 2u);
  EXPECT_EQ(out.blocks[0], "first");
  EXPECT_THAT(out.rules, Contains("gzip-clipped"));
}

TEST(WarcReader, GoesOnAfterADamagedMember) {
  std::string one = gzip(resource("first")), two = gzip(resource("second"));
  one[one.size() / 2] = static_cast<char>(one[one.size() / 2] ^ 0x55);
  const Read out = read(one + two);
  EXPECT_THAT(out.blocks, Contains("second"));
  EXPECT_FALSE(out.rules.empty());
  EXPECT_THAT(read(two + "garbage" + two).blocks, ElementsAre("second", "second"));
}

TEST(WarcReader, FindsTheNextRecordAfterAWrongLength) {
  std::string one = resource("first");
  one.replace(one.find("Content-Length: 5"), 17, "Content-Length: 3");
  const Read out = read(one + resource("second"));
  EXPECT_THAT(out.blocks, ElementsAre("fir", "second"));
  EXPECT_THAT(out.rules, ElementsAre("record-end", "version-line"));
}

TEST(WarcReader, ALengthBeyondItsMemberCostsNoOtherRecord) {
  std::string one = resource("first");
  one.replace(one.find("Content-Length: 5"), 17, "Content-Length: 99999999");
  const Read out = read(gzip(one) + gzip(resource("second")));
  EXPECT_THAT(out.blocks, Contains("second"));
  EXPECT_THAT(out.rules, ElementsAre("block-clipped"));
}

TEST(WarcReader, AnEndlessHeaderIsGivenUpInConstantMemory) {
  const Read out = read("WARC/1.1\r\nX: " + std::string(8u << 20, 'a') + "\r\n\r\n" + resource("second"));
  EXPECT_THAT(out.rules, Contains("header-size"));
  EXPECT_THAT(out.blocks, Contains("second"));
}

TEST(WarcReader, HeadersOfMillionsOfFieldsAreGivenUp) {
  std::string header = "WARC/1.1\r\n";
  for (int i = 0; i < 200'000; ++i) header += "a:\r\n";
  EXPECT_THAT(read(header + "\r\n" + resource("second")).blocks, Contains("second"));
}

TEST(WarcReader, UnfoldsFields) {
  RecordReader reader(
      over_bytes("WARC/1.0\r\nWARC-Type: resource\r\nX: one\r\n two\r\n\tthree\r\nContent-Length: 0\r\n\r\n\r\n\r\n"),
      [](const Fault&) {});
  const auto record = reader.next();
  ASSERT_TRUE(record && *record);
  EXPECT_EQ((*record)->first("x"), "one two three");
}

TEST(WarcReader, ReadsArcOfBothVersions) {
  const std::string text = "HTTP/1.0 200 OK\r\n\r\nx";
  const std::string length = std::to_string(text.size());
  const std::string head = "filedesc://a.arc 0.0.0.0 20200101000000 text/plain 4\n1 0\n\n";
  const std::string first = "http://example.org/a b 192.0.2.7 20200102030405 text/html " + length + "\n" + text + "\n";
  const std::string second =
      "http://example.org/2 192.0.2.7 20200102030405 text/html 200 - - 0 a.arc " + length + "\n" + text + "\n";
  const std::string file = head + first + second;
  RecordReader reader(over_bytes(file), [](const Fault& fault) { ADD_FAILURE() << fault.detail; });
  std::vector<std::string> urls;
  for (auto record = reader.next(); record && *record; record = reader.next())
    urls.push_back((*record)->uri("WARC-Target-URI"));
  EXPECT_THAT(urls, ElementsAre("filedesc://a.arc", "http://example.org/a b", "http://example.org/2"));
}

std::string zstd_frame(std::string_view bytes, const std::string& dictionary = "") {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_loadDictionary(context, dictionary.data(), dictionary.size());
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress2(context, out.data(), out.size(), bytes.data(), bytes.size());
  ZSTD_freeCCtx(context);
  EXPECT_FALSE(ZSTD_isError(size));
  out.resize(size);
  return out;
}

std::string skippable(const std::string& content) {
  std::string out = "\x5d\x2a\x4d\x18";
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(content.size() >> shift & 0xff);
  return out + content;
}

TEST(WarcReader, ReadsZstdWithAndWithoutADictionary) {
  const std::string one = resource("first"), two = resource(std::string(100'000, 'q'));
  const std::string dictionary = resource("some other text that is alike");
  for (const std::string& bytes :
       {zstd_frame(one) + zstd_frame(two),
        skippable(dictionary) + zstd_frame(one, dictionary) + zstd_frame(two, dictionary),
        skippable(zstd_frame(dictionary)) + zstd_frame(one, dictionary) + zstd_frame(two, dictionary)}) {
    const Read out = read(bytes);
    EXPECT_THAT(out.rules, IsEmpty());
    EXPECT_THAT(out.blocks, ElementsAre("first", std::string(100'000, 'q')));
  }
}

TEST(WarcReader, AFrameThatIsDamagedFromItsFirstByteIsLeft) {
  const std::string bad("\x28\xb5\x2f\xfd\xff\xff\xff\xff\xff\xff", 10);
  const Read out = read(bad + bad + zstd_frame(resource("x")));
  EXPECT_THAT(out.rules, Contains("zstd-damaged"));
  EXPECT_THAT(out.blocks, ElementsAre("x"));
}

TEST(WarcReader, ADictionaryOfGigabytesIsNotAllocated) {
  const Read out = read(std::string("\x5d\x2a\x4d\x18\xff\xff\xff\xff", 8) + zstd_frame(resource("x")));
  EXPECT_THAT(out.rules, Contains("zstd-dictionary"));
}

TEST(ExchangeReader, PairsRequestAndResponseInEitherOrder) {
  const std::string request =
      "WARC/1.1\r\nWARC-Type: request\r\nWARC-Record-ID: <urn:x:2>\r\nWARC-Date: "
      "2020-01-01T00:00:00Z\r\nWARC-Target-URI: "
      "https://example.org/1\r\nWARC-Concurrent-To: <urn:x:1>\r\nContent-Type: application/http;msgtype=request\r\n"
      "Content-Length: 38\r\n\r\nGET /1 HTTP/1.1\r\nHost: example.org\r\n\r\n\r\n\r\n";
  for (const std::string& bytes : {resource("x") + request, request + resource("x")}) {
    std::vector<std::string> requests;
    ExchangeReader reader(
        [&](const ImportedExchange& exchange) -> Result<void> {
          requests.push_back(exchange.headers.request);
          return {};
        },
        [](const std::string& line) { ADD_FAILURE() << line; });
    ASSERT_TRUE(reader.read(over_bytes(bytes), "x"));
    ASSERT_TRUE(reader.finish());
    EXPECT_THAT(requests, ElementsAre("GET /1 HTTP/1.1\r\nHost: example.org\r\n\r\n"));
  }
}

TEST(ExchangeReader, JoinsSegments) {
  std::string first = resource("first half, "), second = resource("second half", 2);
  first.insert(first.find("Content-Type"), "WARC-Segment-Number: 1\r\n");
  second.replace(second.find("resource"), 8, "continuation");
  second.insert(second.find("Content-Type"),
                "WARC-Segment-Number: 2\r\nWARC-Segment-Origin-ID: <urn:x:1>\r\nWARC-Segment-Total-Length: 23\r\n");
  std::vector<std::string> payloads;
  ExchangeReader reader(
      [&](const ImportedExchange& exchange) -> Result<void> {
        payloads.push_back(exchange.payload);
        return {};
      },
      [](const std::string& line) { ADD_FAILURE() << line; });
  ASSERT_TRUE(reader.read(over_bytes(first), "1"));
  ASSERT_TRUE(reader.read(over_bytes(second), "2"));
  ASSERT_TRUE(reader.finish());
  EXPECT_THAT(payloads, ElementsAre("first half, second half"));
}

}  // namespace
}  // namespace vellum::warc
