// Writes WARC 1.1 or 1.0: one gzip member a record, block digests in SHA-256, ids that depend on nothing but what is
// written, so that the same selection gives the same file.
//
// Threads: one. Spec: WARC 1.1 sections 4 to 6, annex D; IIPC recommendations 48, 74 and 80.

#pragma once

#include "base/clock.h"
#include "base/digest.h"
#include "storage/warc/byte_sink.h"
#include "storage/warc/record_reader.h"

namespace vellum::warc {

struct WriterOptions {
  std::string version = "1.1";  // or "1.0": then WARC-Date has whole seconds
  bool gzip = true;
};

// A record to be written. WARC-Record-ID, WARC-Date, WARC-Block-Digest and Content-Length are the writer's.
struct NewRecord {
  std::string type;
  std::string id;  // "urn:uuid:..."
  Timestamp date{};
  std::string content_type;
  std::vector<Field> fields;            // further ones, in order; values without line ends
  std::vector<std::string_view> block;  // in pieces
};

// Where it went: what an index says.
struct Placed {
  std::uint64_t offset = 0, length = 0;
  Digest digest;  // of the record as it lies in the file
};

class WarcWriter {
 public:
  // `sink` must outlive the writer.
  WarcWriter(ByteSink& sink, WriterOptions options) : sink_(sink), options_(std::move(options)) {}
  Result<Placed> write(const NewRecord& record);
  std::uint64_t bytes() const { return offset_; }
  std::uint64_t records() const { return records_; }
  const WriterOptions& options() const { return options_; }
  // "2026-11-23T14:47:02.000123Z", or whole seconds in 1.0.
  std::string date_text(Timestamp time) const;

 private:
  std::string header_of(const NewRecord& record) const;

  ByteSink& sink_;
  WriterOptions options_;
  std::uint64_t offset_ = 0, records_ = 0;
};

// A name-based UUID (RFC 9562 version 8, of SHA-256): the same parts give the same id.
std::string urn_uuid(std::initializer_list<std::string_view> parts);

}  // namespace vellum::warc
