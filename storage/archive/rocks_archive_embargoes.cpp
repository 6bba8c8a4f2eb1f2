// RocksArchive: what is withheld for a time.

#include <algorithm>

#include "storage/archive/rocks_archive.h"

namespace vellum::storage {

using rocks::Family;

Result<std::vector<Embargo>> RocksArchive::embargoes() const {
  std::vector<Embargo> found;
  for (const std::string prefix : {"a", "e"}) {
    Result<void> read;
    const auto visit = [&](std::string_view, std::string_view value) {
      const auto json = parse_cbor(value);
      auto embargo = json ? Embargo::from_json(*json) : Result<Embargo>(fail(json.error()));
      if (!embargo) read = fail(embargo.error());
      if (embargo) found.push_back(*std::move(embargo));
      return read.has_value();
    };
    VELLUM_CHECK(database_->scan(Family::kTombstones, prefix, rocks::prefix_end(prefix), visit));
    VELLUM_CHECK(std::move(read));
  }
  return found;
}

// An embargo that does not read fails whoever asks: better nothing is shown than what was to be withheld.
Result<RocksArchive::Hidden> RocksArchive::hidden() const {
  Hidden hidden;
  if (clock_ == nullptr) return hidden;
  VELLUM_TRY(const std::uint64_t sequence, database_->sequence());
  const std::lock_guard lock(mutex_);
  if (withheld_ == nullptr || withheld_at_ != sequence) {
    VELLUM_TRY(const std::vector<Embargo> all, embargoes());
    withheld_ = std::make_shared<const Withheld>(all);
    withheld_at_ = sequence;
  }
  if (!withheld_->empty()) hidden.by = withheld_;
  hidden.now = clock_->now();
  return hidden;
}

Result<bool> RocksArchive::is_hidden(CaptureId id) const {
  VELLUM_TRY(const Hidden hidden, this->hidden());
  if (hidden.by == nullptr) return false;
  VELLUM_TRY(const auto key, database_->find(Family::kFeed, id_key(id)));
  if (!key) return false;
  VELLUM_TRY(const Capture capture, capture_at(*key));
  return hidden.over(capture) != nullptr;
}

Result<std::vector<Embargo>> RocksArchive::embargoes_over(const Url& url) const {
  VELLUM_TRY(const Hidden hidden, this->hidden());
  std::vector<Embargo> found;
  if (hidden.by == nullptr) return found;
  const KeyRange range = captures_range(replay_key(url.href()));
  Result<void> read;
  VELLUM_CHECK(database_->scan(Family::kCaptures, range.from, range.to, [&](std::string_view, std::string_view value) {
    const auto capture = decode_capture(value);
    if (!capture) read = fail(capture.error());
    const Embargo* embargo = capture ? hidden.over(*capture) : nullptr;
    const auto is_same = [&](const Embargo& other) {
      return other.reason == embargo->reason && other.until == embargo->until;
    };
    if (embargo != nullptr && std::none_of(found.begin(), found.end(), is_same)) found.push_back(*embargo);
    return read.has_value();
  }));
  VELLUM_CHECK(std::move(read));
  std::sort(found.begin(), found.end(), [](const Embargo& a, const Embargo& b) { return a.until > b.until; });
  return found;
}

}  // namespace vellum::storage
