#include "base/digest.h"

#include <openssl/evp.h>

#include <algorithm>

namespace vellum {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // RFC 4648 section 6
constexpr std::string_view kPrefix = "sha256:";

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

std::string to_hex(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size() * 2);
  for (char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

std::string Digest::to_text() const {
  return std::string(kPrefix) + to_hex(view());
}

Result<Digest> Digest::parse(std::string_view text) {
  std::string_view hex = text.starts_with(kPrefix) ? text.substr(kPrefix.size()) : text;
  Digest digest;
  bool fits = hex.size() == digest.bytes.size() * 2;
  for (std::size_t i = 0; fits && i < digest.bytes.size(); ++i) {
    const int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);
    fits = high >= 0 && low >= 0;
    digest.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  if (fits) return digest;
  return fail(ErrorKind::kInvalid, "not a sha256 digest: " + std::string(text.substr(0, 80)));
}

Result<Digest> Digest::from_bytes(std::string_view raw) {
  Digest digest;
  if (raw.size() != digest.bytes.size()) {
    return fail(ErrorKind::kCorrupt, "a sha256 digest has 32 bytes, not " + std::to_string(raw.size()));
  }
  std::copy(raw.begin(), raw.end(), digest.bytes.begin());
  return digest;
}

struct Sha256::Impl {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  Impl() = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  VELLUM_ASSERT(EVP_DigestInit_ex(impl_->context, EVP_sha256(), nullptr) == 1, "every OpenSSL build has SHA-256");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
  VELLUM_ASSERT(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1, "hashing memory cannot fail");
}

Digest Sha256::finish() {
  Digest digest;
  VELLUM_ASSERT(EVP_DigestFinal_ex(impl_->context, digest.bytes.data(), nullptr) == 1, "finish is called once");
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256 hasher;
  hasher.update(bytes);
  return hasher.finish();
}

std::string sha1_base32(std::string_view bytes) {
  std::array<unsigned char, 20> digest{};
  VELLUM_ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1,
                "every OpenSSL build has SHA-1");
  std::string text;
  unsigned buffer = 0, bits = 0;
  for (unsigned char byte : digest) {  // 160 bits are 32 characters exactly: no padding
    buffer = (buffer << 8 | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += kBase32[buffer >> (bits - 5) & 31];
  }
  return text;
}

}  // namespace vellum
