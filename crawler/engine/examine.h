// What an answer says, before anything is stored: a pure function that runs on the pool.
//
// It decides the media type, the verdict of substance and the rights, finds the links that the crawl may follow, and
// reads the article with the plugins. It never fails: what cannot be read is an answer without links.
//
// Threads: any; no state.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crawler/policy/config.h"
#include "crawler/policy/scope.h"
#include "crawler/policy/sites.h"
#include "plugins/host/registry.h"
#include "storage/frontier/frontier.h"

namespace vellum::engine {

struct Examination {
  std::string mime;
  plugins::Verdict verdict;                  // substance "" where none was made (requisites, robots, redirects)
  std::vector<std::string> rights;           // robots directives of headers and page
  std::vector<std::string> evidence;         // of a sitemap: what was in it; of any page: what it contradicts
  bool is_wrong_work = false;                // the page says that it is another article than was asked for
  std::vector<storage::UrlTask> discovered;  // in scope, in order of importance
  std::vector<storage::UrlTask> fragments;   // those of them that belong to this page
  std::map<std::string, std::uint64_t> out_of_scope;
  std::optional<plugins::Extraction> extraction;  // of pages that a plugin can read
  std::vector<plugins::PluginFault> faults;       // of plugins that failed on it
};

struct ExamineContext {
  const policy::CrawlConfig& config;
  const policy::Scope& scope;
  const policy::Sites& sites;
  const plugins::Registry& registry;
  std::string asked_doi = {};  // asked.h
};

Examination examine(const ExamineContext& context, const storage::UrlTask& task, plugins::Answer answer);

// The task that a redirect answer asks for: same role and depth. nullopt: no usable Location, or too many hops.
std::optional<storage::UrlTask> redirect_task(const policy::Sites& sites, const storage::UrlTask& task, const Url& from,
                                              const HeaderBlock& answer);

// The task of a sitemap: one of the configuration's, or one that the sitemap `from` lists.
storage::UrlTask sitemap_task(const policy::Sites& sites, const Url& url, const storage::UrlTask* from);
bool is_sitemap(const storage::UrlTask& task);

inline constexpr int kMaxRedirects = 20;
inline constexpr int kMaxSitemapDepth = 3;        // indexes of indexes; the protocol has one level
inline constexpr std::size_t kMaxFragments = 16;  // per page: a plugin error must not become a crawl

}  // namespace vellum::engine
