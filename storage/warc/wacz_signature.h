// The signature of a WACZ package: signedData in datapackage-digest.json, over the digest of datapackage.json, which
// holds the digests of all else.
//
// Written in the form without a certificate: who holds the key has made the package; who that is, the reader must know.
// Threads: pure. Spec: WACZ Signing and Verification 0.1.0 (specs.webrecorder.net/wacz-auth/0.1.0); ECDSA on P-384 over
// SHA-256, as ReplayWeb.page verifies it.

#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/json.h"
#include "base/signature.h"

namespace vellum::warc {

// `hash` is "sha256:..." of datapackage.json; `key` is one on P-384.
Json signed_data(const SigningKey& key, const std::string& hash, Timestamp created, const std::string& software);

struct SignatureVerdict {
  std::string signer;  // "key sha256:..." of the public key, or "domain ..."
  std::string fault;   // one line; "" where the signature holds, or cannot be judged without a certificate authority
};
// Of datapackage-digest.json, whose "hash" is right. Nothing for a package that is not signed.
std::optional<SignatureVerdict> judge_signature(const Json& digest);

}  // namespace vellum::warc
