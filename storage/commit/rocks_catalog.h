// Catalog over RocksDB: one synced batch per group of commits. Private to storage.

#pragma once

#include "storage/archive/archive_writer.h"
#include "storage/archive/repacker.h"
#include "storage/commit/catalog.h"
#include "storage/frontier/frontier_state.h"
#include "storage/frontier/rocks_frontier.h"
#include "storage/rocks/database.h"
#include "storage/rocks/writer.h"

namespace vellum::storage {

class RocksCatalog final : public Catalog {
 public:
  RocksCatalog(std::unique_ptr<rocks::Database> database, ArchiveWriter archive,
               std::unique_ptr<FrontierState> frontier, std::uint64_t sequence);
  ~RocksCatalog() override { close(); }

  // Writes what opening changes: the format of a fresh archive, groups freed after a crash.
  Result<void> begin(const OpenOptions& options);

  Result<PreparedPayload> prepare(std::string_view payload, const PayloadHint& hint) const override;
  Task<CommitAck> commit(Commit commit) override;
  Result<std::optional<Run>> unfinished_run(std::string_view crawl) const override;
  Task<Run> start_run(std::string crawl, std::string config, Timestamp now) override;
  Task<void> end_run(RunId run, std::string state, Timestamp now) override;
  Result<std::vector<CaptureId>> pending_extractions() const override;
  Result<RepackStep> repack() override;
  Frontier& frontier() override { return frontier_; }
  const Archive& archive() const override { return *archive_; }
  std::unique_ptr<Archive> reader() const override { return Archive::over(*database_); }
  void close() override;

 private:
  Result<CommitAck> apply(rocks::Transaction& group, const Commit& commit);
  Result<void> apply_captures(rocks::Transaction& group, const Commit& commit, CommitAck& ack);
  // Captures up to `counted` were stored, and counted, by earlier commits.
  void count_in_run(rocks::Transaction& group, Run run, CaptureId counted, const CommitAck& ack,
                    std::uint64_t failures);
  void finish_batch(rocks::Transaction& group);

  std::unique_ptr<rocks::Database> database_;
  PayloadReader reader_;
  PayloadEncoder encoder_;
  Repacker repacker_;
  std::uint64_t moved_ = 0;                        // payloads, by this pass of repack()
  ArchiveWriter archive_writer_;                   // store thread only
  std::unique_ptr<FrontierState> frontier_state_;  // store thread only
  std::unique_ptr<Archive> archive_;
  rocks::Writer writer_;
  RocksFrontier frontier_;
};

}  // namespace vellum::storage
