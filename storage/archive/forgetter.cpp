#include "storage/archive/forgetter.h"

#include <fmt/format.h>

#include <map>
#include <set>

namespace vellum::storage {
namespace {

using rocks::Family;

Error in_row(Error error, std::uint64_t row) {
  return wrap(std::move(error), fmt::format("payload {} must be moved, but", row));
}

class Plan {
 public:
  Plan(const rocks::Database& database, const PayloadReader& reader) : database_(database), reader_(reader) {}

  Result<ForgetUnit> run(const std::vector<Tombstone>& stones);

 private:
  // What stays of a row.
  struct Rest {
    std::string content;
    std::vector<RepackUnit::Payload> payloads;  // `row` is set when it is known
    std::vector<RepackUnit::Header> headers;
  };

  Result<void> find_captures(const std::vector<Tombstone>& stones);
  Result<void> find_rows();
  Result<Frame> frame_of(std::uint64_t row, std::string& bytes) const;
  Result<std::vector<std::uint64_t>> leaners_of(std::uint64_t row) const;
  Result<Rest> rest_of(std::uint64_t row) const;
  Result<void> add_to_rest(std::string_view content, std::uint64_t offset, std::string_view name, Rest& rest) const;
  std::size_t put_row(Rest rest, std::string_view prefix, std::size_t base_in_unit, std::uint64_t base_row);
  Result<void> rewrite_base(std::uint64_t row);
  Result<void> rewrite_leaner(std::uint64_t row, std::uint64_t base);
  Result<void> rewrite_headers();
  Result<void> rewrite_bases();
  Result<void> find_events();
  void place_base(std::string_view key, Base base);

