// `vellum warc check`: one file against every rule of rules.h, as a stream.
//
// Threads: one. Memory: constant; of a file with very many faults the first are kept, and all counted.

#pragma once

#include <map>
#include <vector>

#include "storage/warc/record_reader.h"

namespace vellum::warc {

struct CheckResult {
  std::vector<Fault> faults, advice;                // the first kMostKept of each, in order
  std::uint64_t fault_count = 0, advice_count = 0;  // all
  std::uint64_t records = 0, bytes = 0;             // bytes of the blocks
  std::map<std::string, std::uint64_t> types;       // records by type
  std::uint64_t digests_checked = 0;
  static constexpr std::size_t kMostKept = 1000;

  bool is_clean() const { return fault_count == 0; }
};

// kInvalid: the file cannot be read. What is wrong in it is in the result.
Result<CheckResult> check_file(const std::filesystem::path& file);
Result<CheckResult> check_source(std::unique_ptr<ByteSource> source);

}  // namespace vellum::warc
