// SHA-256 (the capture's digest, RFC 6234) and SHA-1 (what WARC files of others carry), streamed.
//
// Threads: a Hasher belongs to one thread; digests are values.

#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum {

// 32 bytes. Text form "sha256:<64 lower-case hex>".
struct Digest {
  std::array<std::uint8_t, 32> bytes{};
  auto operator<=>(const Digest&) const = default;
  std::string_view view() const { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }
  std::string to_text() const;                             // "sha256:ab12..."
  static Result<Digest> parse(std::string_view text);      // with or without "sha256:", hex of any case
  static Result<Digest> from_bytes(std::string_view raw);  // exactly 32 bytes
};

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  void update(std::string_view bytes);
  Digest finish();  // once

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// Any algorithm that web archives label digests with (WARC 1.1 section 5.8, IIPC recommendation 80), streamed:
// md5, sha1, sha224, sha256, sha384, sha512, sha512-224, sha512-256, sha3-224 to sha3-512, blake2s, blake2b.
class Hasher {
 public:
  // kNotFound: an algorithm that OpenSSL does not have. `algorithm` is one of the labels above, lower case.
  static Result<Hasher> open(std::string_view algorithm);
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  void update(std::string_view bytes);
  std::string finish();  // once; the digest's bytes

 private:
  struct Impl;
  explicit Hasher(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

Digest sha256(std::string_view bytes);
std::string sha1_base32(std::string_view bytes);  // upper-case, 32 characters, as WARC writes it
std::string to_hex(std::string_view bytes);
std::string to_base32(std::string_view bytes);  // upper-case, without padding (RFC 4648 section 6)

}  // namespace vellum
