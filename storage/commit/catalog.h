// The one way in: everything a visit learned becomes durable in one call.
//
// Order of the promise, the same on every engine: content durable, then outlinks, then the page acknowledged, each step
// safe to repeat. On RocksDB it is one synced batch per group of commits (what is queued is grouped, no timer),
// followed by the synced acknowledged-sequence mark beside the database; only then does commit() return, and only then
// may anyone be told. A failing write ends with kStorage for this and every later commit until the archive is opened
// anew: stop leasing.
//
// Threads: call from any coroutine; one store thread writes; completes on the caller's executor.

#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/clock.h"
#include "storage/archive/archive.h"
#include "storage/archive/capture.h"
#include "storage/archive/payload_encoder.h"
#include "storage/commit/take_down.h"
#include "storage/frontier/frontier.h"

namespace rocksdb {
class Env;
}

namespace vellum::storage {

struct NewCapture {
  Capture capture;  // id and stored_bytes are set by commit
  PreparedPayload payload;
  HeaderBlocks headers;
  bool wants_extraction = false;  // noted durably; undone by the commit that stores its article
};

struct Commit {
  RunId run = 0;
  std::optional<LeaseToken> lease;  // set: fenced, kRefused and nothing written if the lease was lost
  std::vector<NewCapture> captures;
  std::vector<StoredArticle> articles;  // replaces what the same plugin version said of the same capture
  std::vector<PageVisit> visits;        // to the history of the works that these pages belong to
  std::vector<Outcome> outcomes;
  std::vector<UrlTask> discovered;
  std::vector<GroupUpdate> policy;
  std::vector<Event> events;
};

struct CommitAck {
  std::uint64_t sequence = 0;     // of the synced batch
  std::vector<Capture> captures;  // with id and stored_bytes
  std::size_t discovered_new = 0;
};

struct OpenOptions {
  Timestamp now{};
  Duration after_crash = std::chrono::seconds(5);
  bool create = false;          // `vellum init`
  rocksdb::Env* env = nullptr;  // only for fault-injection tests; not owned
};

// What one step of `repack` did.
struct RepackStep {
  std::uint64_t pages = 0, payloads = 0, raw_bytes = 0;
  std::uint64_t unreadable = 0;  // payloads left where they are because they do not rebuild: run `vellum check`
  bool is_end = false;           // of a pass over the whole archive; the next step begins a new one
};

class Catalog {
 public:
  // Takes the archive's lock. kRefused: another process holds it (message names its pid). kCorrupt: the database lost
  // acknowledged writes, or does not open; one line, nothing is changed. kNotFound: no archive there.
  static Result<std::unique_ptr<Catalog>> open(const std::filesystem::path& folder, const OpenOptions& options);
  virtual ~Catalog() = default;

  // Digest, choice of encoding, compression: heavy, pure but for look-ups, on the caller's thread, which may be any;
  // the commit then only writes. `payload` is not kept.
  virtual Result<PreparedPayload> prepare(std::string_view payload, const PayloadHint& hint) const = 0;
  virtual Task<CommitAck> commit(Commit commit) = 0;

  // The unfinished run of this crawl, if any.
  virtual Result<std::optional<Run>> unfinished_run(std::string_view crawl) const = 0;
  virtual Task<Run> start_run(std::string crawl, std::string config, Timestamp now) = 0;
  virtual Task<void> end_run(RunId run, std::string state, Timestamp now) = 0;
  // Captures of a run that wanted extraction and have none yet: after a crash.
  virtual Result<std::vector<CaptureId>> pending_extractions() const = 0;

  // Makes delta groups of some 8 MiB of payloads, from where the last step ended, also of an earlier process: plans and
  // encodes on the caller's thread, which takes seconds, and moves them in one batch. Commits may run beside it,
  // another repack() may not. The step that ends a pass gives the disk back what the old rows took.
  virtual Result<RepackStep> repack() = 0;

  // Forgets captures, or withholds them for a time: see take_down.h.
  virtual Result<TakedownReport> take_down(const TakedownRequest& request) = 0;
  virtual Result<void> embargo(const EmbargoRequest& request) = 0;
  // Lets the frontier fetch again what a take-down closed to it; false: it was not closed.
  virtual Result<bool> allow_fetch(const std::string& address) = 0;

  // Seals the captures of runs that have ended, and imported ones, that are under no seal yet; end_run() does it too.
  // Returns how many captures were sealed.
  virtual Result<std::uint64_t> seal(Timestamp now) = 0;

  virtual Frontier& frontier() = 0;
  virtual const Archive& archive() const = 0;  // reads the primary
  // Another reader of the primary, for a thread of its own (replay); must not outlive the catalog.
  virtual std::unique_ptr<Archive> reader() const = 0;
  // Flushes and stops the store thread; later commits fail with kCancelled. The destructor calls it.
  virtual void close() = 0;
};

}  // namespace vellum::storage
