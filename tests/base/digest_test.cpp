#include "base/digest.h"

#include <gtest/gtest.h>

namespace vellum {
namespace {

// FIPS 180-4's own example.
constexpr const char* kAbc = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Digest, MatchesTheStandardsExamples) {
  EXPECT_EQ(sha256("abc").to_text(), kAbc);
  EXPECT_EQ(sha256("").to_text(), "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha1_base32(""), "3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
  EXPECT_EQ(sha1_base32("abc"), "VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5");
}

TEST(Digest, StreamedAndWholeAreTheSame) {
  Sha256 hasher;
  hasher.update("a");
  hasher.update("");
  hasher.update("bc");
  EXPECT_EQ(hasher.finish(), sha256("abc"));
}

TEST(Digest, ReadsItsTextInAnyCaseWithOrWithoutPrefix) {
  EXPECT_EQ(*Digest::parse(kAbc), sha256("abc"));
  EXPECT_EQ(*Digest::parse("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD"), sha256("abc"));
}

TEST(Digest, RefusesTextsThatAreNone) {
  for (const char* text : {"", "sha256:", "sha1:VGMT4NSHA2AWVOR6EVYXQUGCNSONBWE5", "sha256:ba78",
                           "sha256:za7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                           "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad0"}) {
    EXPECT_FALSE(Digest::parse(text)) << text;
  }
}

TEST(Digest, RawBytesMustBeThirtyTwo) {
  EXPECT_EQ(*Digest::from_bytes(sha256("abc").view()), sha256("abc"));
  const auto cut = Digest::from_bytes("short");
  ASSERT_FALSE(cut);
  EXPECT_EQ(cut.error().kind, ErrorKind::kCorrupt);
}

TEST(Digest, HexHasTwoDigitsAByte) {
  EXPECT_EQ(to_hex(std::string_view("\x00\x0F\xFF", 3)), "000fff");
}

}  // namespace
}  // namespace vellum
