#include "storage/archive/forget_unit.h"

namespace vellum::storage {

using rocks::Family;

Result<bool> ForgetUnit::apply(rocks::Transaction& group, ArchiveWriter& writer,
                               ArchiveWriter::Dropped& dropped) const {
  for (const HeaderValue& header : headers) {
    VELLUM_TRY(const auto now, group.find(Family::kHeaders, id_key(header.capture)));
    if (!now || *now != header.before) return false;
  }
  Counters& counters = writer.mutable_counters();
  VELLUM_TRY(const bool is_as_planned, moves.apply(group, counters));
  if (!is_as_planned) return false;
  for (const std::string& key : bases) group.erase(Family::kBases, key);
  for (const std::string& key : events) group.erase(Family::kEvents, key);
  for (const HeaderValue& header : headers) {
    counters.stored_bytes += header.value.size();
    counters.stored_bytes -= header.before.size();
    group.put(Family::kHeaders, id_key(header.capture), header.value);
  }
  for (const Tombstone& stone : tombstones) VELLUM_CHECK(writer.drop_capture(group, stone, dropped));
  writer.forget_header_bases();
  return true;
}

}  // namespace vellum::storage
