// What the index page lists: one row an article, newest first, searchable by words of the title; and the newest
// captures.
//
// Filled from the archive's change feed, a slice at a time, so that a big archive never makes a reader wait: a page
// shows what is known so far and says how far that is. Records are stored some time after their captures: captures
// without one are looked at again while they are recent.
//
// Memory: about 500 bytes a row; at most kMostRows, the newest; capture rows at most kNewestCaptures.
// Threads: any; one mutex.

#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "storage/archive/archive.h"

namespace vellum::replay {

struct ArticleRow {
  storage::CaptureId capture = 0;
  std::string url;
  Timestamp captured{};
  std::string kind, title, journal, published, doi, pmid, pmcid;
  std::size_t cited_dois = 0;
};

ArticleRow article_row(const storage::StoredArticle& article);

class ArticleIndex {
 public:
  static constexpr std::size_t kMostRows = 200'000;
  static constexpr std::size_t kNewestCaptures = 20;

  // Reads on in the feed, for at most `budget`.
  Result<void> catch_up(const storage::Archive& archive, std::chrono::milliseconds budget);

  struct Page {
    std::vector<ArticleRow> rows;  // newest first
    std::size_t matching = 0;      // rows in all
    storage::CaptureId read_up_to = 0;
    bool is_behind = false;  // the feed goes on
  };
  // Articles and books (every kind of record, where words are given) whose title has all of `words`, without regard to
  // ASCII case; `skip` rows left out, at most `limit` given.
  Page articles(std::string_view words, std::size_t skip, std::size_t limit) const;
  std::vector<storage::Capture> newest_captures() const;  // newest first

 private:
  void note(const storage::Capture& capture);
  Result<void> look_for_records(const storage::Archive& archive, std::chrono::steady_clock::time_point deadline);
  void add(ArticleRow row);

  mutable std::mutex mutex_;
  storage::CaptureId last_ = 0;
  bool is_behind_ = false;
  std::deque<storage::CaptureId> waiting_;  // pages without a record so far
  std::map<storage::CaptureId, ArticleRow> rows_;
  std::unordered_map<std::string, storage::CaptureId> newest_of_;  // by replay key
  std::deque<storage::Capture> newest_;
};

}  // namespace vellum::replay
