// Turns the body as it comes off the wire into a payload: counts and hashes the coded bytes, undoes the content coding,
// hashes and spools the result, within one limit for both.
//
// A coding that is unknown or does not decode is a fault of the server that a browser would show as garbage: the body
// is then kept as it came and fault() says why. For that the coded bytes are spooled beside the decoded ones until the
// stream has proved good; without a coding there is one spool and one hash.
//
// Threads: one. Spec: RFC 9110 section 8.4.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/content_coding.h"
#include "base/digest.h"
#include "base/error.h"
#include "crawler/net/body.h"

namespace vellum::net {

// What a whole body came to.
struct ReceivedBody {
  Body body;      // decoded, or as it came where `coding_fault` is set
  Digest digest;  // of `body`
  std::uint64_t coded_bytes = 0;
  Digest coded_digest;
  std::string coding_fault;
};

class BodyReceiver {
 public:
  // `codings`: the value of Content-Encoding, "" for none.
  BodyReceiver(std::string_view codings, std::uint64_t max_bytes);

  // kTooLarge when either form passes the limit, kStorage when a spool cannot be written.
  Result<void> write(std::string_view coded);
  // Once, when the framing says that the body is whole. kProtocol if the coded stream stops early.
  Result<ReceivedBody> finish();

 private:
  Result<void> decode(std::string_view coded);
  Result<void> keep_decoded(std::string_view bytes);

  std::uint64_t max_bytes_;
  Body coded_, decoded_;
  Sha256 coded_hash_, decoded_hash_;
  std::optional<ContentDecoder> decoder_;  // absent without a coding and after a fault
  std::string fault_;
};

}  // namespace vellum::net
