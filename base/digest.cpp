#include "base/digest.h"

#include <openssl/evp.h>

#include <algorithm>

namespace vellum {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";  // RFC 4648 section 6
constexpr std::string_view kPrefix = "sha256:";

struct EvpContext {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  EvpContext() = default;
  EvpContext(const EvpContext&) = delete;
  EvpContext& operator=(const EvpContext&) = delete;
  ~EvpContext() { EVP_MD_CTX_free(context); }
};

// Looked up once: EVP_sha256() looks it up again in every EVP_DigestInit_ex(), which costs more than a short text's
// hash.
const EVP_MD* sha256_method() {
  static const EVP_MD* const kMethod = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return kMethod;
}

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

struct Sha256::Impl : EvpContext {};

Sha256::Sha256() : impl_(std::make_unique<Impl>()) {
  VELLUM_ASSERT(EVP_DigestInit_ex(impl_->context, sha256_method(), nullptr) == 1, "every OpenSSL build has SHA-256");
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

namespace {

struct Algorithm {
  std::string_view label;
  const char* name;  // OpenSSL's
};
constexpr Algorithm kAlgorithms[] = {{"md5", "MD5"},
                                     {"sha1", "SHA1"},
                                     {"sha224", "SHA224"},
                                     {"sha256", "SHA256"},
                                     {"sha384", "SHA384"},
                                     {"sha512", "SHA512"},
                                     {"sha512-224", "SHA512-224"},
                                     {"sha512-256", "SHA512-256"},
                                     {"sha3-224", "SHA3-224"},
                                     {"sha3-256", "SHA3-256"},
                                     {"sha3-384", "SHA3-384"},
                                     {"sha3-512", "SHA3-512"},
                                     {"blake2s", "BLAKE2S-256"},
                                     {"blake2b", "BLAKE2B-512"}};

}  // namespace

struct Hasher::Impl : EvpContext {};

Hasher::Hasher(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Hasher::~Hasher() = default;
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;

Result<Hasher> Hasher::open(std::string_view algorithm) {
  const auto* found = std::find_if(std::begin(kAlgorithms), std::end(kAlgorithms),
                                   [&](const Algorithm& known) { return known.label == algorithm; });
  const EVP_MD* method = found == std::end(kAlgorithms) ? nullptr : EVP_get_digestbyname(found->name);
  auto impl = std::make_unique<Impl>();
  if (method == nullptr || EVP_DigestInit_ex(impl->context, method, nullptr) != 1) {
    return fail(ErrorKind::kNotFound, "unknown digest algorithm: " + std::string(algorithm.substr(0, 40)));
  }
  return Hasher(std::move(impl));
}

void Hasher::update(std::string_view bytes) {
  VELLUM_ASSERT(EVP_DigestUpdate(impl_->context, bytes.data(), bytes.size()) == 1, "hashing memory cannot fail");
}

std::string Hasher::finish() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  VELLUM_ASSERT(EVP_DigestFinal_ex(impl_->context, digest.data(), &size) == 1, "finish is called once");
  return {reinterpret_cast<const char*>(digest.data()), size};
}

std::string sha1_base32(std::string_view bytes) {
  std::array<unsigned char, 20> digest{};
  VELLUM_ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha1(), nullptr) == 1,
                "every OpenSSL build has SHA-1");
  return to_base32({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string to_base32(std::string_view bytes) {
  std::string text;
  unsigned buffer = 0, bits = 0;
  for (char c : bytes) {
    buffer = (buffer << 8 | static_cast<unsigned char>(c)) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += kBase32[buffer >> (bits - 5) & 31];
  }
  if (bits > 0) text += kBase32[buffer << (5 - bits) & 31];
  return text;
}

}  // namespace vellum
