// What WARC 1.1 says of a record's block: its digests, and the HTTP message that it may hold. Fed piece by piece.
//
// The payload of an HTTP message is its entity-body (section 6.3.2), that is without transfer coding; most writers take
// the body as it came over the wire. A digest of either is right.
//
// Threads: one. Memory: constant.

#pragma once

#include <optional>

#include "base/digest.h"
#include "storage/warc/digest_text.h"
#include "storage/warc/http_body.h"
#include "storage/warc/record_reader.h"

namespace vellum::warc {

class BlockCheck {
 public:
  BlockCheck(const Record& record, const FaultSink& sink);
  void add(std::string_view piece);
  void finish(bool is_clipped);  // of a clipped block no digest is held to anything
  std::uint64_t digests() const { return digests_; }

 private:
  void add_body(std::string_view piece);
  void check_payload();
  void report(const Rule& rule, std::string detail);
  void check_message();
  void check_warc_fields();

  const Record& record_;
  const FaultSink& sink_;
  bool is_http_ = false, has_body_ = false, is_fields_ = false;
  std::optional<LabelledDigest> block_, payload_;
  std::optional<Hasher> block_hasher_, raw_hasher_, entity_hasher_;
  HttpSplitter splitter_;
  Dechunker dechunker_;
  bool is_chunked_ = false;
  std::string beginning_;
  std::uint64_t digests_ = 0;
};

}  // namespace vellum::warc
