#include "storage/archive/sealer.h"

#include <map>

#include "storage/archive/records.h"

namespace vellum::storage {
namespace {

using rocks::Family;
using rocks::Transaction;

constexpr std::size_t kMostLeaves = 65'536;

struct Leaf {
  CaptureId capture = 0;
  Digest digest;
};

// What one seal will hold.
struct Harvest {
  std::optional<RunId> run;
  std::vector<Leaf> leaves;
  CaptureId sealed_up_to = 0;  // when this seal is there
};

class Gather {
 public:
  explicit Gather(const Transaction& group) : group_(group) {}

  Result<Harvest> run() {
    VELLUM_TRY(const auto row, group_.find(Family::kMeta, kSealedKey));
    const std::uint64_t from = row ? rocks::from_big_endian(*row) : 0;
    harvest_.sealed_up_to = from;
    Result<void> read;
    VELLUM_CHECK(group_.scan(Family::kFeed, id_key(from + 1), {}, [&](std::string_view id, std::string_view key) {
      const auto is_taken = take(rocks::from_big_endian(id), key);
      if (!is_taken) read = fail(is_taken.error());
      if (is_taken && !*is_taken) is_gapless_ = false;
      if (is_gapless_) harvest_.sealed_up_to = rocks::from_big_endian(id);
      return is_taken && harvest_.leaves.size() < kMostLeaves;
    }));
    VELLUM_CHECK(std::move(read));
    return std::move(harvest_);
  }

 private:
  // Whether the capture is under a seal, or under this one.
  Result<bool> take(CaptureId id, std::string_view key) {
    VELLUM_TRY(const bool is_sealed, group_.has(Family::kSeals, sealed_key(id)));
    if (is_sealed) return true;
    VELLUM_TRY(const auto value, group_.find(Family::kCaptures, key));
    const auto capture = value ? decode_capture(*value) : Result<Capture>(fail(ErrorKind::kNotFound, ""));
    if (!capture) return false;  // for `check` to name
    VELLUM_TRY(const bool has_ended, is_over(capture->run));
    if (!has_ended || (harvest_.run && *harvest_.run != capture->run)) return false;
    harvest_.run = capture->run;
    harvest_.leaves.push_back({id, leaf_of(id, capture->url, capture->captured, capture->digest)});
    return true;
  }

  Result<bool> is_over(RunId id) {
    if (id == 0) return true;
    const auto known = over_.find(id);
    if (known != over_.end()) return known->second;
    VELLUM_TRY(const auto row, group_.find(Family::kRuns, id_key(id)));
    VELLUM_TRY(const Json json, row ? parse_cbor(*row) : Result<Json>(Json::object()));
    return over_[id] = text_of(json, "state") != "running";
  }

  const Transaction& group_;
  Harvest harvest_;
  bool is_gapless_ = true;
  std::map<RunId, bool> over_;
};

Result<Seal> last_seal(const Transaction& group) {
  Seal last;
  Result<void> read;
  VELLUM_CHECK(group.scan(Family::kSeals, "s", "t", [&](std::string_view, std::string_view value) {
    const auto json = parse_cbor(value);
    auto seal = json ? Seal::from_json(*json) : Result<Seal>(fail(json.error()));
    if (seal) last = *std::move(seal);
    if (!seal) read = fail(seal.error());
    return read.has_value();
  }));
  VELLUM_CHECK(std::move(read));
  return last;
}

}  // namespace

Result<std::uint64_t> seal_some(Transaction& group, const SigningKey* key, Timestamp now) {
  VELLUM_TRY(const Harvest harvest, Gather(group).run());
  if (harvest.leaves.empty()) return std::uint64_t{0};
  VELLUM_TRY(const Seal before, last_seal(group));
  Seal seal;
  seal.number = before.number + 1;
  seal.run = *harvest.run;
  seal.captures = harvest.leaves.size();
  seal.first = harvest.leaves.front().capture;
  seal.last = harvest.leaves.back().capture;
  std::vector<Digest> leaves;
  for (const Leaf& leaf : harvest.leaves) leaves.push_back(leaf.digest);
  seal.root = merkle_root(leaves);
  if (before.number != 0) seal.previous = sha256(before.statement());
  seal.at = now;
  if (key != nullptr) {
    seal.key = key->public_key();
    seal.signature = key->sign(seal.statement());
  }
  group.put(Family::kSeals, seal_key(seal.number), to_cbor(seal.to_json()));
  for (const Leaf& leaf : harvest.leaves) {
    group.put(Family::kSeals, leaf_key(seal.number, leaf.capture), std::string(leaf.digest.view()));
    group.put(Family::kSeals, sealed_key(leaf.capture), id_key(seal.number));
  }
  group.put(Family::kMeta, kSealedKey, id_key(harvest.sealed_up_to));
  return std::uint64_t{seal.captures};
}

}  // namespace vellum::storage
