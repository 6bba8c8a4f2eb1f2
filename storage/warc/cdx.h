// Indexes of WARC files: CDXJ lines and CDX lines with 12 columns (the usual 11, and the record's id, which
// `wget --warc-dedup` wants). Lines of both sort by byte (LC_ALL=C) as captures sort by replay key and time.
//
// Threads: pure functions. Spec: CDXJ 0.1.0; "CDX File Format" (Internet Archive): N b a m s k r M S V g; WACZ 1.1.1
// section 5.2.2 (recordDigest).

#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"

namespace vellum::warc {

struct IndexLine {
  std::string key;  // SURT
  Timestamp captured{};
  std::string url;
  std::string mime;      // "warc/revisit" of revisits
  int status = 0;        // 0: none, as of resources
  std::string digest;    // labelled, "" for none
  std::string redirect;  // absolute, "" for none
  std::string filename;  // of the WARC file
  std::uint64_t offset = 0, length = 0;
  std::string record_digest;  // "sha256:<hex>", "" for none
  std::string record_id;      // "urn:uuid:..."
};

std::string cdxj_line(const IndexLine& line);  // with its line feed
std::string cdx_line(const IndexLine& line);
inline constexpr std::string_view kCdxHeader = " CDX N b a m s k r M S V g u\n";

// One line of CDXJ, numbers as numbers or as texts. kInvalid: says which part is wrong.
Result<IndexLine> parse_cdxj_line(std::string_view line);

}  // namespace vellum::warc
