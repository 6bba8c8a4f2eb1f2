#include "crawler/engine/article_desk.h"

#include <algorithm>
#include <utility>

#include "base/article.h"
#include "base/url_key.h"
#include "crawler/engine/examine.h"
#include "crawler/engine/follow_up.h"
#include "crawler/engine/offload.h"
#include "crawler/policy/politeness.h"
#include "storage/archive/revisit.h"

namespace vellum::engine {

using storage::Capture;
using storage::CaptureId;

namespace {

Result<plugins::Answer> load_answer(const storage::Archive& archive, const Capture& capture, const char* role) {
  VELLUM_TRY(Url url, Url::parse(capture.url));
  VELLUM_TRY(storage::ShownAnswer shown, storage::shown_answer(archive, capture));
  VELLUM_TRY(std::string body, archive.payload(capture.digest));
  return plugins::Answer{std::move(url),
                         capture.captured,
                         capture.digest,
                         shown.status,
                         HeaderBlock(std::move(shown.response)),
                         std::move(body),
                         role};
}

}  // namespace

Result<plugins::PageInput> load_page(const storage::Archive& archive, const Capture& page) {
  VELLUM_TRY(plugins::Answer answer, load_answer(archive, page, "page"));
  plugins::PageInput input{std::move(answer), {}};
  VELLUM_TRY(const std::vector<Capture> fragments, archive.fragments_of(page));
  for (const Capture& fragment : fragments) {
    if (fragment.quarantined || !fragment.is_success()) continue;
    VELLUM_TRY(plugins::Answer part, load_answer(archive, fragment, "fragment"));
    input.fragments.push_back(std::move(part));
  }
  return input;
}

Task<bool> ArticleDesk::wait_for(const Capture& page, std::vector<storage::UrlTask> fragments) {
  // Noted before the look at the queue: a fragment may end while we look.
  const std::string key = page.url;
  Waiting& noted = waiting_[key];
  noted.page = page.id;
  for (const storage::UrlTask& fragment : fragments) noted.missing.insert(fragment.seen);
  for (const storage::UrlTask& fragment : fragments) {
    VELLUM_CO_TRY(const storage::TaskStatus status,
                  co_await services_.catalog.frontier().status(services_.run, fragment.seen, fragment.group));
    const auto it = waiting_.find(key);
    if (it == waiting_.end()) co_return true;  // all of them ended meanwhile, and the page was read
    if (status.state != "queued") it->second.missing.erase(fragment.seen);
  }
  const auto it = waiting_.find(key);
  if (it == waiting_.end() || !it->second.missing.empty()) co_return true;
  waiting_.erase(it);
  co_return false;
}

Task<void> ArticleDesk::page_captured(Capture page, plugins::Extraction alone,
                                      std::vector<storage::UrlTask> fragments) {
  if (fragments.empty()) co_return co_await store(std::move(page), std::move(alone));
  VELLUM_CO_TRY(const bool waits, co_await wait_for(page, std::move(fragments)));
  if (waits) co_return Result<void>();
  co_return co_await read_stored(page.id);
}

Task<void> ArticleDesk::fragment_ended(const storage::UrlTask& fragment) {
  const auto it = waiting_.find(fragment.root);
  if (it == waiting_.end() || it->second.missing.erase(fragment.seen) == 0 || !it->second.missing.empty()) {
    co_return Result<void>();
  }
  const CaptureId page = it->second.page;
  waiting_.erase(it);
  co_return co_await read_stored(page);
}

void ArticleDesk::fragment_moved(const storage::UrlTask& from, const storage::UrlTask& to) {
  const auto it = waiting_.find(from.root);
  if (it != waiting_.end() && it->second.missing.erase(from.seen) > 0) it->second.missing.insert(to.seen);
}

Task<plugins::Extraction> ArticleDesk::extract_stored(Capture page) {
  auto read = [&]() -> Result<plugins::Extraction> {
    VELLUM_TRY(const plugins::PageInput input, load_page(services_.catalog.archive(), page));
    return services_.registry.extract(input);
  };
  co_return co_await offload(services_.pool, read);
}

Task<void> ArticleDesk::read_stored(CaptureId id) {
  VELLUM_CO_TRY(Capture page, services_.catalog.archive().capture(id));
  VELLUM_CO_TRY(plugins::Extraction extraction, co_await extract_stored(page));
  co_return co_await store(std::move(page), std::move(extraction));
}

Task<void> ArticleDesk::store(Capture page, plugins::Extraction extraction) {
  if (first_read_ == 0 || page.id < first_read_) first_read_ = page.id;
  storage::StoredArticle article;
  article.capture = page.id;
  article.url = page.url;
  article.captured = page.captured;
  article.plugin = extraction.plugin;
  article.plugin_version = extraction.plugin_version;
  article.links = extraction.links;
  const std::vector<plugins::PluginFault> faults = std::move(extraction.faults);
  const ExtractedNote note{page.url, extraction.plugin, text_of(extraction.record, "kind"),
                           article::cited_doi_count(extraction.record)};
  storage::Commit changes;
  if (page.run == services_.run) changes.discovered = follow_up(page, extraction);
  article.record = std::move(extraction.record);
  const bool is_work = (note.kind == "article" || note.kind == "book") && !page.quarantined && page.run != 0;
  changes.articles.push_back(std::move(article));
  if (is_work) changes.visits.push_back(storage::visit_of(page, changes.articles.back()));
  VELLUM_CO_CHECK(co_await commit(services_, std::move(changes)));
  if (note.kind == "article") ++services_.tally.articles;
  services_.tally.dois += note.dois;
  report(services_, note.url, faults);
  services_.observer.extracted(note);
  co_return Result<void>();
}

std::vector<storage::UrlTask> ArticleDesk::follow_up(const Capture& page, const plugins::Extraction& extraction) const {
  std::vector<storage::UrlTask> tasks = file_tasks(services_.config, services_.sites, page, extraction.record);
  for (storage::UrlTask& task : doi_tasks(services_.config, services_.sites, page, extraction))
    tasks.push_back(std::move(task));
  return tasks;
}

Task<void> ArticleDesk::take_up_pending() {
  VELLUM_CO_TRY(const std::vector<CaptureId> pending, services_.catalog.pending_extractions());
  for (const CaptureId id : pending) VELLUM_CO_CHECK(co_await take_up(id));
  co_return Result<void>();
}

Task<void> ArticleDesk::take_up(CaptureId id) {
  VELLUM_CO_TRY(Capture page, services_.catalog.archive().capture(id));
  VELLUM_CO_TRY(plugins::Extraction extraction, co_await extract_stored(page));
  std::vector<storage::UrlTask> fragments;
  for (const plugins::FragmentWish& wish : extraction.fragments) {
    storage::UrlTask task;
    task.seen = seen_key(wish.url.without_fragment());
    task.group = policy::politeness_group(wish.url);
    fragments.push_back(std::move(task));
  }
  if (page.run == services_.run && !fragments.empty()) {
    VELLUM_CO_TRY(const bool waits, co_await wait_for(page, std::move(fragments)));
    if (waits) co_return Result<void>();
  }
  co_return co_await store(std::move(page), std::move(extraction));
}

Task<void> ArticleDesk::finish() {
  const std::map<std::string, Waiting> left = std::exchange(waiting_, {});
  for (const auto& [url, waiting] : left) VELLUM_CO_CHECK(co_await read_stored(waiting.page));
  co_return Result<void>();
}

}  // namespace vellum::engine
