// Archive over RocksDB. Private to storage.

#pragma once

#include <memory>
#include <mutex>

#include "storage/archive/archive.h"
#include "storage/archive/payload_check.h"
#include "storage/archive/payload_reader.h"
#include "storage/archive/records.h"
#include "storage/rocks/database.h"

namespace vellum::storage {

class RocksArchive final : public Archive {
 public:
  explicit RocksArchive(std::unique_ptr<rocks::Database> secondary);
  explicit RocksArchive(const rocks::Database& primary) : database_(&primary), reader_(primary) {}

  Result<void> refresh() override;
  std::vector<std::string> warnings() const override { return database_->warnings(); }
  Result<std::vector<Capture>> captures(const Url& url) const override;
  Result<Capture> find(const Url& url, const Wish& wish) const override;
  Result<Capture> capture(CaptureId id) const override;
  Result<void> scan(std::string_view prefix, const std::function<bool(const Capture&)>& visit) const override;
  Result<void> scan_feed(CaptureId after, const std::function<bool(const Capture&)>& visit) const override;
  Result<std::vector<Capture>> fragments_of(const Capture& page) const override;
  Result<std::string> payload(const Digest& digest) const override;
  bool has_payload(const Digest& digest) const override;
  Result<HeaderBlocks> headers(CaptureId id) const override;
  Result<std::optional<Work>> work_of(std::string_view url) const override;
  Result<StoredArticle> article(CaptureId id) const override;
  Result<std::vector<CaptureId>> captures_by_id(std::string_view id) const override;
  Result<std::vector<LinkRow>> links(CaptureId id) const override;
  Result<std::vector<LinkRow>> citing(std::string_view doi) const override;
  Result<std::vector<Run>> runs() const override;
  Result<void> scan_events(const std::function<bool(const Event&)>& visit) const override;
  Result<ArchiveStats> stats() const override;
  Result<CheckReport> check(bool read_data) const override;
  Result<ScrubReport> scrub(const ScrubCursor& from, const std::function<bool()>& go_on) const override;
  Result<std::vector<Tombstone>> tombstones(const Url& url) const override;
  Result<void> scan_tombstones(const std::function<bool(const Tombstone&)>& visit) const override;
  Result<std::vector<Embargo>> embargoes() const override;
  Result<std::vector<Embargo>> embargoes_over(const Url& url) const override;
  void withhold_embargoed(const Clock& clock) override { clock_ = &clock; }
  Result<std::vector<Seal>> seals() const override;
  Result<InclusionProof> prove(CaptureId id) const override;

 private:
  template <class Read>
  auto again_if_moved(const Read& read) const -> decltype(read());
  Result<void> scan_captures(const KeyRange& range, const std::function<bool(const Capture&)>& visit) const;
  Result<void> visit_tombstones(const KeyRange& range, const std::function<bool(const Tombstone&)>& visit) const;
  Result<Seal> seal_over(CaptureId id) const;
  bool scrub_headers(ScrubReport& report, const std::function<bool()>& go_on, const PayloadCheck::Report& fault) const;
  // What is to be kept from whoever asks, now.
  struct Hidden {
    std::shared_ptr<const Withheld> by;  // null: nothing is
    Timestamp now{};
    const Embargo* over(const Capture& capture) const { return by == nullptr ? nullptr : by->over(capture, now); }
  };
  Result<Hidden> hidden() const;
  Result<bool> is_hidden(CaptureId id) const;
  Result<Capture> capture_at(std::string_view key) const;
  Result<ArticleRow> newest_article(CaptureId id) const;
  Result<LinkRow> link_row(const ArticleRow& article, std::string_view value) const;

  std::unique_ptr<rocks::Database> secondary_;
  const rocks::Database* database_;
  PayloadReader reader_;
  const Clock* clock_ = nullptr;  // set: captures under embargo are withheld
  // The embargoes as they were at that sequence of the database.
  mutable std::mutex mutex_;
  mutable std::shared_ptr<const Withheld> withheld_;
  mutable std::uint64_t withheld_at_ = 0;
};

}  // namespace vellum::storage
