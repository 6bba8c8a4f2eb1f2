// References as one row each: the DOI, PubMed and PMC links of one reference joined, and a DOI for those that have only
// a PMID, where the archive holds that work's own record.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "storage/archive/archive.h"

namespace vellum::cli {

struct ReferenceRow {
  std::string source, captured;   // the citing page
  std::string citing, published;  // its own DOI and date, "" where it has none
  std::int64_t n = 0;             // position in the list
  std::string doi, pmid, pmcid, url, text;
  std::string derived_from, derived_at;  // the capture whose record gave the DOI; "" where the reference has it itself
};
Json to_json(const ReferenceRow& row);

class ReferenceReader {
 public:
  explicit ReferenceReader(const storage::Archive& archive) : archive_(archive) {}
  // Of the page's stored record; none where no record was stored.
  Result<void> read(storage::CaptureId page, const std::function<void(const ReferenceRow&)>& visit);
  // The newest record that the archive holds of a work: "doi:10.1/x", "pmid:123".
  Result<std::optional<storage::StoredArticle>> work(const std::string& id) const;

 private:
  struct Known {
    std::string doi, url, captured;
  };
  Result<Known> doi_of(const std::string& pmid);

  const storage::Archive& archive_;
  std::map<std::string, Known> known_;  // by PMID; emptied when it grows large
};

}  // namespace vellum::cli
