#include "base/signature.h"

#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

namespace vellum {
namespace {

struct FreeKey {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
struct FreeEcdsa {
  void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
using Key = std::unique_ptr<EVP_PKEY, FreeKey>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;
using Bio = std::unique_ptr<BIO, FreeBio>;
using Ecdsa = std::unique_ptr<ECDSA_SIG, FreeEcdsa>;

constexpr std::size_t kEd25519KeyBytes = 32, kEd25519SignatureBytes = 64;
constexpr int kP384NumberBytes = 48;
constexpr std::size_t kP384SignatureBytes = 2 * kP384NumberBytes;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

bool is_of_kind(const EVP_PKEY* key, SignatureKind kind) {
  if (key == nullptr) return false;
  if (kind == SignatureKind::kEd25519) return EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_bits(key) == 8 * kP384NumberBytes;
}

const EVP_MD* digest_of(SignatureKind kind) {
  return kind == SignatureKind::kP384 ? EVP_sha256() : nullptr;  // Ed25519 hashes by itself
}

// OpenSSL's form of an ECDSA signature, two numbers in DER, and the one of fixed length.
std::string fixed_from_der(std::string_view der) {
  const unsigned char* at = bytes_of(der);
  const Ecdsa both(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size())));
  VELLUM_ASSERT(both != nullptr, "OpenSSL writes ECDSA signatures in DER");
  std::string fixed(kP384SignatureBytes, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(both.get()), bytes_of(fixed), kP384NumberBytes);
  BN_bn2binpad(ECDSA_SIG_get0_s(both.get()), bytes_of(fixed) + kP384NumberBytes, kP384NumberBytes);
  return fixed;
}

std::string der_from_fixed(std::string_view fixed) {
  if (fixed.size() != kP384SignatureBytes) return {};
  const Ecdsa both(ECDSA_SIG_new());
  BIGNUM* r = BN_bin2bn(bytes_of(fixed), kP384NumberBytes, nullptr);
  BIGNUM* s = BN_bin2bn(bytes_of(fixed) + kP384NumberBytes, kP384NumberBytes, nullptr);
  ECDSA_SIG_set0(both.get(), r, s);  // which owns them now
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &der);
  std::string text(reinterpret_cast<char*>(der), size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(der);
  return text;
}

Key key_from(std::string_view bytes, SignatureKind kind) {
  const unsigned char* at = bytes_of(bytes);
  if (kind == SignatureKind::kEd25519) {
    if (bytes.size() != kEd25519KeyBytes) return nullptr;
    return Key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, at, bytes.size()));
  }
  Key key(d2i_PUBKEY(nullptr, &at, static_cast<long>(bytes.size())));
  return is_of_kind(key.get(), kind) ? std::move(key) : nullptr;
}

std::string pem_of(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
}

Result<void> write_secret(const std::filesystem::path& path, std::string_view text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0 && errno == EEXIST) return fail(ErrorKind::kInvalid, "there is a key already: " + path.string());
  if (file < 0) return fail(ErrorKind::kStorage, "cannot write the key " + path.string(), errno);
  const bool is_written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  const int why = errno;
  ::close(file);
  if (is_written) return {};
  ::unlink(path.c_str());
  return fail(ErrorKind::kStorage, "cannot write the key " + path.string(), why);
}

}  // namespace

struct SigningKey::Impl {
  Key key;
  SignatureKind kind;
};

SigningKey::SigningKey(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
SigningKey::~SigningKey() = default;
SigningKey::SigningKey(SigningKey&&) noexcept = default;
SigningKey& SigningKey::operator=(SigningKey&&) noexcept = default;

Result<SigningKey> SigningKey::create(const std::filesystem::path& file, SignatureKind kind) {
  Key key(kind == SignatureKind::kEd25519 ? EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519") : EVP_EC_gen("P-384"));
  if (key == nullptr) return fail(ErrorKind::kBug, "OpenSSL makes no key");
  VELLUM_CHECK(write_secret(file, pem_of(key.get())));
  return SigningKey(std::make_unique<Impl>(Impl{std::move(key), kind}));
}

Result<SigningKey> SigningKey::load(const std::filesystem::path& file, SignatureKind kind) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::kNotFound, "no key in " + file.string());
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  char no_password[] = "";  // never asks on a terminal
  Key key(PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, no_password));
  if (is_of_kind(key.get(), kind)) return SigningKey(std::make_unique<Impl>(Impl{std::move(key), kind}));
  const std::string wanted = kind == SignatureKind::kEd25519 ? "an Ed25519 key" : "an ECDSA key on P-384";
  return fail(ErrorKind::kInvalid, "not " + wanted + " in PEM without a password: " + file.string());
}

std::string SigningKey::public_key() const {
  if (impl_->kind == SignatureKind::kP384) {
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(impl_->key.get(), &der);
    VELLUM_ASSERT(size > 0, "a public key can be written");
    std::string bytes(reinterpret_cast<char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return bytes;
  }
  std::string bytes(kEd25519KeyBytes, '\0');
  std::size_t size = bytes.size();
  EVP_PKEY_get_raw_public_key(impl_->key.get(), bytes_of(bytes), &size);
  return bytes;
}

std::string SigningKey::sign(std::string_view message) const {
  const Context context(EVP_MD_CTX_new());
  std::string signature(static_cast<std::size_t>(EVP_PKEY_get_size(impl_->key.get())), '\0');
  std::size_t size = signature.size();
  const EVP_MD* digest = digest_of(impl_->kind);
  const bool is_signed =
      EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, impl_->key.get()) == 1 &&
      EVP_DigestSign(context.get(), bytes_of(signature), &size, bytes_of(message), message.size()) == 1;
  VELLUM_ASSERT(is_signed, "a key signs");
  signature.resize(size);
  return impl_->kind == SignatureKind::kP384 ? fixed_from_der(signature) : signature;
}

bool is_signature_of(std::string_view signature, std::string_view message, std::string_view public_key,
                     SignatureKind kind) {
  const Key key = key_from(public_key, kind);
  const std::string given = kind == SignatureKind::kP384 ? der_from_fixed(signature) : std::string(signature);
  if (key == nullptr || (kind == SignatureKind::kEd25519 && given.size() != kEd25519SignatureBytes)) return false;
  const Context context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, digest_of(kind), nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(given), given.size(), bytes_of(message), message.size()) == 1;
}

}  // namespace vellum
