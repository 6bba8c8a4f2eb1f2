#include "crawler/engine/spent.h"

#include <fmt/format.h>

#include <algorithm>

#include "crawler/engine/follow_up.h"

namespace vellum::engine {

using storage::Capture;
using storage::Role;
using storage::UrlTask;

namespace {

bool is_any(const policy::HostBudget& budget) {
  return budget.pages > 0 || budget.bytes > 0 || budget.time > Duration::zero();
}

bool is_redirect(const Capture& capture) {
  return capture.answer_status() / 100 == 3;
}

bool is_file(const UrlTask& task) {
  return task.role == Role::kFile && is_named_file(task.rule);
}

bool is_doi_request(const UrlTask& task) {
  return task.hop == kDoiHop;
}

}  // namespace

Spent::Spent(const policy::CrawlConfig& config, const policy::Sites& sites, Timestamp started)
    : config_(config), sites_(sites), started_(started) {
  minds_hosts_ = is_any(config.budget.per_host);
  for (const policy::SiteRule& site : config.sites)
    minds_hosts_ = minds_hosts_ || site.host_pages || site.host_bytes || site.host_time;
}

Result<void> Spent::take_up(const storage::Archive& archive, storage::RunId run) {
  const bool follows = config_.follow.dois || std::any_of(config_.sites.begin(), config_.sites.end(),
                                                          [](const auto& s) { return s.follow_dois.value_or(false); });
  const bool takes_files =
      !config_.files.kinds.empty() || std::any_of(config_.sites.begin(), config_.sites.end(),
                                                  [](const auto& s) { return s.file_kinds && !s.file_kinds->empty(); });
  if (config_.budget.bytes == 0 && !minds_hosts_ && !follows && !takes_files) return {};
  return archive.scan_feed(0, [&](const Capture& capture) {
    if (capture.run == run) add(capture);
    return true;
  });
}

void Spent::forget() {
  bytes_ = files_ = followed_ = 0;
  hosts_.clear();
}

Spent::Host* Spent::host_of(const std::string& url) {
  if (!minds_hosts_) return nullptr;
  const auto parsed = Url::parse(url);
  if (!parsed) return nullptr;
  const std::string hostname = parsed->hostname();
  const auto [at, fresh] = hosts_.try_emplace(hostname);
  if (fresh) at->second.budget = sites_.budget_of(hostname);
  return &at->second;
}

const Spent::Host* Spent::find(const std::string& url) const {
  const auto parsed = minds_hosts_ ? Url::parse(url) : Result<Url>(fail(ErrorKind::kNotFound, ""));
  const auto at = parsed ? hosts_.find(parsed->hostname()) : hosts_.end();
  return at == hosts_.end() ? nullptr : &at->second;
}

void Spent::add(const Capture& capture) {
  const std::uint64_t bytes = capture.is_revisit() ? 0 : capture.bytes;
  bytes_ += bytes;
  if (capture.hop == kDoiHop) ++followed_;
  if (capture.role == Role::kFile && is_named_file(capture.rule) && !is_redirect(capture)) ++files_;
  Host* host = host_of(capture.url);
  if (host == nullptr) return;
  host->bytes += bytes;
  if (capture.role == Role::kPage && !is_redirect(capture)) ++host->pages;
}

void Spent::visit_begins(const UrlTask& task, Timestamp now) {
  if (is_file(task)) ++files_;
  if (is_doi_request(task)) ++followed_;
  Host* host = host_of(task.url);
  if (host == nullptr) return;
  if (task.role == Role::kPage) ++host->pages_under_way;
  if (host->began == Timestamp{}) host->began = now;
}

void Spent::visit_ended(const UrlTask& task) {
  if (is_file(task)) --files_;
  if (is_doi_request(task)) --followed_;
  Host* host = host_of(task.url);
  if (host != nullptr && task.role == Role::kPage) --host->pages_under_way;
}

std::string Spent::run_limit(Timestamp now) const {
  const policy::BudgetConfig& budget = config_.budget;
  if (budget.bytes > 0 && bytes_ >= budget.bytes) return fmt::format("budget.bytes {}", budget.bytes);
  if (budget.time > Duration::zero() && now - started_ >= budget.time) return "budget.time " + to_text(budget.time);
  return {};
}

std::string Spent::limit_of(const Host& host, bool is_page, std::uint64_t pages, Timestamp now) const {
  const policy::HostBudget& budget = host.budget;
  if (is_page && budget.pages > 0 && pages >= budget.pages) return fmt::format("per_host_pages {}", budget.pages);
  if (budget.bytes > 0 && host.bytes >= budget.bytes) return fmt::format("per_host_bytes {}", budget.bytes);
  const bool began = host.began > Timestamp{};
  if (began && budget.time > Duration::zero() && now - host.began >= budget.time)
    return "per_host_time " + to_text(budget.time);
  return {};
}

std::string Spent::host_limit(const UrlTask& task, Timestamp now) const {
  const Host* host = find(task.url);
  if (host == nullptr) return {};
  const std::string limit = limit_of(*host, task.role == Role::kPage, host->pages + host->pages_under_way, now);
  return limit.empty() ? "" : "budget." + limit + " of " + Url::parse(task.url)->hostname();
}

bool Spent::may_change(const UrlTask& task, Timestamp now) const {
  const Host* host = find(task.url);
  return host != nullptr && !host_limit(task, now).empty() &&
         limit_of(*host, task.role == Role::kPage, host->pages, now).empty();
}

std::string Spent::task_limit(const UrlTask& task) const {
  const std::uint64_t max_files = config_.files.max_files, max_followed = config_.follow.max_followed;
  if (is_file(task) && max_files > 0 && files_ >= max_files) return fmt::format("files.max_files {}", max_files);
  if (is_doi_request(task) && max_followed > 0 && followed_ >= max_followed)
    return fmt::format("follow.max_followed {}", max_followed);
  return {};
}

}  // namespace vellum::engine
