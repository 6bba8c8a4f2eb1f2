#include "base/signature.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "base/base64.h"
#include "base/digest.h"
#include "tests/support/temp_dir.h"

namespace vellum {
namespace {

using testing::HasSubstr;

class SignatureTest : public testing::TestWithParam<SignatureKind> {
 protected:
  SignatureKind kind() const { return GetParam(); }
  test::TempDir folder;
};

TEST_P(SignatureTest, HoldsForItsMessageAndKeyOnly) {
  const auto key = SigningKey::create(folder / "a.pem", kind());
  const auto other = SigningKey::create(folder / "b.pem", kind());
  ASSERT_TRUE(key && other);
  const std::string signature = key->sign("a message");
  EXPECT_TRUE(is_signature_of(signature, "a message", key->public_key(), kind()));
  EXPECT_FALSE(is_signature_of(signature, "a massage", key->public_key(), kind()));
  EXPECT_FALSE(is_signature_of(signature, "a message", other->public_key(), kind()));
}

TEST_P(SignatureTest, OfOtherBytesIsNone) {
  const auto key = SigningKey::create(folder / "a.pem", kind());
  const std::string signature = key->sign("a message");
  for (std::size_t size = 0; size < signature.size(); ++size)
    EXPECT_FALSE(is_signature_of(signature.substr(0, size), "a message", key->public_key(), kind())) << size;
  EXPECT_FALSE(is_signature_of(signature + "x", "a message", key->public_key(), kind()));
  EXPECT_FALSE(is_signature_of(std::string(signature.size(), '\0'), "a message", key->public_key(), kind()));
  for (const std::string_view nonsense : {"", "x", "0\x82\xff\xff", "-----BEGIN PUBLIC KEY-----"})
    EXPECT_FALSE(is_signature_of(signature, "a message", nonsense, kind()));
}

TEST_P(SignatureTest, IsMadeByTheKeyOfTheFile) {
  const auto key = SigningKey::create(folder / "a.pem", kind());
  const auto again = SigningKey::load(folder / "a.pem", kind());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(is_signature_of(again->sign("m"), "m", key->public_key(), kind()));
  struct stat status {};
  ASSERT_EQ(::stat((folder / "a.pem").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
}

TEST_P(SignatureTest, KeysAreNeitherOverwrittenNorTakenForEachOther) {
  ASSERT_TRUE(SigningKey::create(folder / "a.pem", kind()));
  EXPECT_THAT(SigningKey::create(folder / "a.pem", kind()).error().message, HasSubstr("there is a key already"));
  const SignatureKind other = kind() == SignatureKind::kP384 ? SignatureKind::kEd25519 : SignatureKind::kP384;
  EXPECT_THAT(SigningKey::load(folder / "a.pem", other).error().message, HasSubstr("a.pem"));
  EXPECT_EQ(SigningKey::load(folder / "none.pem", kind()).error().kind, ErrorKind::kNotFound);
  std::ofstream(folder / "text.pem") << "no key";
  EXPECT_EQ(SigningKey::load(folder / "text.pem", kind()).error().kind, ErrorKind::kInvalid);
}

INSTANTIATE_TEST_SUITE_P(Kinds, SignatureTest, testing::Values(SignatureKind::kEd25519, SignatureKind::kP384),
                         [](const auto& tested) {
                           return std::string(tested.param == SignatureKind::kP384 ? "P384" : "Ed25519");
                         });

// RFC 4648, section 10.
TEST(Base64, ReadsWhatItWritesAndNothingElse) {
  for (const std::string_view bytes : {"", "f", "fo", "foo", "foob", "fooba", "foobar", "\xff\xfe\x80"})
    EXPECT_EQ(from_base64(to_base64(bytes)), bytes);
  EXPECT_EQ(to_base64("fooba"), "Zm9vYmE=");
  for (const std::string_view text : {"Zg", "Zg=", "Zg===", "Zh==", "Z", "Zm9v\n", "Zm_v", "=Zm9", "===="})
    EXPECT_FALSE(from_base64(text)) << text;
}

}  // namespace
}  // namespace vellum
