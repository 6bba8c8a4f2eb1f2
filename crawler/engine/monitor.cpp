#include "crawler/engine/monitor.h"

#include <algorithm>
#include <utility>

namespace vellum::engine {

namespace {

constexpr std::size_t kTroubles = 10;

void add(Tally& sum, const Tally& more) {
  for (auto count :
       {&Tally::captures, &Tally::pages, &Tally::requisites, &Tally::fragments, &Tally::files, &Tally::robots,
        &Tally::redirects, &Tally::followed, &Tally::parts_missing, &Tally::failed, &Tally::skipped,
        &Tally::quarantined, &Tally::articles, &Tally::dois, &Tally::unmodified, &Tally::bytes, &Tally::stored_bytes}) {
    sum.*count += more.*count;
  }
}

}  // namespace

void Monitor::begin(CrawlObserver& next, std::string crawl) {
  const std::lock_guard lock(mutex_);
  next_ = &next;
  now_.is_crawling = true;
  now_.crawl = std::move(crawl);
  now_.started = clock_.now();
  now_.run = 0;
  now_.tally = {};
  now_.queue = {};
  pace_ = {};
}

void Monitor::end(const CrawlSummary* summary) {
  const std::lock_guard lock(mutex_);
  next_ = nullptr;
  if (summary != nullptr) now_.tally = summary->tally;  // the last report of progress lies a moment back
  add(before_, now_.tally);
  now_.tally = {};
  now_.is_crawling = false;
  now_.in_flight = 0;
  now_.captures_per_second = now_.pages_per_second = 0;
  now_.time_left.reset();
  ++now_.runs_ended;
}

void Monitor::set_next_runs(std::vector<NextRun> runs) {
  const std::lock_guard lock(mutex_);
  now_.next_runs = std::move(runs);
}

void Monitor::set_plugin_fault(std::string fault) {
  const std::lock_guard lock(mutex_);
  now_.plugin_fault = std::move(fault);
}

Snapshot Monitor::snapshot() const {
  const std::lock_guard lock(mutex_);
  Snapshot copy = now_;
  copy.at = clock_.now();
  // The run that is under way was the next one.
  const auto is_begun = [&](const NextRun& run) { return run.crawl == copy.crawl && run.at <= copy.at; };
  if (copy.is_crawling) std::erase_if(copy.next_runs, is_begun);
  copy.total = before_;
  add(copy.total, copy.tally);
  return copy;
}

void Monitor::captured(const storage::Capture& capture) {
  next_->captured(capture);
}

void Monitor::extracted(const ExtractedNote& note) {
  next_->extracted(note);
}

void Monitor::failed(const std::string& url, const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    now_.troubles.push_back({clock_.now(), url, reason});
    if (now_.troubles.size() > kTroubles) now_.troubles.pop_front();
  }
  next_->failed(url, reason);
}

void Monitor::skipped(const std::string& url, const std::string& reason) {
  next_->skipped(url, reason);
}

void Monitor::progress(const Progress& progress) {
  {
    const std::lock_guard lock(mutex_);
    pace_.add(clock_.now(), progress.tally.captures, progress.tally.pages);
    now_.run = progress.run;
    now_.pages = progress.pages;
    now_.max_pages = progress.max_pages;
    now_.tally = progress.tally;
    now_.queue = progress.queue;
    now_.in_flight = progress.in_flight;
    now_.captures_per_second = pace_.captures_per_second();
    now_.pages_per_second = pace_.pages_per_second();
    std::optional<std::uint64_t> left;
    if (progress.max_pages > 0) left = progress.max_pages - std::min(progress.max_pages, progress.pages);
    now_.time_left = pace_.time_left(progress.queue.queued, left);
  }
  next_->progress(progress);
}

void Monitor::plugin_failed(const std::string& url, const plugins::PluginFault& fault) {
  next_->plugin_failed(url, fault);
}

void Monitor::drifted(const DriftNote& drift) {
  next_->drifted(drift);
}

}  // namespace vellum::engine
