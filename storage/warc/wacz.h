// WACZ 1.1.1: a ZIP file of WARC files, their index, a list of pages, and the digests of all of them.
//
// Threads: one. Memory: constant. Spec: specs.webrecorder.net/wacz/1.1.1.

#pragma once

#include <functional>

#include "base/signature.h"
#include "storage/warc/exporter.h"
#include "storage/warc/zip.h"

namespace vellum::warc {

// A line of pages/pages.jsonl.
struct WaczPage {
  std::string url, title, text;  // text for search; "" for none
  Timestamp captured{};
};

struct WaczOptions {
  std::string title, software, warc_version = "1.1";
  Timestamp created{};
  const SigningKey* key = nullptr;  // on P-384; none: the package is not signed
};

// Tells whether a capture is a page of the list; gives its line.
using PageOf = std::function<std::optional<WaczPage>(const storage::Capture&, const std::string& payload)>;

// archive/data.warc.gz, indexes/index.cdxj (with recordDigest), pages/pages.jsonl, datapackage.json,
// datapackage-digest.json.
Result<ExportCounts> write_wacz(const storage::Archive& archive, const std::filesystem::path& file,
                                ExportOptions selection, const WaczOptions& options, const PageOf& page_of);

// What a package says of itself, held against what is in it.
struct WaczContents {
  std::vector<std::string> warcs;   // entries under archive/, in order of the ZIP
  std::vector<std::string> faults;  // one line each: missing files, wrong digests, lengths, signature; unlisted files
  std::string signer;               // whose signature holds (wacz_signature.h); "" for none
};
// kInvalid: it is no ZIP file. A package without datapackage.json is read all the same, with a fault.
Result<WaczContents> inspect_wacz(const ZipReader& zip);

}  // namespace vellum::warc
