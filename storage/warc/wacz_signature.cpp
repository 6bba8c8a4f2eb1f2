#include "storage/warc/wacz_signature.h"

#include "base/base64.h"
#include "base/digest.h"

namespace vellum::warc {

Json signed_data(const SigningKey& key, const std::string& hash, Timestamp created, const std::string& software) {
  Json json;
  json["hash"] = hash;
  json["created"] = to_rfc3339(created);
  json["software"] = software;
  json["version"] = "0.1.0";
  json["signature"] = to_base64(key.sign(hash));
  json["publicKey"] = to_base64(key.public_key());
  return json;
}

std::optional<SignatureVerdict> judge_signature(const Json& digest) {
  const auto found = digest.find("signedData");
  if (found == digest.end() || !found->is_object()) return std::nullopt;
  const std::string hash = text_of(*found, "hash"), domain = text_of(*found, "domain");
  const auto public_key = from_base64(text_of(*found, "publicKey"));
  const bool has_key = public_key && !public_key->empty();
  SignatureVerdict verdict;
  verdict.signer = has_key ? "key " + sha256(*public_key).to_text() : "domain " + (domain.empty() ? "?" : domain);
  if (hash != text_of(digest, "hash")) {
    verdict.fault = "datapackage-digest.json: what is signed is the digest of something else";
  } else if (has_key) {
    const auto signature = from_base64(text_of(*found, "signature"));
    if (!signature || !is_signature_of(*signature, hash, *public_key, SignatureKind::kP384))
      verdict.fault = "datapackage-digest.json: the signature is not that of " + verdict.signer;
  }
  return verdict;
}

}  // namespace vellum::warc
