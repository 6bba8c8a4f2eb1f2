// A small archive in a temporary folder, filled through the catalog as a crawl would fill it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/commit/catalog.h"
#include "tests/support/temp_dir.h"

namespace vellum::replay {

struct SamplePage {
  std::string url;
  std::string time;  // as parse_timestamp reads it
  std::string body = "<p>hello";
  std::string mime = "text/html";
  int status = 200;
  std::vector<std::string> header_lines = {};  // beside Content-Type
  std::string verdict = {};
  bool quarantined = false;
  storage::Role role = storage::Role::kPage;
  std::vector<std::string> rights = {};
};

class SampleArchive {
 public:
  SampleArchive();

  storage::Capture add(const SamplePage& page);
  // Stores `record` (its url and captured are filled in) for a capture.
  void add_record(const storage::Capture& capture, Json record);

  // Read beside the writer, as the replay does.
  std::unique_ptr<storage::Archive> open() const;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  storage::CommitAck commit(storage::Commit changes);

  test::TempDir scratch_;
  std::filesystem::path folder_;
  std::unique_ptr<storage::Catalog> catalog_;
};

// A record with the fields that the pages show.
Json sample_record(const std::string& title, const std::string& doi, const std::string& pmid);

}  // namespace vellum::replay
