#include "crawler/net/body_receiver.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace vellum::net {
namespace {

constexpr std::uint64_t kPlenty = 1u << 24;

std::string data(const std::string& name) {
  std::ifstream file(std::string(VELLUM_TEST_DATA) + "/crawler/net/" + name, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

Result<ReceivedBody> receive(std::string_view codings, std::string_view coded, std::uint64_t limit = kPlenty,
                             std::size_t step = 7) {
  BodyReceiver receiver(codings, limit);
  for (std::size_t at = 0; at < coded.size(); at += step) VELLUM_CHECK(receiver.write(coded.substr(at, step)));
  return receiver.finish();
}

TEST(BodyReceiver, GivesOneDigestForAPlainBody) {
  for (const char* codings : {"", "identity", " , Identity"}) {
    const auto received = receive(codings, "hello");
    ASSERT_TRUE(received) << codings;
    EXPECT_EQ(received->body.view().value(), "hello");
    EXPECT_EQ(received->digest, sha256("hello"));
    EXPECT_EQ(received->coded_digest, sha256("hello"));
    EXPECT_EQ(received->coded_bytes, 5u);
    EXPECT_EQ(received->coding_fault, "");
  }
}

TEST(BodyReceiver, DecodesAndAccountsForBothForms) {
  const std::string page = data("page.html"), coded = data("page.html.gz");
  const auto received = receive("gzip", coded);
  ASSERT_TRUE(received);
  EXPECT_EQ(received->body.view().value(), page);
  EXPECT_EQ(received->digest, sha256(page));
  EXPECT_EQ(received->coded_digest, sha256(coded));
  EXPECT_EQ(received->coded_bytes, coded.size());
}

TEST(BodyReceiver, TakesAnEmptyBodyWhateverTheCoding) {
  for (const char* codings : {"", "gzip", "br", "zstd", "sdch"}) {
    const auto received = receive(codings, "");
    ASSERT_TRUE(received) << codings;
    EXPECT_EQ(received->digest, sha256(""));
    EXPECT_EQ(received->coding_fault, "");
  }
}

TEST(BodyReceiver, KeepsABodyOfUnknownCodingAsItCame) {
  const auto received = receive("sdch", "xyz");
  ASSERT_TRUE(received);
  EXPECT_EQ(received->body.view().value(), "xyz");
  EXPECT_EQ(received->digest, sha256("xyz"));
  EXPECT_NE(received->coding_fault.find("sdch"), std::string::npos);
}

TEST(BodyReceiver, KeepsTheCodedBytesWhenTheyBreakHalfway) {
  std::string coded = data("page.html.gz");
  coded[coded.size() - 6] = static_cast<char>(coded[coded.size() - 6] ^ 0x55);  // the checksum: all else decodes
  const auto received = receive("gzip", coded);
  ASSERT_TRUE(received);
  EXPECT_NE(received->coding_fault, "");
  EXPECT_EQ(received->body.view().value(), coded);
  EXPECT_EQ(received->digest, sha256(coded));
}

TEST(BodyReceiver, FailsForEveryCutOfACodedStream) {
  for (const auto& [coding, file] : {std::pair{"gzip", "page.html.gz"},
                                     {"br", "page.html.br"},
                                     {"zstd", "page.html.zst"},
                                     {"deflate", "page.html.zlib"}}) {
    const std::string coded = data(file);
    for (std::size_t length = 1; length < coded.size(); length += 97) {
      const auto received = receive(coding, std::string_view(coded).substr(0, length));
      ASSERT_FALSE(received) << coding << " cut to " << length;
      EXPECT_EQ(received.error().kind, ErrorKind::kProtocol);
    }
  }
}

TEST(BodyReceiver, StopsABombAtTheLimit) {
  const auto received = receive("gzip", data("bomb.gz"), 1u << 20);  // 8 MiB of zeros
  ASSERT_FALSE(received);
  EXPECT_EQ(received.error().kind, ErrorKind::kTooLarge);
}

TEST(BodyReceiver, HoldsTheLimitToTheByteInBothForms) {
  EXPECT_TRUE(receive("", "12345", 5));
  EXPECT_EQ(receive("", "123456", 5).error().kind, ErrorKind::kTooLarge);
  const std::string page = data("page.html"), coded = data("page.html.gz");
  EXPECT_TRUE(receive("gzip", coded, page.size()));
  EXPECT_EQ(receive("gzip", coded, page.size() - 1).error().kind, ErrorKind::kTooLarge);
  EXPECT_EQ(receive("gzip", coded, coded.size() - 1).error().kind, ErrorKind::kTooLarge);
}

}  // namespace
}  // namespace vellum::net
