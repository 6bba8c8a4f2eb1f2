#include "storage/archive/seal_check.h"

#include <fmt/format.h>

#include <unordered_map>

#include "base/signature.h"
#include "storage/archive/records.h"

namespace vellum::storage {
namespace {

using rocks::Database;
using rocks::Family;

class SealCheck {
 public:
  using Report = std::function<void(std::string where, std::string what)>;
  SealCheck(const Database& database, const Report& report) : database_(database), report_(report) {}

  std::uint64_t run() {
    each(Family::kTombstones, "c", [this](std::string_view, std::string_view value) {
      const auto json = parse_cbor(value);
      const auto stone = json ? Tombstone::from_json(*json) : Result<Tombstone>(fail(json.error()));
      if (!stone) return report_("tombstone", stone.error().message);
      removed_[stone->id] = leaf_of(stone->id, stone->url, stone->captured, stone->digest);
    });
    each(Family::kSeals, "s", [this](std::string_view, std::string_view value) {
      const auto json = parse_cbor(value);
      const auto seal = json ? Seal::from_json(*json) : Result<Seal>(fail(json.error()));
      seal ? check(*seal) : report_("seal", seal.error().message);
    });
    return last_;
  }

 private:
  template <class Visit>
  void each(Family family, const std::string& prefix, const Visit& visit) {
    const auto done =
        database_.scan(family, prefix, rocks::prefix_end(prefix), [&](std::string_view key, std::string_view value) {
          visit(key, value);
          return true;
        });
    if (!done) report_("family " + std::string(rocks::name_of(family)), done.error().message);
  }

  void check(const Seal& seal) {
    const std::string where = fmt::format("seal {}", seal.number);
    if (seal.number != last_ + 1) report_(where, fmt::format("follows seal {}", last_));
    if (seal.previous != previous_) report_(where, "does not name the seal before it as it is");
    if (!seal.signature.empty() && !is_signature_of(seal.signature, seal.statement(), seal.key))
      report_(where, "its signature does not hold");
    last_ = seal.number;
    previous_ = sha256(seal.statement());
    std::vector<Digest> leaves;
    each(Family::kSeals, leaf_key(seal.number, 0).substr(0, 9), [&](std::string_view key, std::string_view value) {
      const auto leaf = Digest::from_bytes(value);
      const CaptureId id = rocks::from_big_endian(key.substr(9));
      leaves.push_back(leaf.value_or(Digest()));
      check_leaf(id, leaves.back(), where);
    });
    if (leaves.size() != seal.captures || merkle_root(leaves) != seal.root)
      report_(where, "its root is not that of its leaves");
  }

  void check_leaf(CaptureId id, const Digest& leaf, const std::string& seal) {
    const std::string where = fmt::format("capture {} under {}", id, seal);
    const auto key = database_.find(Family::kFeed, id_key(id));
    if (!key) return report_(where, key.error().message);
    if (!*key) {
      const auto stone = removed_.find(id);
      if (stone == removed_.end()) return report_(where, "is neither there nor taken down");
      if (stone->second != leaf) report_(where, "its tombstone is of another capture than the sealed one");
      return;
    }
    const auto value = database_.find(Family::kCaptures, **key);
    const auto capture =
        value && *value ? decode_capture(**value) : Result<Capture>(fail(ErrorKind::kNotFound, "is not stored"));
    if (!capture) return report_(where, capture.error().message);
    if (leaf_of(id, capture->url, capture->captured, capture->digest) != leaf)
      report_(where, "is not as it was sealed");
  }

  const Database& database_;
  const Report& report_;
  std::unordered_map<CaptureId, Digest> removed_;  // leaves of what was taken down
  std::uint64_t last_ = 0;
  Digest previous_{};
};

}  // namespace

std::uint64_t check_seals(const Database& database,
                          const std::function<void(std::string where, std::string what)>& report) {
  return SealCheck(database, report).run();
}

}  // namespace vellum::storage
