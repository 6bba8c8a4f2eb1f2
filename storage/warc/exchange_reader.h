// What a web archive file holds, as the archive keeps it: exchanges with their payload decoded, request and response
// paired, segments joined. Revisits come without a payload; whoever has the archive resolves them.
//
// One reader goes over any number of files: a segmented record may go on in the next one.
//
// Threads: one. Memory: one record (at most kMostRecordBytes), and pending exchanges of at most 16 MiB.

#pragma once

#include <deque>
#include <functional>
#include <optional>

#include "storage/archive/archive.h"
#include "storage/warc/digest_text.h"
#include "storage/warc/record_reader.h"
#include "storage/warc/wire.h"

namespace vellum::warc {

struct ImportedExchange {
  // url, captured, status, mime, the digests and codings, address, protocol, wire; role by media type; hop "import".
  storage::Capture capture;
  storage::HeaderBlocks headers;
  std::string payload;

  // A revisit: payload and its digests are missing.
  struct Revisit {
    bool is_not_modified = false;
    std::string digest;                 // WARC-Payload-Digest, normal form; "" if there is none
    std::string url;                    // WARC-Refers-To-Target-URI, else its own
    std::optional<Timestamp> captured;  // WARC-Refers-To-Date
    bool has_fraction = false;          // of that date
  };
  std::optional<Revisit> revisit;
  std::string where;  // "file:offset", for messages
};

class ExchangeReader {
 public:
  using OnExchange = std::function<Result<void>(ImportedExchange)>;
  // One line about something that is wrong, "file:offset: what"; reading goes on.
  using OnFault = std::function<void(std::string)>;

  ExchangeReader(OnExchange on_exchange, OnFault on_fault);
  ~ExchangeReader();

  // Reads the records of one file; `name` is for messages. An error ends the import: the file cannot be read, or
  // on_exchange failed.
  Result<void> read(std::unique_ptr<ByteSource> source, const std::string& name);
  // Gives what is still pending.
  Result<void> finish();

  struct Counts {
    std::uint64_t records = 0, exchanges = 0, requests = 0, others = 0;
  };
  const Counts& counts() const { return counts_; }
  static constexpr std::uint64_t kMostRecordBytes = 256u << 20;

 private:
  struct Pending;
  struct Request;
  struct Segments;
  Result<void> take(RecordReader& reader, const Record& record);
  Result<void> take_whole(const Record& record, std::string block);
  Result<void> take_segment(const Record& record, std::string block);
  void take_request(const Record& record, std::string block);
  Result<void> take_exchange(const Record& record, std::string block);
  void read_message(ImportedExchange& exchange, const Record& record, std::string_view block);
  void attach_request(Pending& next);
  Result<void> flush(bool all);
  Result<void> flush_segments();
  void fault(const Record& record, const std::string& what);

  OnExchange on_exchange_;
  OnFault on_fault_;
  std::string name_;
  Counts counts_;
  std::deque<Pending> pending_;
  std::uint64_t pending_bytes_ = 0;
  std::deque<Request> requests_;
  std::unique_ptr<Segments> segments_;
};

// The label in lower case and the value in its usual base: what two spellings of one digest have in common. "" if the
// text is no digest.
std::string normal_digest(std::string_view text);

}  // namespace vellum::warc
