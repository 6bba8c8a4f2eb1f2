#include "tools/replay/article_index.h"

#include <algorithm>

#include "base/article.h"
#include "base/media_type.h"
#include "base/text.h"
#include "base/url_key.h"
#include "tools/replay/choice.h"

namespace vellum::replay {
namespace {

using std::chrono::steady_clock;

// How many captures may follow one whose record still comes: extraction lags by queue lengths, not by days.
constexpr storage::CaptureId kRecentCaptures = 20'000;

// Plugins read markup only.
bool may_have_record(const storage::Capture& capture) {
  const MediaType type = parse_media_type(capture.mime);
  const bool is_markup = type.is_html() || type.is_xml();
  return capture.role == storage::Role::kPage && is_markup && is_success(capture) && !capture.quarantined;
}

bool has_all_words(std::string_view title, const std::vector<std::string>& words) {
  const std::string lower = to_lower_ascii(title);
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return lower.find(word) != lower.npos; });
}

std::vector<std::string> lower_words(std::string_view text) {
  std::vector<std::string> words;
  const std::string lower = to_lower_ascii(fold_space(text));
  for (const std::string_view word : split(lower, ' ')) {
    if (!word.empty()) words.emplace_back(word);
  }
  return words;
}

}  // namespace

ArticleRow article_row(const storage::StoredArticle& article) {
  const Json& record = article.record;
  const Json none = Json::object();
  const auto part = [&](const char* key) -> const Json& {
    const auto found = record.find(key);
    return found != record.end() && found->is_object() ? *found : none;
  };
  ArticleRow row{article.capture,
                 article.url,
                 article.captured,
                 text_of(record, "kind"),
                 text_of(record, "title"),
                 text_of(part("journal"), "title"),
                 text_of(record, "published"),
                 text_of(part("ids"), "doi"),
                 text_of(part("ids"), "pmid"),
                 text_of(part("ids"), "pmcid"),
                 article::cited_doi_count(record)};
  if (row.journal.empty()) row.journal = text_of(part("journal"), "abbreviation");
  return row;
}

Result<void> ArticleIndex::catch_up(const storage::Archive& archive, std::chrono::milliseconds budget) {
  const std::lock_guard lock(mutex_);
  const auto deadline = steady_clock::now() + budget;
  bool stopped = false;
  const auto read = [&](const storage::Capture& capture) {
    note(capture);
    stopped = steady_clock::now() > deadline;
    return !stopped;
  };
  VELLUM_CHECK(archive.scan_feed(last_, read));
  is_behind_ = stopped;
  return look_for_records(archive, deadline + budget);
}

void ArticleIndex::note(const storage::Capture& capture) {
  last_ = capture.id;
  newest_.push_front(capture);
  if (newest_.size() > kNewestCaptures) newest_.pop_back();
  if (may_have_record(capture)) waiting_.push_back(capture.id);
}

Result<void> ArticleIndex::look_for_records(const storage::Archive& archive, steady_clock::time_point deadline) {
  std::deque<storage::CaptureId> still_waiting;
  while (!waiting_.empty() && steady_clock::now() <= deadline) {
    const storage::CaptureId id = waiting_.front();
    waiting_.pop_front();
    const auto article = archive.article(id);
    if (article) {
      add(article_row(*article));
    } else if (article.error().kind != ErrorKind::kNotFound) {
      return fail(article.error());
    } else if (id + kRecentCaptures > last_) {
      still_waiting.push_back(id);
    }
  }
  is_behind_ = is_behind_ || !waiting_.empty();
  waiting_.insert(waiting_.begin(), still_waiting.begin(), still_waiting.end());
  return {};
}

void ArticleIndex::add(ArticleRow row) {
  if (row.title.empty()) return;
  const auto url = Url::parse(row.url);
  const auto [known, is_new] = newest_of_.try_emplace(url ? surt(*url) : row.url, row.capture);
  if (!is_new) {
    const auto older = rows_.find(known->second);
    if (older != rows_.end() && older->second.captured > row.captured) return;
    if (older != rows_.end()) rows_.erase(older);
    known->second = row.capture;
  }
  rows_.emplace(row.capture, std::move(row));
  if (rows_.size() > kMostRows) rows_.erase(rows_.begin());
}

ArticleIndex::Page ArticleIndex::articles(std::string_view words, std::size_t skip, std::size_t limit) const {
  const std::vector<std::string> wanted = lower_words(words);
  const std::lock_guard lock(mutex_);
  Page page;
  page.read_up_to = last_;
  page.is_behind = is_behind_;
  for (auto at = rows_.rbegin(); at != rows_.rend(); ++at) {
    const ArticleRow& row = at->second;
    const bool is_listed =
        wanted.empty() ? row.kind == "article" || row.kind == "book" : has_all_words(row.title, wanted);
    if (!is_listed) continue;
    if (page.matching++ >= skip && page.rows.size() < limit) page.rows.push_back(row);
  }
  return page;
}

std::vector<storage::Capture> ArticleIndex::newest_captures() const {
  const std::lock_guard lock(mutex_);
  return {newest_.begin(), newest_.end()};
}

}  // namespace vellum::replay
