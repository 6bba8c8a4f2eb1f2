// Reads articles after their pages are safe, and joins the fragments that a plugin asked for.
//
// Extraction is a later result keyed by capture and plugin version: it can neither hold up nor spoil a capture. A page
// with fragments is read when the last of them has ended, well or badly; pages that a crash left unread are read at the
// next start (Catalog::pending_extractions).
//
// Threads: the io thread; reading runs on the pool.

#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "crawler/engine/services.h"

namespace vellum::engine {

class ArticleDesk {
 public:
  explicit ArticleDesk(Services& services) : services_(services) {}

  // A page was captured and read alone; `fragments` are the tasks that it asked for.
  Task<void> page_captured(storage::Capture page, plugins::Extraction alone, std::vector<storage::UrlTask> fragments);
  // A fragment of the page `root` was captured or will not be; or it moved: another task brings it.
  Task<void> fragment_ended(const storage::UrlTask& fragment);
  void fragment_moved(const storage::UrlTask& from, const storage::UrlTask& to);
  // Pages that an earlier process left unread. Those whose fragments are still queued wait for them.
  Task<void> take_up_pending();
  // The run is over: whoever still waits is read with what is there.
  Task<void> finish();
  // The first capture that was read; 0: none.
  storage::CaptureId first_read() const { return first_read_; }

 private:
  struct Waiting {
    storage::CaptureId page = 0;
    std::set<std::string> missing;  // seen keys of its fragments
  };

  // Notes that `page` waits for those of `fragments` that are still queued; false if none is.
  Task<bool> wait_for(const storage::Capture& page, std::vector<storage::UrlTask> fragments);
  Task<void> read_stored(storage::CaptureId id);
  Task<void> take_up(storage::CaptureId id);
  Task<void> store(storage::Capture page, plugins::Extraction extraction);
  // The files and DOIs that the page leads to: queued in the commit that stores its article.
  std::vector<storage::UrlTask> follow_up(const storage::Capture& page, const plugins::Extraction& extraction) const;
  Task<plugins::Extraction> extract_stored(storage::Capture page);

  Services& services_;
  storage::CaptureId first_read_ = 0;
  std::map<std::string, Waiting> waiting_;  // by the page's URL
};

// The stored page and its fragments as a plugin reads them. Shared with the verbs that read articles offline.
Result<plugins::PageInput> load_page(const storage::Archive& archive, const storage::Capture& page);

}  // namespace vellum::engine
