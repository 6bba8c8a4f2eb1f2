// Reading an archive: captures, payloads, articles, links, runs. Offline verbs and replay need nothing else.
//
// Opened beside a running crawl it is a RocksDB secondary: it takes no lock, writes nothing into the folder, and
// refresh() catches up. Opened by the crawl itself it shares the primary.
//
// Errors: kNotFound (no archive there, no such capture), kCorrupt (a payload that does not rebuild to its digest, a
// record that does not decode: names the capture and says to run `vellum check`), kInvalid (archive of a newer format
// version).
//
// Threads: all const methods may be called from any thread. Every payload is hashed on every read.

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"
#include "storage/archive/capture.h"
#include "storage/archive/seal.h"
#include "storage/archive/tombstone.h"
#include "storage/archive/withheld.h"
#include "storage/archive/works.h"

namespace vellum::rocks {
class Database;
}

namespace vellum::storage {

inline constexpr int kFormatVersion = 3;

struct ArchiveStats {
  std::uint64_t captures = 0, urls = 0, payloads = 0, raw_bytes = 0, stored_bytes = 0, disk_bytes = 0, queued = 0,
                hosts = 0, articles = 0, dois = 0;
  CaptureId last_capture = 0;  // the newest id that was given
};

struct HeaderBlocks {
  std::string request;   // as sent, secrets redacted; "" for imports without one
  std::string response;  // as received
};

// One planted or grown fault, as `vellum check` names it.
struct Fault {
  std::string where;  // "capture 12 https://...", "payload 7", "file 000012.sst"
  std::string what;   // "payload hashes to sha256:..., its digest is sha256:..."
};

struct CheckReport {
  std::uint64_t captures = 0, payloads = 0, payload_bytes = 0, articles = 0, links = 0, seals = 0;
  std::vector<Fault> faults;
};

// A stretch of a pass over all stored bytes: rows of payloads in the order of their ids, then header blocks.
struct ScrubCursor {
  std::uint64_t row = 0;  // payload rows up to this one are read
  CaptureId headers = 0;  // header blocks of captures up to this one are
  bool operator==(const ScrubCursor&) const = default;
};
struct ScrubReport {
  std::uint64_t rows = 0, payloads = 0, bytes = 0;  // read and hashed by this call
  ScrubCursor next;                                 // where the next call goes on
  ScrubCursor last;                                 // where a pass ends
  bool is_end = false;                              // nothing is left: the next call begins anew
  std::vector<Fault> faults;
};

class Archive {
 public:
  // Read-only, beside whoever holds it.
  static Result<std::unique_ptr<Archive>> open(const std::filesystem::path& folder);
  // Over a database that is already open (the crawl's own); the database must outlive it.
  static std::unique_ptr<Archive> over(const rocks::Database& database);
  virtual ~Archive() = default;

  // What opening found wrong although reading goes on, one line each: acknowledged writes missing, WAL or mark damaged.
  // To be shown to the user; `vellum check` reports them as faults.
  virtual std::vector<std::string> warnings() const = 0;

  // Catches up with the writer; a no-op over a primary.
  virtual Result<void> refresh() = 0;

  // All captures whose replay key (SURT) is this URL's, oldest first.
  virtual Result<std::vector<Capture>> captures(const Url& url) const = 0;
  // The capture that answers for `url`: at or before `at`, newest first (else the earliest after it); exact URL before
  // other URLs of the same replay key; quarantined ones only if nothing else is there and `even_quarantined`.
  struct Wish {
    std::optional<Timestamp> at;
    bool even_quarantined = false;
    bool only_success = false;  // status 200-299, or a revisit of such a capture
  };
  virtual Result<Capture> find(const Url& url, const Wish& wish) const = 0;
  virtual Result<Capture> capture(CaptureId id) const = 0;
  // Captures in replay-key order whose URL starts with `prefix` ("" for all). Return false to stop.
  virtual Result<void> scan(std::string_view prefix, const std::function<bool(const Capture&)>& visit) const = 0;
  // Captures of ids > after, in commit order: the change feed.
  virtual Result<void> scan_feed(CaptureId after, const std::function<bool(const Capture&)>& visit) const = 0;
  // Fragments captured for this page: those of the same visit, else the nearest in time per URL.
  virtual Result<std::vector<Capture>> fragments_of(const Capture& page) const = 0;

  virtual Result<std::string> payload(const Digest& digest) const = 0;  // verified
  virtual bool has_payload(const Digest& digest) const = 0;
  virtual Result<HeaderBlocks> headers(CaptureId id) const = 0;

  // The work that this page belongs to, and what its visits showed; nullopt if it was never read as an article.
  virtual Result<std::optional<Work>> work_of(std::string_view url) const = 0;

  // Newest plugin version's record for a capture; kNotFound if none was stored.
  virtual Result<StoredArticle> article(CaptureId id) const = 0;
  // Captures whose record carries this id: "doi:10.1/x", "pmid:123", "pmcid:PMC1".
  virtual Result<std::vector<CaptureId>> captures_by_id(std::string_view id) const = 0;
  virtual Result<std::vector<LinkRow>> links(CaptureId id) const = 0;
  virtual Result<std::vector<LinkRow>> citing(std::string_view doi) const = 0;

  virtual Result<std::vector<Run>> runs() const = 0;
  virtual Result<void> scan_events(const std::function<bool(const Event&)>& visit) const = 0;
  virtual Result<ArchiveStats> stats() const = 0;

  // Every reference resolves; with `read_data` every payload rebuilds to its SHA-256 and every SST file's checksums
  // hold. Faults are in the report; an error means that the check itself could not go on.
  virtual Result<CheckReport> check(bool read_data) const = 0;
  // Reads and hashes payloads and header blocks behind `from` for as long as `go_on` says; at least one row.
  virtual Result<ScrubReport> scrub(const ScrubCursor& from, const std::function<bool()>& go_on) const = 0;

  // What was taken down of this address, oldest first; and of all addresses, in the order of their replay keys.
  virtual Result<std::vector<Tombstone>> tombstones(const Url& url) const = 0;
  virtual Result<void> scan_tombstones(const std::function<bool(const Tombstone&)>& visit) const = 0;
  virtual Result<std::vector<Embargo>> embargoes() const = 0;
  // Where embargoes are to be withheld: why captures of this address are, each reason once, the one that ends last
  // first. Empty: none is.
  virtual Result<std::vector<Embargo>> embargoes_over(const Url& url) const = 0;
  // From now on captures under embargo are as if they were not there, for everything above that reads captures,
  // articles or links: what replay and exports look through. Not for check() and scrub(). `clock` must outlive the
  // archive.
  virtual void withhold_embargoed(const Clock& clock) = 0;

  // Proofs: see seal.h. Oldest first.
  virtual Result<std::vector<Seal>> seals() const = 0;
  // kNotFound: no capture and no tombstone of that id, or it is not under a seal yet.
  virtual Result<InclusionProof> prove(CaptureId id) const = 0;
};

}  // namespace vellum::storage
