// RocksArchive: take-downs, seals, reading everything bit by bit.

#include <algorithm>

#include "storage/archive/payload_check.h"
#include "storage/archive/rocks_archive.h"

namespace vellum::storage {

using rocks::Family;

namespace {

template <class Record>
Result<Record> record_of(std::string_view value) {
  VELLUM_TRY(const Json json, parse_cbor(value));
  return Record::from_json(json);
}

// All records under keys that start with `prefix`.
template <class Record>
Result<std::vector<Record>> records_of(const rocks::Database& database, Family family, const std::string& prefix) {
  std::vector<Record> records;
  Result<void> read;
  VELLUM_CHECK(database.scan(family, prefix, rocks::prefix_end(prefix), [&](std::string_view, std::string_view value) {
    auto record = record_of<Record>(value);
    if (!record) read = fail(record.error());
    if (record) records.push_back(*std::move(record));
    return read.has_value();
  }));
  VELLUM_CHECK(std::move(read));
  return records;
}

}  // namespace

Result<void> RocksArchive::visit_tombstones(const KeyRange& range,
                                            const std::function<bool(const Tombstone&)>& visit) const {
  Result<void> read;
  VELLUM_CHECK(
      database_->scan(Family::kTombstones, range.from, range.to, [&](std::string_view, std::string_view value) {
        const auto stone = record_of<Tombstone>(value);
        if (!stone) read = fail(stone.error());
        return stone && visit(*stone);
      }));
  return read;
}

Result<std::vector<Tombstone>> RocksArchive::tombstones(const Url& url) const {
  std::vector<Tombstone> stones;
  VELLUM_CHECK(visit_tombstones(tombstones_range(replay_key(url.href())), [&](const Tombstone& stone) {
    stones.push_back(stone);
    return true;
  }));
  return stones;
}

Result<void> RocksArchive::scan_tombstones(const std::function<bool(const Tombstone&)>& visit) const {
  return visit_tombstones({"c", "d"}, visit);
}

Result<std::vector<Seal>> RocksArchive::seals() const {
  return records_of<Seal>(*database_, Family::kSeals, "s");
}

Result<Seal> RocksArchive::seal_over(CaptureId id) const {
  VELLUM_TRY(const auto number, database_->find(Family::kSeals, sealed_key(id)));
  if (!number)
    return fail(ErrorKind::kNotFound,
                "capture " + std::to_string(id) + " is under no seal yet; a run is sealed when it ends");
  VELLUM_TRY(const auto row, database_->find(Family::kSeals, "s" + *number));
  if (!row) return fail(ErrorKind::kCorrupt, "the seal over capture " + std::to_string(id) + " is not there");
  return record_of<Seal>(*row);
}

Result<InclusionProof> RocksArchive::prove(CaptureId id) const {
  InclusionProof proof;
  VELLUM_TRY(proof.seal, seal_over(id));
  proof.capture = id;
  if (const auto kept = capture(id); kept) {
    proof.url = kept->url;
    proof.captured = kept->captured;
    proof.digest = kept->digest;
  } else {
    VELLUM_CHECK(scan_tombstones([&](const Tombstone& stone) {
      if (stone.id != id) return true;
      proof.url = stone.url;
      proof.captured = stone.captured;
      proof.digest = stone.digest;
      proof.removed = stone.reason;
      return false;
    }));
    if (!proof.removed) return fail(kept.error());
  }
  std::vector<Digest> leaves;
  const std::string prefix = leaf_key(proof.seal.number, 0).substr(0, 9);
  VELLUM_CHECK(database_->scan(Family::kSeals, prefix, rocks::prefix_end(prefix),
                               [&](std::string_view key, std::string_view value) {
                                 if (rocks::from_big_endian(key.substr(9)) == id) proof.index = leaves.size();
                                 leaves.push_back(Digest::from_bytes(value).value_or(Digest()));
                                 return true;
                               }));
  const bool is_whole = proof.index < leaves.size() && merkle_root(leaves) == proof.seal.root &&
                        leaves[proof.index] == leaf_of(id, proof.url, proof.captured, proof.digest);
  if (!is_whole)
    return fail(ErrorKind::kCorrupt, "capture " + std::to_string(id) + " is not as it was sealed; run `vellum check`");
  proof.path = merkle_path(leaves, static_cast<std::size_t>(proof.index));
  return proof;
}

// Header blocks behind report.next.headers; whether the last one was reached. A block of the disk that does not read is
// gone through one by one.
bool RocksArchive::scrub_headers(ScrubReport& report, const std::function<bool()>& go_on,
                                 const PayloadCheck::Report& fault) const {
  CaptureId& at = report.next.headers;
  bool is_going = true;
  const auto check_block = [&](std::string_view value) {
    const auto block = reader_.header_block(value);
    if (!block) fault("header blocks of capture " + std::to_string(at), block.error().message);
  };
  const auto visit = [&](std::string_view key, std::string_view value) {
    at = rocks::from_big_endian(key);
    check_block(value);
    return is_going = go_on();
  };
  while (is_going && at < report.last.headers) {
    if (database_->scan(Family::kHeaders, id_key(at + 1), {}, visit)) break;
    const auto value = database_->find(Family::kHeaders, id_key(++at));
    if (!value) fault("header blocks of capture " + std::to_string(at), value.error().message);
    if (value && *value) check_block(**value);
    is_going = is_going && go_on();
  }
  return is_going || at >= report.last.headers;
}

Result<ScrubReport> RocksArchive::scrub(const ScrubCursor& from, const std::function<bool()>& go_on) const {
  ScrubReport report;
  report.next = from;
  VELLUM_CHECK(database_->scan_back(Family::kPayloads, {}, {}, [&](std::string_view key, std::string_view) {
    report.last.row = rocks::from_big_endian(key);
    return false;
  }));
  VELLUM_CHECK(database_->scan_back(Family::kHeaders, {}, {}, [&](std::string_view key, std::string_view) {
    report.last.headers = rocks::from_big_endian(key);
    return false;
  }));
  const auto fault = [&](std::string where, std::string what) {
    report.faults.push_back({std::move(where), std::move(what)});
  };
  PayloadCheck rows(*database_, reader_, report.last.row, true, fault);
  bool is_going = true;
  const auto next_row = [&](std::uint64_t row) {
    ++report.rows;
    report.next.row = row;
    return is_going = go_on();
  };
  rows.scrub(from.row, next_row);
  report.payloads = rows.hashed().payloads;
  report.bytes = rows.hashed().payload_bytes;
  if (!is_going && report.next.row < report.last.row) return report;
  report.next.row = report.last.row;
  report.is_end = scrub_headers(report, go_on, fault);
  if (report.is_end) report.next = {};
  return report;
}

}  // namespace vellum::storage
