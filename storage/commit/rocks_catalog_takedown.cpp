// RocksCatalog: take-downs, embargoes, seals.

#include <algorithm>

#include "storage/archive/forgetter.h"
#include "storage/archive/sealer.h"
#include "storage/commit/rocks_catalog.h"

namespace vellum::storage {

using rocks::Family;
using rocks::Transaction;

namespace {

constexpr std::string_view kTakedownKey = "takedown";
constexpr std::size_t kBatchCaptures = 128;  // their rows are held in memory, decoded, while a batch is planned
constexpr int kAsked = 1, kCompacted = 2;    // steps of a request

// Families whose keys say nothing of what was captured, and which hold most bytes.
bool has_telling_keys(Family family) {
  return family != Family::kPayloads && family != Family::kHeaders;
}

struct Pending {
  TakedownRequest request;  // without the closed addresses: those are rows of their own
  int step = kAsked;

  std::string encode() const {
    Json json = Json::object();
    json["captures"] = request.captures;
    json["reason"] = request.reason;
    json["legal"] = request.is_legal;
    json["at"] = to_rfc3339(request.at);
    json["step"] = step;
    return to_cbor(json);
  }
  static Result<Pending> decode(std::string_view value) {
    VELLUM_TRY(const Json json, parse_cbor(value));
    Pending pending;
    const auto ids = json.find("captures");
    if (ids == json.end() || !ids->is_array()) return fail(ErrorKind::kCorrupt, "damaged request of a take-down");
    for (const Json& id : *ids) pending.request.captures.push_back(id.is_number() ? id.get<CaptureId>() : 0);
    pending.request.reason = text_of(json, "reason");
    pending.request.is_legal = flag_of(json, "legal");
    VELLUM_TRY(pending.request.at, parse_timestamp(text_of(json, "at")));
    pending.step = static_cast<int>(integer_of(json, "step"));
    return pending;
  }
};

Tombstone stone_of(const Capture& capture, const TakedownRequest& request) {
  return {capture.id,  capture.url,    capture.captured, capture.digest, capture.bytes,
          capture.run, request.reason, request.is_legal, request.at};
}

}  // namespace

Result<TakedownReport> RocksCatalog::take_down(const TakedownRequest& request) {
  if (request.reason.empty()) return fail(ErrorKind::kInvalid, "a take-down needs a reason");
  VELLUM_CHECK(finish_takedown());  // one that failed halfway was promised, too
  TakedownReport report;
  VELLUM_CHECK(writer_.run([&](Transaction& group) -> Result<void> {
    group.put(Family::kMeta, kTakedownKey, Pending{request, kAsked}.encode());
    VELLUM_TRY(report.queued, frontier_state_->close(group, request.closed));
    return {};
  }));
  VELLUM_CHECK(carry_out(request, report));
  return report;
}

// What an earlier program, or an earlier call, began.
Result<void> RocksCatalog::finish_takedown() {
  VELLUM_TRY(const auto row, database_->find(Family::kMeta, kTakedownKey));
  if (!row) return {};
  VELLUM_TRY(const Pending pending, Pending::decode(*row));
  TakedownReport report;
  return pending.step == kAsked ? carry_out(pending.request, report) : Result<void>();
}

// This opening made a new MANIFEST: nothing is left to do for a request that was carried out before.
Result<void> RocksCatalog::forget_takedown() {
  VELLUM_TRY(const auto row, database_->find(Family::kMeta, kTakedownKey));
  if (!row) return {};
  VELLUM_TRY(const Pending pending, Pending::decode(*row));
  if (pending.step == kAsked) return {};
  return writer_.run([](Transaction& group) -> Result<void> {
    group.erase(Family::kMeta, kTakedownKey);
    return {};
  });
}

Result<void> RocksCatalog::carry_out(const TakedownRequest& request, TakedownReport& report) {
  std::vector<std::pair<std::string, Tombstone>> stones;
  for (const CaptureId id : request.captures) {
    const auto capture = archive_->capture(id);
    if (!capture && capture.error().kind != ErrorKind::kNotFound) return fail(capture.error());
    if (capture) stones.emplace_back(replay_key(capture->url), stone_of(*capture, request));
  }
  // Neighbours share rows: what they lean on is then written anew once.
  std::stable_sort(stones.begin(), stones.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (std::size_t first = 0; first < stones.size(); first += kBatchCaptures) {
    std::vector<Tombstone> batch;
    for (std::size_t i = first; i < std::min(stones.size(), first + kBatchCaptures); ++i)
      batch.push_back(stones[i].second);
    VELLUM_CHECK(forget(batch, report));
  }
  VELLUM_CHECK(database_->flush());
  for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(Family::kCount); ++i) {
    const auto family = static_cast<Family>(i);
    const auto how = has_telling_keys(family) ? rocks::Compaction::kWhole : rocks::Compaction::kOverlapping;
    VELLUM_CHECK(database_->compact(family, how));
  }
  return writer_.run([&](Transaction& group) -> Result<void> {
    group.put(Family::kMeta, kTakedownKey, Pending{request, kCompacted}.encode());
    return {};
  });
}

Result<void> RocksCatalog::forget(const std::vector<Tombstone>& stones, TakedownReport& report) {
  constexpr int kTries = 3;  // a commit came between
  const Forgetter forgetter(*database_, reader_);
  for (int i = 0; i < kTries; ++i) {
    VELLUM_TRY(const ForgetUnit unit, forgetter.plan(stones));
    bool is_done = false;
    ArchiveWriter::Dropped dropped;
    VELLUM_CHECK(writer_.run([&](Transaction& group) -> Result<void> {
      const Counters before = archive_writer_.counters();
      auto done = unit.apply(group, archive_writer_, dropped);
      if (!done) archive_writer_.restore(before);
      VELLUM_TRY(is_done, std::move(done));
      return {};
    }));
    if (!is_done) continue;
    report.captures += dropped.captures;
    report.payloads += dropped.payloads;
    report.articles += dropped.articles;
    report.rewritten += unit.moves.payloads.size() + unit.moves.headers.size() + unit.headers.size();
    return {};
  }
  return fail(ErrorKind::kTimeout, "takedown: commits moved the same captures again and again; try later");
}

Result<void> RocksCatalog::embargo(const EmbargoRequest& request) {
  return writer_.run([&](Transaction& group) -> Result<void> {
    const auto set = [&](const std::string& key, const Embargo& embargo) {
      if (request.until) group.put(Family::kTombstones, key, to_cbor(embargo.to_json()));
      if (!request.until) group.erase(Family::kTombstones, key);
    };
    const Timestamp until = request.until.value_or(Timestamp());
    for (const CaptureId id : request.captures) {
      VELLUM_TRY(const bool is_there, group.has(Family::kFeed, id_key(id)));
      if (is_there) set(embargo_key(id), {id, {}, until, request.reason, request.at});
    }
    for (const AddressRange& range : request.addresses)
      set(embargo_key(range.address, range.is_prefix), {0, range, until, request.reason, request.at});
    return {};
  });
}

Result<bool> RocksCatalog::allow_fetch(const std::string& address) {
  bool was_closed = false;
  VELLUM_CHECK(writer_.run([&](Transaction& group) -> Result<void> {
    VELLUM_TRY(was_closed, frontier_state_->reopen(group, address));
    return {};
  }));
  return was_closed;
}

// The first seal of an archive makes its key. Where the key has gone since, as in a copy of the archive, seals are not
// signed.
Result<const SigningKey*> RocksCatalog::signing_key(const Transaction& group) {
  if (signing_key_) return &*signing_key_;
  const std::filesystem::path file = folder_ / kSigningKeyFile;
  auto key = SigningKey::load(file);
  if (!key && key.error().kind == ErrorKind::kNotFound) {
    VELLUM_TRY(const bool has_seals, group.has(Family::kSeals, seal_key(1)));
    if (has_seals) return nullptr;
    key = SigningKey::create(file);
  }
  if (!key)
    return fail(key.error().kind == ErrorKind::kStorage ? ErrorKind::kInvalid : key.error().kind,
                "captures are not sealed: " + key.error().message);
  signing_key_.emplace(*std::move(key));
  return &*signing_key_;
}

Result<std::uint64_t> RocksCatalog::seal_step(Transaction& group, Timestamp now) {
  VELLUM_TRY(const SigningKey* key, signing_key(group));
  return seal_some(group, key, now);
}

Result<std::uint64_t> RocksCatalog::seal(Timestamp now) {
  for (std::uint64_t total = 0;;) {
    std::uint64_t sealed = 0;
    VELLUM_CHECK(writer_.run([&](Transaction& group) -> Result<void> {
      VELLUM_TRY(sealed, seal_step(group, now));
      return {};
    }));
    if (sealed == 0) return total;
    total += sealed;
  }
}

Task<void> RocksCatalog::end_run(RunId id, std::string state, Timestamp now) {
  std::function<Result<void>(Transaction&)> end = [this, id, state, now](Transaction& group) -> Result<void> {
    VELLUM_TRY(Run run, archive_writer_.find_run(group, id));
    run.state = state;
    run.ended = now;
    archive_writer_.put_run(group, run);
    return {};
  };
  VELLUM_CO_CHECK(co_await writer_.submit<void>(std::move(end)));
  for (;;) {
    std::function<Result<std::uint64_t>(Transaction&)> step = [this, now](Transaction& group) {
      return seal_step(group, now);
    };
    VELLUM_CO_TRY(const std::uint64_t sealed, co_await writer_.submit<std::uint64_t>(std::move(step)));
    if (sealed == 0) co_return Result<void>();
  }
}

}  // namespace vellum::storage
