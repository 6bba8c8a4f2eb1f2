#include "storage/warc/checker.h"

#include "storage/warc/block_rules.h"
#include "storage/warc/record_rules.h"

namespace vellum::warc {
namespace {

void keep(CheckResult& result, Fault fault) {
  const bool is_fault = fault.rule->severity == Severity::kFault;
  (is_fault ? result.fault_count : result.advice_count)++;
  auto& kept = is_fault ? result.faults : result.advice;
  if (kept.size() < CheckResult::kMostKept) kept.push_back(std::move(fault));
}

// No web archive shrinks like this; a check must not take minutes for a file of a few kilobytes.
bool is_bomb(const RecordReader& reader) {
  constexpr std::uint64_t kHarmless = 1u << 30, kMostRatio = 250;
  return reader.decoded() > kHarmless && reader.decoded() / kMostRatio > reader.file_offset();
}

// False: the file is not to be read further.
Result<bool> check_record(RecordReader& reader, const Record& record, const FaultSink& sink, CheckResult& result) {
  check_fields(record, sink);
  BlockCheck block(record, sink);
  for (;;) {
    VELLUM_TRY(const std::string_view piece, reader.read_block());
    if (piece.empty()) break;
    result.bytes += piece.size();
    block.add(piece);
    if (is_bomb(reader)) {
      sink({&rule::kExpansion, record.offset, record.number,
            "no more is read after " + std::to_string(reader.decoded()) + " bytes"});
      return false;
    }
  }
  block.finish(reader.is_clipped() || !record.has_length);
  result.digests_checked += block.digests();
  constexpr std::size_t kMostTypes = 100;
  const std::string type = record.type.substr(0, 40);
  if (result.types.size() < kMostTypes || result.types.count(type) > 0) ++result.types[type];
  return true;
}

}  // namespace

Result<CheckResult> check_source(std::unique_ptr<ByteSource> source) {
  CheckResult result;
  const FaultSink sink = [&](Fault fault) { keep(result, std::move(fault)); };
  RecordReader reader(std::move(source), sink);
  std::string version;
  bool is_mixed = false;
  for (;;) {
    VELLUM_TRY(const std::optional<Record> record, reader.next());
    if (!record) break;
    VELLUM_TRY(const bool goes_on, check_record(reader, *record, sink, result));
    if (!goes_on) break;
    if (version.empty()) version = record->version;
    if (record->version != version && !std::exchange(is_mixed, true)) {
      sink({&rule::kMixedVersions, record->offset, record->number,
            "a record of version " + record->version.substr(0, 20)});
    }
  }
  result.records = reader.records();
  if (result.records == 0) sink({&rule::kNoRecords, 0, 0, "the file holds no record"});
  return result;
}

Result<CheckResult> check_file(const std::filesystem::path& file) {
  VELLUM_TRY(std::unique_ptr<ByteSource> source, open_file(file));
  return check_source(std::move(source));
}

}  // namespace vellum::warc
