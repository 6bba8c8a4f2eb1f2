// Signatures, by OpenSSL: Ed25519 (RFC 8032), which the archive seals its runs with, and ECDSA on P-384 with SHA-256
// (FIPS 186-5), which packages for other programs are signed with.
//
// Threads: a SigningKey may be used by one thread at a time.

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

enum class SignatureKind : std::uint8_t { kEd25519, kP384 };

class SigningKey {
 public:
  // A new key in `file`, PEM (PKCS #8), mode 0600, synced. kInvalid: the file is there already. kStorage: not writable.
  static Result<SigningKey> create(const std::filesystem::path& file, SignatureKind kind = SignatureKind::kEd25519);
  // kNotFound: no such file. kInvalid: not a key of that kind in PEM.
  static Result<SigningKey> load(const std::filesystem::path& file, SignatureKind kind = SignatureKind::kEd25519);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;

  std::string public_key() const;                    // Ed25519: 32 bytes; P-384: SubjectPublicKeyInfo in DER (RFC 5480)
  std::string sign(std::string_view message) const;  // Ed25519: 64 bytes; P-384: r and s, 48 bytes each (IEEE P1363)

 private:
  struct Impl;
  explicit SigningKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Whether the holder of `public_key` has signed `message`. Both in the forms above; whatever else they are, false.
bool is_signature_of(std::string_view signature, std::string_view message, std::string_view public_key,
                     SignatureKind kind = SignatureKind::kEd25519);

}  // namespace vellum
