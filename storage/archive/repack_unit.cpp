#include "storage/archive/repack_unit.h"

#include <optional>
#include <set>

namespace vellum::storage {
namespace {

using rocks::Family;
using rocks::Transaction;

Result<bool> has_rows(const Transaction& group, Family family, std::uint64_t first) {
  bool any = false;
  const std::string prefix = id_key(first);
  VELLUM_CHECK(group.scan(family, prefix, rocks::prefix_end(prefix), [&](std::string_view, std::string_view) {
    any = true;
    return false;
  }));
  return any;
}

class Apply {
 public:
  Apply(const RepackUnit& unit, Transaction& group, Counters& counters)
      : unit_(unit), group_(group), counters_(counters), first_(counters.last_payload + 1) {}

  Result<bool> run() {
    VELLUM_TRY(const bool is_as_planned, check());
    if (!is_as_planned) return false;
    put_rows();
    VELLUM_CHECK(move_payloads());
    VELLUM_CHECK(move_headers());
    put_bases();
    for (const std::uint64_t row : left_) VELLUM_CHECK(drop_row_if_free(group_, counters_, row));
    group_.put(Family::kMeta, kRepackCursorKey, unit_.cursor);
    return true;
  }

 private:
  std::uint64_t id_of(std::size_t row) const { return first_ + row; }
  std::uint64_t base_of(const RepackUnit::Row& row) const {
    return row.base_in_unit == RepackUnit::kNone ? row.base_row : id_of(row.base_in_unit);
  }

  Result<std::optional<Locator>> locator_of(const Digest& digest) const {
    VELLUM_TRY(const auto value, group_.find(Family::kDigests, digest.view()));
    if (!value) return std::optional<Locator>();
    VELLUM_TRY(Locator locator, Locator::decode(*value));
    return std::optional<Locator>(std::move(locator));
  }

  Result<bool> check() const {
    for (const RepackUnit::Payload& payload : unit_.payloads) {
      VELLUM_TRY(const std::optional<Locator> found, locator_of(payload.digest));
      const Locator now = found.value_or(Locator());
      if (now.id != payload.before.id || now.offset != payload.before.offset) return false;
    }
    for (const RepackUnit::Header& header : unit_.headers) {
      VELLUM_TRY(const auto value, group_.find(Family::kHeaders, id_key(header.capture)));
      if (!value || *value != header.before) return false;
    }
    for (const RepackUnit::Row& row : unit_.rows) {
      if (row.base_row == 0) continue;
      VELLUM_TRY(const bool is_there, group_.has(Family::kPayloads, id_key(row.base_row)));
      if (!is_there) return false;
    }
    return true;
  }

  void put_rows() {
    for (std::size_t i = 0; i < unit_.rows.size(); ++i) {
      const std::uint64_t base = base_of(unit_.rows[i]);
      std::string frame = make_frame(Encoding::kPack, {base, 0, 0}, unit_.rows[i].body);
      counters_.stored_bytes += frame.size();
      group_.put(Family::kPayloads, id_key(id_of(i)), std::move(frame));
      if (base != 0) group_.put(Family::kLeans, pair_key(base, id_of(i)), {});
    }
    counters_.last_payload += unit_.rows.size();
  }

  Result<void> move_payloads() {
    for (const RepackUnit::Payload& payload : unit_.payloads) {
      VELLUM_TRY(const std::optional<Locator> found, locator_of(payload.digest));
      Locator locator = found.value_or(payload.before);
      group_.erase(Family::kPlaces, pair_key(locator.id, locator.offset));
      left_.insert(locator.id);
      locator.id = id_of(payload.row);
      locator.codec = static_cast<int>(Encoding::kPack);
      locator.base = base_of(unit_.rows[payload.row]);
      locator.offset = payload.offset;
      group_.put(Family::kPlaces, pair_key(locator.id, locator.offset), std::string(payload.digest.view()));
      group_.put(Family::kDigests, payload.digest.view(), locator.encode());
    }
    return {};
  }

  Result<void> move_headers() {
    for (const RepackUnit::Header& header : unit_.headers) {
      VELLUM_TRY(const Frame before, parse_frame(header.before));
      if (before.encoding == Encoding::kPack) {
        group_.erase(Family::kPlaces, pair_key(before.lean.row, before.lean.offset));
        left_.insert(before.lean.row);
      }
      std::string value = make_frame(Encoding::kPack, {id_of(header.row), header.offset, header.bytes}, {});
      counters_.stored_bytes += value.size();
      counters_.stored_bytes -= header.before.size();
      group_.put(Family::kHeaders, id_key(header.capture), std::move(value));
      group_.put(Family::kPlaces, pair_key(id_of(header.row), header.offset), id_key(header.capture));
    }
    return {};
  }

  void put_bases() {
    for (const RepackUnit::NewBase& fresh : unit_.bases) {
      Base base = fresh.base;
      if (fresh.row != RepackUnit::kNone) base.row = id_of(fresh.row);
      group_.put(Family::kBases, fresh.key, base.encode());
    }
  }

  const RepackUnit& unit_;
  Transaction& group_;
  Counters& counters_;
  const std::uint64_t first_;
  std::set<std::uint64_t> left_;  // rows that payloads moved out of
};

}  // namespace

Result<void> drop_row_if_free(Transaction& group, Counters& counters, std::uint64_t row) {
  for (;;) {
    VELLUM_TRY(const bool is_named, has_rows(group, Family::kPlaces, row));
    VELLUM_TRY(const bool is_leaned_on, has_rows(group, Family::kLeans, row));
    if (is_named || is_leaned_on) return {};
    VELLUM_TRY(const auto bytes, group.find(Family::kPayloads, id_key(row)));
    if (!bytes) return {};
    VELLUM_TRY(const Frame frame, parse_frame(*bytes));
    const std::uint64_t base = frame.lean.row;
    counters.stored_bytes -= bytes->size();
    group.erase(Family::kPayloads, id_key(row));
    if (base == 0) return {};
    group.erase(Family::kLeans, pair_key(base, row));
    row = base;
  }
}

Result<bool> RepackUnit::apply(Transaction& group, Counters& counters) const {
  return Apply(*this, group, counters).run();
}

}  // namespace vellum::storage
