// An archive's captures as WARC records with their index lines: a stream in replay-key order, self-contained.
//
// A capture becomes a response (with its request and its article record as metadata), a revisit where an earlier record
// of the same export has the same payload or its server said that it was not modified, or a resource where no header
// block is known. A body never stands behind a
// Content-Encoding that it does not have: what the crawl decoded goes out decoded, its header saying so under
// X-Archive-Orig- names; what an import can rebuild exactly goes out as it came, with the digest it had.
//
// Threads: one. Memory: one payload, and the 65,536 payloads last seen as candidates for revisits.

#pragma once

#include <functional>
#include <list>
#include <optional>
#include <unordered_map>

#include "storage/archive/archive.h"
#include "storage/warc/cdx.h"
#include "storage/warc/warc_writer.h"
#include "storage/warc/wire.h"

namespace vellum::warc {

struct ExportOptions {
  std::string prefix;  // of the URL; "" for all
  std::optional<Timestamp> from, to;
  bool even_noarchive = false;  // captures whose page or headers say noarchive
  std::string filename;         // of the WARC file, as warcinfo and the index name it
  std::string software;         // "vellum 0.1.0"
};

struct ExportCounts {
  std::uint64_t captures = 0, responses = 0, revisits = 0, resources = 0, requests = 0, metadata = 0;
  std::uint64_t left_out = 0;         // for noarchive
  std::uint64_t withheld = 0;         // under embargo; whoever hides them from the archive counts them
  std::vector<std::string> failures;  // captures that could not be read, one line each
};

class Exporter {
 public:
  using OnIndex = std::function<Result<void>(const IndexLine&)>;
  // With the payload, for lists of pages.
  using OnCapture = std::function<Result<void>(const storage::Capture&, const std::string& payload)>;

  Exporter(const storage::Archive& archive, WarcWriter& writer, ExportOptions options)
      : archive_(archive), writer_(writer), options_(std::move(options)) {}
  void on_index(OnIndex call) { on_index_ = std::move(call); }
  void on_capture(OnCapture call) { on_capture_ = std::move(call); }

  // Once. An error means that nothing more can be written; a damaged capture is a failure in the counts.
  Result<ExportCounts> run();

 private:
  struct Original {
    std::string id, url;
    Timestamp captured{};
  };
  struct Exchange;

  bool is_selected(const storage::Capture& capture);
  Result<void> write_warcinfo(const storage::Capture& first);
  Result<void> export_capture(const storage::Capture& capture);
  Result<Exchange> read_exchange(const storage::Capture& capture) const;
  Result<Exchange> read_revisit(const storage::Capture& capture, const storage::Capture& original) const;
  Result<void> export_revisit(const storage::Capture& capture);
  Result<void> failed(const storage::Capture& capture, const Error& error);
  Result<void> write_capture(const storage::Capture& capture, const Exchange& exchange);
  Result<void> write_exchange(const storage::Capture& capture, const Exchange& exchange);
  Result<void> write_request(const storage::Capture& capture, const Exchange& exchange);
  Result<void> write_article(const storage::Capture& capture, const Exchange& exchange);
  Result<void> write_index(const storage::Capture& capture, const Exchange& exchange, const Placed& placed,
                           bool is_revisit);
  const Original* original_of(const storage::Capture& capture, const Exchange& exchange) const;
  const Original* find_original(const storage::Capture& capture, const Exchange& exchange) const;
  void remember(const storage::Capture& capture, const Exchange& exchange);

  const storage::Archive& archive_;
  WarcWriter& writer_;
  ExportOptions options_;
  OnIndex on_index_;
  OnCapture on_capture_;
  ExportCounts counts_;
  bool has_warcinfo_ = false;
  std::unordered_map<std::string, Original> originals_;  // by payload digest
  std::list<std::string> order_;                         // of them, oldest first
};

}  // namespace vellum::warc
