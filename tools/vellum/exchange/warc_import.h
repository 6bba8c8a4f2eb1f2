// The captures of WARC and ARC files become captures of an archive: what `vellum import FILE...` does.
//
// Original times are kept; a revisit takes the payload that it refers to, from the archive or from the same import;
// each page is examined as a crawl would have done (verdict, rights, article record), but that nothing is followed.
// What is there already is not stored again. The work is committed in groups; an import that was cut short goes on when
// it is run again.
//
// Threads: one.

#pragma once

#include <filesystem>
#include <functional>
#include <list>
#include <unordered_map>
#include <vector>

#include "plugins/host/registry.h"
#include "storage/commit/catalog.h"
#include "storage/warc/exchange_reader.h"

namespace vellum::cli {

struct ImportCounts {
  std::uint64_t records = 0, captures = 0, already_there = 0, revisits = 0, articles = 0, failures = 0;
};

class WarcImport {
 public:
  // Of each new capture; of each line about something wrong.
  using OnCapture = std::function<void(const storage::Capture&)>;
  using OnExtracted = std::function<void(const storage::Capture&, const plugins::Extraction&)>;
  using OnFailure = std::function<void(const std::string&)>;

  WarcImport(storage::Catalog& catalog, const plugins::Registry& registry, OnCapture on_capture,
             OnExtracted on_extracted, OnFailure on_failure);

  // kInvalid: the file cannot be read (the others may be). Errors of the store end the import.
  Result<void> add_file(const std::filesystem::path& file);
  Result<void> add_source(std::unique_ptr<warc::ByteSource> source, const std::string& name);
  // Counts and tells one more line about something wrong.
  void failed(const std::string& line);
  // Resolves the revisits that are left and commits the rest; once.
  Result<void> finish();
  const ImportCounts& counts() const { return counts_; }

 private:
  struct Waiting {
    storage::NewCapture capture;
    std::optional<plugins::Extraction> extraction;
  };
  Result<void> take(warc::ImportedExchange exchange);
  Result<void> take_revisit(warc::ImportedExchange exchange, bool is_last_chance);
  Result<void> fill_revisit(warc::ImportedExchange& exchange, const storage::Capture& original);
  Result<std::optional<storage::Capture>> find_original(const warc::ImportedExchange& exchange);
  Result<bool> has(const storage::Capture& capture);
  Result<void> add(warc::ImportedExchange exchange);
  Result<void> commit();
  Result<void> commit_articles(const std::vector<storage::Capture>& captures);
  void remember(const std::string& digest, const storage::Capture& capture);

  storage::Catalog& catalog_;
  const plugins::Registry& registry_;
  OnCapture on_capture_;
  OnExtracted on_extracted_;
  OnFailure on_failure_;
  warc::ExchangeReader reader_;
  ImportCounts counts_;
  std::vector<Waiting> waiting_;
  std::uint64_t waiting_bytes_ = 0;
  std::vector<warc::ImportedExchange> unresolved_;
  struct Seen {
    std::string url;
    Timestamp captured{};
  };
  std::unordered_map<std::string, Seen> seen_;  // payload digests of this import, the last 65,536
  std::list<std::string> seen_order_;
};

}  // namespace vellum::cli
