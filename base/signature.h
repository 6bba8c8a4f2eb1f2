// Ed25519 signatures (RFC 8032), by OpenSSL.
//
// Threads: a SigningKey may be used by one thread at a time.

#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

class SigningKey {
 public:
  // A new key in `file`, PEM (PKCS #8), mode 0600, synced. kInvalid: the file is there already. kStorage: not writable.
  static Result<SigningKey> create(const std::filesystem::path& file);
  // kNotFound: no such file. kInvalid: not an Ed25519 key in PEM.
  static Result<SigningKey> load(const std::filesystem::path& file);
  ~SigningKey();
  SigningKey(SigningKey&&) noexcept;
  SigningKey& operator=(SigningKey&&) noexcept;

  std::string public_key() const;                    // 32 bytes
  std::string sign(std::string_view message) const;  // 64 bytes

 private:
  struct Impl;
  explicit SigningKey(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

bool is_signature_of(std::string_view signature, std::string_view message, std::string_view public_key);

}  // namespace vellum
