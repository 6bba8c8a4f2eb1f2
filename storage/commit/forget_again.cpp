#include "storage/commit/forget_again.h"

#include "storage/archive/records.h"
#include "storage/archive/tombstone.h"

namespace vellum::storage {
namespace {

using rocks::Database;
using rocks::Family;

// Without the capture nobody asks for these; what names them is for the check to say.
Result<void> erase_parts(const Database& made, const RowChanges& rows, const std::string& id) {
  for (const Family family : {Family::kFeed, Family::kHeaders, Family::kPending}) {
    VELLUM_TRY(const auto row, made.find(family, id));
    if (row) rows.erase(family, id);
  }
  return made.scan(Family::kArticles, id, rocks::prefix_end(id), [&](std::string_view key, std::string_view) {
    rows.erase(Family::kArticles, key);
    return true;
  });
}

}  // namespace

Result<std::set<Digest>> digests_taken_down(const Database& made) {
  std::set<Digest> digests;
  VELLUM_CHECK(made.scan(Family::kTombstones, "c", "d", [&](std::string_view, std::string_view value) {
    const auto json = parse_cbor(value);
    const auto stone = json ? Tombstone::from_json(*json) : Result<Tombstone>(fail(json.error()));
    if (stone) digests.insert(stone->digest);
    return true;
  }));
  return digests;
}

Result<void> forget_again(const Database& made, const RowChanges& rows) {
  constexpr std::size_t kIdBytes = 8;
  Json ids = Json::array();
  Result<void> done;
  VELLUM_CHECK(made.scan(Family::kTombstones, "c", "d", [&](std::string_view key, std::string_view) {
    if (key.size() <= kIdBytes) return true;  // for the check to name
    const std::string id(key.substr(key.size() - kIdBytes));
    const auto capture = made.find(Family::kCaptures, key.substr(1));
    if (!capture) done = fail(capture.error());
    if (capture && *capture) {
      ids.push_back(rocks::from_big_endian(id));
      done = rows.put(Family::kFeed, id, key.substr(1));
    } else if (capture) {
      done = erase_parts(made, rows, id);
    }
    return done.has_value();
  }));
  VELLUM_CHECK(std::move(done));
  if (ids.empty()) return {};
  Json request = {{"captures", ids}, {"reason", "taken down before"}, {"at", to_rfc3339(Timestamp())}, {"step", 1}};
  VELLUM_TRY(const auto promised, made.find(Family::kMeta, "takedown"));  // and not carried out yet
  const auto before = promised ? parse_cbor(*promised) : Result<Json>(Json());
  if (before && integer_of(*before, "step") == 1 && before->contains("captures")) {
    request = *before;
    for (const Json& id : ids) request["captures"].push_back(id);
  }
  return rows.put(Family::kMeta, "takedown", to_cbor(request));
}

}  // namespace vellum::storage
