// The archive's half of a commit: turns captures, articles and events into rows of a transaction and keeps the
// counters.
//
// Safe to repeat: a capture that is there already (same URL, time, digest and run) is found, not stored again; an
// article replaces what the same plugin version said of the same capture.
//
// Threads: the store thread only, but for the constructor.

#pragma once

#include <memory>

#include "storage/archive/header_star.h"
#include "storage/archive/payload_encoder.h"
#include "storage/archive/records.h"
#include "storage/rocks/transaction.h"

namespace vellum::storage {

class ArchiveWriter {
 public:
  // kInvalid for a newer format.
  static Result<ArchiveWriter> open(const rocks::Database& database);

  // Gives `capture` its id and stored_bytes. kInvalid: the payload is neither given nor stored, or the capture's digest
  // or length is not the payload's.
  Result<void> add_capture(rocks::Transaction& group, Capture& capture, const PreparedPayload& payload,
                           const HeaderBlocks& headers, bool wants_extraction);
  // kNotFound: no such capture.
  Result<void> add_article(rocks::Transaction& group, const StoredArticle& article);
  // Counts anew the addresses that were read as an article, for an archive of format 1.
  Result<void> count_articles(rocks::Transaction& group, const rocks::Database& database);
  // Erases the capture and all that was made of it: header blocks, article records with links and indexes, records that
  // name it as a source, and its payload where no other capture has it; puts the tombstone. False: it is not there.
  // What others lean on must have been moved before. `articles` and `payloads` are raised by what went.
  struct Dropped {
    std::uint64_t captures = 0, payloads = 0, articles = 0;
  };
  Result<void> drop_capture(rocks::Transaction& group, const Tombstone& stone, Dropped& dropped);
  // Later header blocks lean on none that came before.
  void forget_header_bases() { header_star_.clear(); }
  void add_event(rocks::Transaction& group, const Event& event);

  Result<Run> find_run(const rocks::Transaction& group, RunId id) const;
  Run start_run(rocks::Transaction& group, std::string crawl, std::string config, Timestamp now);
  void put_run(rocks::Transaction& group, const Run& run);

  // The counters row; once per batch.
  void put_counters(rocks::Transaction& group) const;
  // For undoing a job that failed.
  const Counters& counters() const { return counters_; }
  void restore(const Counters& counters);
  // For what changes rows besides: see row_mover.h.
  Counters& mutable_counters() { return counters_; }

 private:
  Result<std::optional<Capture>> find_same(const rocks::Transaction& group, const std::string& replay,
                                           const Capture& capture) const;
  Result<std::uint64_t> put_payload(rocks::Transaction& group, const PreparedPayload& payload);
  Result<std::string> settle_frame(rocks::Transaction& group, const PreparedPayload& payload);
  void put_bases(rocks::Transaction& group, const PreparedPayload& payload, const Locator& locator, std::size_t alone);
  Result<void> put_indexes(rocks::Transaction& group, const Capture& capture, const std::string& key);
  Result<void> count_once(rocks::Transaction& group, const std::string& key, std::uint64_t& counter);
  Result<void> count_article(rocks::Transaction& group, const StoredArticle& article);
  Result<void> drop_article(rocks::Transaction& group, const std::string& key, const std::string& old);
  Result<void> drop_articles(rocks::Transaction& group, CaptureId capture, const Capture* quoted, Dropped& dropped);
  Result<void> drop_payload(rocks::Transaction& group, const Digest& digest, Dropped& dropped);
  Result<void> drop_header_blocks(rocks::Transaction& group, CaptureId capture);
  Result<void> drop_indexes(rocks::Transaction& group, const Capture& capture, const std::string& replay);
  Result<void> uncount_article(rocks::Transaction& group, const std::string& url);
  Result<void> put_links(rocks::Transaction& group, const StoredArticle& article, const std::string& key);

  Counters counters_;
  HeaderStar header_star_;
  std::unique_ptr<Zstd> zstd_ = std::make_unique<Zstd>();
};

}  // namespace vellum::storage
