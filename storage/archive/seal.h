// Seals: what proves, years later, that a capture was in the archive when its run ended, and is as it was.
//
// When a run ends, its captures become the leaves of a Merkle tree (RFC 6962 section 2.1: SHA-256, 0x00 before a leaf,
// 0x01 before a node) in the order of their ids. Its root stands in a statement of a few lines of text that also holds
// the SHA-256 of the statement before it, so that the seals of an archive are a chain; the statement is signed with the
// archive's Ed25519 key where there is one. A leaf is a digest, so seals and proofs hold after a take-down.
//
// Plain values and pure functions. Stored as, and spelt out in: docs/formats.md, "Seals".

#pragma once

#include <optional>

#include "storage/archive/capture.h"

namespace vellum::storage {

struct Seal {
  std::uint64_t number = 0;  // 1, 2, 3, ...
  RunId run = 0;             // 0: imported captures
  std::uint64_t captures = 0;
  CaptureId first = 0, last = 0;
  Digest root;
  Digest previous;  // of the statement before; zeros for the first
  Timestamp at{};
  std::string key, signature;  // 32 and 64 bytes; "" where the archive had no key

  // What is signed and chained.
  std::string statement() const;
  Json to_json() const;
  static Result<Seal> from_json(const Json& json);
};

struct InclusionProof {
  Seal seal;
  CaptureId capture = 0;
  std::string url;
  Timestamp captured{};
  Digest digest;
  std::uint64_t index = 0;             // of the leaf
  std::vector<Digest> path;            // from the leaf's sibling up
  std::optional<std::string> removed;  // why it was taken down

  Json to_json() const;
};

// The leaf of a capture: SHA-256 of 0x00 and the line "ID URL TIME DIGEST", without a line end.
Digest leaf_of(CaptureId id, std::string_view url, Timestamp captured, const Digest& digest);
Digest node_of(const Digest& left, const Digest& right);
// RFC 6962 section 2.1: the root of n > 0 leaves; SHA-256 of nothing for none.
Digest merkle_root(const std::vector<Digest>& leaves);
// RFC 6962 section 2.1.1: the audit path of leaf `index`.
std::vector<Digest> merkle_path(const std::vector<Digest>& leaves, std::size_t index);

}  // namespace vellum::storage
