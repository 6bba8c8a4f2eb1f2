// Labelled digests as WARC files write them: "sha1:VL2MMHO4...", in Base16, Base32 or Base64, with or without padding.
//
// Threads: pure functions. Spec: WARC 1.1 sections 5.8 and 5.9; IIPC recommendations 48, 64 and 80; RFC 4648.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"

namespace vellum::warc {

struct LabelledDigest {
  std::string algorithm;  // lower case, "sha-1" as "sha1"
  std::string value;      // as written
  // The bytes that the value may stand for; a text of 32 characters may be two things. Empty: it does not fit the
  // algorithm.
  std::vector<std::string> readings;
  bool is_known = false;  // an algorithm that we can compute

  bool matches(std::string_view digest) const;
};

// nullopt: no label, no value, or a label that is no token.
std::optional<LabelledDigest> parse_labelled_digest(std::string_view text);

// As the IIPC recommends to write it: sha1 in upper-case Base32, all others in lower-case Base16.
std::string labelled_digest(std::string_view algorithm, std::string_view digest);

}  // namespace vellum::warc