  const rocks::Database& database_;
  const PayloadReader& reader_;
  ForgetUnit unit_;
  std::set<CaptureId> captures_;
  std::set<Digest> gone_;                          // payloads that no other capture has
  std::set<std::uint64_t> rows_;                   // that hold something which goes
  std::set<std::uint64_t> moved_;                  // all that are written anew, or go
  std::map<std::uint64_t, std::size_t> new_base_;  // by the row that was leaned on: what takes its place
};

Result<void> Plan::find_captures(const std::vector<Tombstone>& stones) {
  std::map<Digest, std::uint64_t> counted;
  for (const Tombstone& stone : stones) {
    VELLUM_TRY(const auto key, database_.find(Family::kFeed, id_key(stone.id)));
    if (!key || !captures_.insert(stone.id).second) continue;
    unit_.tombstones.push_back(stone);
    ++counted[stone.digest];
  }
  for (const auto& [digest, count] : counted) {
    VELLUM_TRY(const auto value, database_.find(Family::kDigests, digest.view()));
    if (!value) continue;
    VELLUM_TRY(const Locator locator, Locator::decode(*value));
    if (locator.refs > count) continue;
    gone_.insert(digest);
    rows_.insert(locator.id);
  }
  return {};
}

Result<void> Plan::find_rows() {
  for (const CaptureId id : captures_) {
    VELLUM_TRY(const auto value, database_.find(Family::kHeaders, id_key(id)));
    if (!value) continue;
    VELLUM_TRY(const Frame frame, parse_frame(*value));
    if (frame.encoding == Encoding::kPack) rows_.insert(frame.lean.row);
  }
  return {};
}

Result<Frame> Plan::frame_of(std::uint64_t row, std::string& bytes) const {
  VELLUM_TRY(auto value, database_.find(Family::kPayloads, id_key(row)));
  if (!value) return fail(ErrorKind::kCorrupt, "it is not there");
  bytes = *std::move(value);
  return parse_frame(bytes);
}

Result<std::vector<std::uint64_t>> Plan::leaners_of(std::uint64_t row) const {
  std::vector<std::uint64_t> rows;
  const std::string prefix = id_key(row);
  VELLUM_CHECK(
      database_.scan(Family::kLeans, prefix, rocks::prefix_end(prefix), [&](std::string_view key, std::string_view) {
        rows.push_back(rocks::from_big_endian(key.substr(8)));
        return true;
      }));
  return rows;
}

Result<Plan::Rest> Plan::rest_of(std::uint64_t row) const {
  std::vector<std::pair<std::uint64_t, std::string>> places;
  const std::string prefix = id_key(row);
  VELLUM_CHECK(database_.scan(
      Family::kPlaces, prefix, rocks::prefix_end(prefix), [&](std::string_view key, std::string_view name) {
        const bool goes = name.size() == 8 ? captures_.contains(rocks::from_big_endian(name))
                                           : gone_.contains(Digest::from_bytes(name).value_or(Digest()));
        if (!goes) places.emplace_back(rocks::from_big_endian(key.substr(8)), name);
        return true;
      }));
  Rest rest;
  if (places.empty()) return rest;
  std::string bytes;
  VELLUM_TRY(const Frame frame, frame_of(row, bytes));
  static_cast<void>(frame);
  VELLUM_TRY(const std::string content, reader_.content(bytes, kMostPackBytes));
  for (const auto& [offset, name] : places) VELLUM_CHECK(add_to_rest(content, offset, name, rest));
  return rest;
}

Result<void> Plan::add_to_rest(std::string_view content, std::uint64_t offset, std::string_view name,
                               Rest& rest) const {
  if (name.size() == 8) {
    const CaptureId id = rocks::from_big_endian(name);
    VELLUM_TRY(const auto value, database_.find(Family::kHeaders, id_key(id)));
    VELLUM_TRY(const Frame frame, parse_frame(value.value_or(std::string())));
    VELLUM_TRY(const std::string_view slice, slice_of(content, frame.lean));
    rest.headers.push_back({id, *value, 0, rest.content.size(), slice.size()});
    rest.content.append(slice);
    return {};
  }
  VELLUM_TRY(const Digest digest, Digest::from_bytes(name));
  VELLUM_TRY(const auto value, database_.find(Family::kDigests, digest.view()));
  VELLUM_TRY(const Locator locator, Locator::decode(value.value_or(std::string())));
  VELLUM_TRY(const std::string_view slice, slice_of(content, {0, offset, locator.bytes}));
  if (sha256(slice) != digest) return fail(ErrorKind::kCorrupt, "it does not rebuild; run `vellum check --read-data`");
  rest.payloads.push_back({digest, locator, 0, rest.content.size()});
  rest.content.append(slice);
  return {};
}

std::size_t Plan::put_row(Rest rest, std::string_view prefix, std::size_t base_in_unit, std::uint64_t base_row) {
  RepackUnit& moves = unit_.moves;
  const std::size_t row = moves.rows.size();
  moves.rows.push_back({delta_body(reader_.zstd(), rest.content, prefix, kZstdArchiveLevel), base_in_unit, base_row});
  for (RepackUnit::Payload& payload : rest.payloads) {
    payload.row = row;
    moves.payloads.push_back(std::move(payload));
  }
  for (RepackUnit::Header& header : rest.headers) {
    header.row = row;
    moves.headers.push_back(std::move(header));
  }
  return row;
}

// A row that leans on nothing.
Result<void> Plan::rewrite_base(std::uint64_t row) {
  auto kept = rest_of(row);
  if (!kept) return fail(in_row(kept.error(), row));
  VELLUM_TRY(const std::vector<std::uint64_t> leaners, leaners_of(row));
  std::string prefix;
  std::size_t base = RepackUnit::kNone;
  const auto put = [&](Rest rest) {
    if (rest.content.empty() && rest.payloads.empty() && rest.headers.empty()) return;
    std::string content = base == RepackUnit::kNone ? rest.content : std::string();
    const std::size_t placed = put_row(std::move(rest), prefix, base, 0);
    if (base != RepackUnit::kNone || content.empty()) return;
    base = new_base_[row] = placed;
    prefix = std::move(content);
  };
  put(*std::move(kept));
  moved_.insert(row);
  for (const std::uint64_t leaner : leaners) {
    auto rest = rest_of(leaner);
    if (!rest) return fail(in_row(rest.error(), leaner));
    put(*std::move(rest));
    moved_.insert(leaner);
  }
  return {};
}

// A row that leans on one which stays as it is.
Result<void> Plan::rewrite_leaner(std::uint64_t row, std::uint64_t base) {
  auto rest = rest_of(row);
  if (!rest) return fail(in_row(rest.error(), row));
  moved_.insert(row);
  if (rest->payloads.empty() && rest->headers.empty()) return {};
  VELLUM_TRY(const PayloadReader::Content prefix, reader_.base(base));
  put_row(*std::move(rest), *prefix, RepackUnit::kNone, base);
  return {};
}

// Deltas of header blocks that go are stored alone. They came in after what they lean on.
Result<void> Plan::rewrite_headers() {
  if (captures_.empty()) return {};
  Result<void> read;
  const auto visit = [&](std::string_view key, std::string_view value) {
    const CaptureId id = rocks::from_big_endian(key);
    const auto frame = parse_frame(value);
    if (!frame || frame->encoding != Encoding::kDelta) return true;
    if (!captures_.contains(frame->lean.row) || captures_.contains(id)) return true;
    const auto block = reader_.header_block(value);
    if (!block) read = fail(wrap(block.error(), fmt::format("header blocks of capture {} must be moved, but", id)));
    if (block)
      unit_.headers.push_back({id, std::string(value), encode_alone(reader_.zstd(), *block, kZstdOnlineLevel)});
    return read.has_value();
  };
  VELLUM_CHECK(database_.scan(Family::kHeaders, id_key(*captures_.begin()), {}, visit));
  return read;
}

// What the next captures would lean on: where it went; in a star, what took its place; or nothing.
void Plan::place_base(std::string_view key, Base base) {
  const auto successor = new_base_.find(base.row);
  const bool is_gone = gone_.contains(base.digest);
  const RepackUnit::Payload* heir = nullptr;
  std::size_t in_row = 0;
  for (const RepackUnit::Payload& payload : unit_.moves.payloads) {
    const RepackUnit::Row& row = unit_.moves.rows[payload.row];
    if (row.base_in_unit != RepackUnit::kNone || row.base_row != 0) continue;
    const bool is_successor = successor != new_base_.end() && successor->second == payload.row;
    if (is_successor) ++in_row;
    if (is_gone ? is_successor : payload.digest == base.digest) heir = &payload;
  }
  if (heir == nullptr || (is_gone && in_row != 1)) {
    unit_.bases.emplace_back(key);
    return;
  }
  base.row = 0;
  base.offset = heir->offset;
  base.alone = base.bytes == 0 ? 0 : base.alone * heir->before.bytes / base.bytes;
  base.bytes = heir->before.bytes;
  base.digest = heir->digest;
  unit_.moves.bases.push_back({std::string(key), heir->row, base});
}

Result<void> Plan::rewrite_bases() {
  Result<void> read;
  VELLUM_CHECK(database_.scan(Family::kBases, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto base = Base::decode(value);
    if (!base) {
      unit_.bases.emplace_back(key);
    } else if (moved_.contains(base->row) || gone_.contains(base->digest)) {
      place_base(key, *base);
    }
    return true;
  }));
  return read;
}

// Failures and skips are about fetching; all others may quote the page.
Result<void> Plan::find_events() {
  std::set<std::string> urls;
  for (const Tombstone& stone : unit_.tombstones) urls.insert(stone.url);
  if (urls.empty()) return {};
  return database_.scan(Family::kEvents, {}, {}, [&](std::string_view key, std::string_view value) {
    const auto json = parse_cbor(value);
    if (!json || !urls.contains(text_of(*json, "url"))) return true;
    const std::string kind = text_of(*json, "kind");
    if (kind != "failed" && kind != "skipped") unit_.events.emplace_back(key);
    return true;
  });
}

Result<ForgetUnit> Plan::run(const std::vector<Tombstone>& stones) {
  VELLUM_CHECK(find_captures(stones));
  VELLUM_CHECK(find_rows());
  for (const std::uint64_t row : rows_) {
    std::string bytes;
    const auto frame = frame_of(row, bytes);
    if (!frame) return fail(in_row(frame.error(), row));
    const std::uint64_t base = frame->lean.row;
    if (base == 0) {
      VELLUM_CHECK(rewrite_base(row));
    } else if (!rows_.contains(base)) {
      VELLUM_CHECK(rewrite_leaner(row, base));
    }
  }
  VELLUM_CHECK(rewrite_headers());
  VELLUM_CHECK(rewrite_bases());
  VELLUM_CHECK(find_events());
  VELLUM_TRY(const auto cursor, database_.find(Family::kMeta, kRepackCursorKey));
  unit_.moves.cursor = cursor.value_or(std::string());
  return std::move(unit_);
}

}  // namespace

Result<ForgetUnit> Forgetter::plan(const std::vector<Tombstone>& stones) const {
  return Plan(database_, reader_).run(stones);
}

}  // namespace vellum::storage
