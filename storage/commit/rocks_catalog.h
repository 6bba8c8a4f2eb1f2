// Catalog over RocksDB: one synced batch per group of commits. Private to storage.

#pragma once

#include "base/signature.h"
#include "storage/archive/archive_writer.h"
#include "storage/archive/repacker.h"
#include "storage/commit/catalog.h"
#include "storage/frontier/frontier_state.h"
#include "storage/frontier/rocks_frontier.h"
#include "storage/rocks/database.h"
#include "storage/rocks/writer.h"

namespace vellum::storage {

// Beside the database, for its owner's eyes only. Copies of an archive do not have it.
inline constexpr const char* kSigningKeyFile = "seal-key.pem";

class RocksCatalog final : public Catalog {
 public:
  RocksCatalog(std::filesystem::path folder, std::unique_ptr<rocks::Database> database, ArchiveWriter archive,
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
  Result<TakedownReport> take_down(const TakedownRequest& request) override;
  Result<void> embargo(const EmbargoRequest& request) override;
  Result<bool> allow_fetch(const std::string& address) override;
  Result<std::uint64_t> seal(Timestamp now) override;
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
  Result<void> finish_takedown();
  Result<void> forget_takedown();
  Result<void> carry_out(const TakedownRequest& request, TakedownReport& report);
  Result<void> forget(const std::vector<Tombstone>& stones, TakedownReport& report);
  Result<const SigningKey*> signing_key(const rocks::Transaction& group);
  Result<std::uint64_t> seal_step(rocks::Transaction& group, Timestamp now);

  const std::filesystem::path folder_;
  std::optional<SigningKey> signing_key_;  // store thread only
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
