#include "crawler/engine/follow_up.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/article.h"
#include "base/url_key.h"

namespace vellum::engine {

using storage::Capture;
using storage::Role;
using storage::UrlTask;

namespace {

constexpr std::string_view kFollow = "follow: ";
constexpr std::string_view kFiles = "files: ";
constexpr int kFilePriority = 4;    // as requisites: what completes a page comes before the next page
constexpr int kFollowPriority = 6;  // after the crawl's own pages

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

UrlTask task_from(const policy::Sites& sites, const Capture& page, const Url& url) {
  UrlTask task;
  const Url exact = url.without_fragment();
  task.url = exact.href();
  task.seen = seen_key(sites.canonical(exact));
  task.group = sites.group_of(exact);
  task.via = page.url;
  return task;
}

std::string rule_of(const OutboundLink& link) {
  const std::string number = link.n > 0 ? " " + std::to_string(link.n) : "";
  return fmt::format("{}doi of {}{}: {}", kFollow, link.place, number, link.doi);
}

// What may stand in a path as it is; the rest of a DOI is percent-encoded.
bool is_path_character(char c) {
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return letter || std::string_view("-._~/:;()+,=@!*'$&").find(c) != std::string_view::npos;
}

class FileList {
 public:
  explicit FileList(std::vector<NamedFile>& files) : files_(files) {}

  void add(std::string_view kind, const Json& entry, const char* key) {
    const auto url = Url::parse(text_of(entry, key));
    if (url && url->is_http() && known_.insert(url->without_fragment().href()).second)
      files_.push_back({std::string(kind), url->without_fragment()});
  }
  void add_all(std::string_view kind, const Json& record, const char* list, const char* key) {
    const auto entries = record.find(list);
    if (entries == record.end() || !entries->is_array()) return;
    for (const Json& entry : *entries)
      if (entry.is_object()) add(kind, entry, key);
  }

 private:
  std::vector<NamedFile>& files_;
  std::set<std::string> known_;
};

}  // namespace

bool is_followed(std::string_view rule) {
  return rule.starts_with(kFollow);
}

bool is_named_file(std::string_view rule) {
  return rule.starts_with(kFiles);
}

std::string followed_doi(std::string_view rule) {
  if (!is_followed(rule)) return {};
  return std::string(rule.substr(rule.rfind(' ') + 1));  // a normal DOI has no blanks
}

std::optional<Url> resolver_url(const std::string& resolver, std::string_view doi) {
  std::string address = resolver;
  for (const char c : doi)
    address += is_path_character(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  auto url = Url::parse(address);
  if (!url || !url->is_http()) return std::nullopt;
  return *std::move(url);
}

std::vector<UrlTask> doi_tasks(const policy::CrawlConfig& config, const policy::Sites& sites, const Capture& page,
                               const plugins::Extraction& extraction) {
  std::vector<UrlTask> tasks;
  const auto from = Url::parse(page.url);
  if (!from || page.quarantined || is_followed(page.rule) || !sites.follows_dois(*from)) return tasks;
  const auto ids = extraction.record.find("ids");
  std::set<std::string> known = {ids == extraction.record.end() ? "" : text_of(*ids, "doi"), ""};
  for (const OutboundLink& link : extraction.links) {
    if (tasks.size() >= config.follow.max_per_article) break;
    if (!contains(config.follow.places, link.place) || !known.insert(link.doi).second) continue;
    const auto url = resolver_url(config.follow.resolver, link.doi);
    if (!url) continue;
    UrlTask task = task_from(sites, page, *url);
    task.priority = kFollowPriority;
    task.depth = page.depth + 1;
    task.hop = kDoiHop;
    task.rule = rule_of(link);
    tasks.push_back(std::move(task));
  }
  return tasks;
}

std::vector<NamedFile> named_files(const Json& record) {
  std::vector<NamedFile> files;
  FileList list(files);
  const auto links = record.find("links");
  for (const char* kind : {"pdf", "supplement", "dataset"}) {
    if (links == record.end() || !links->is_array()) break;
    for (const Json& link : *links)
      if (text_of(link, "rel") == kind) list.add(kind, link, "url");
  }
  list.add_all("supplement", record, "supplements", "url");
  list.add_all("figure", record, "figures", "image");
  return files;
}

std::vector<UrlTask> file_tasks(const policy::CrawlConfig& config, const policy::Sites& sites, const Capture& page,
                                const Json& record) {
  std::vector<UrlTask> tasks;
  const auto from = Url::parse(page.url);
  if (!from || page.quarantined) return tasks;
  const std::vector<std::string>& kinds = sites.file_kinds(*from);
  if (kinds.empty()) return tasks;
  for (NamedFile& file : named_files(record)) {
    if (tasks.size() >= config.files.max_per_article) break;
    if (!contains(kinds, file.kind) || file.url.href() == page.url) continue;
    UrlTask task = task_from(sites, page, file.url);
    task.role = Role::kFile;
    task.priority = kFilePriority;
    task.depth = page.depth;
    task.hop = kFileHop;
    task.root = page.url;
    task.root_capture = page.id;
    task.rule = std::string(kFiles) + file.kind;
    tasks.push_back(std::move(task));
  }
  return tasks;
}

}  // namespace vellum::engine
