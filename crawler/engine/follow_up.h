// What a captured article leads to beyond its links: the DOIs that it cites, followed through the resolver, and the
// files that its plugin names.
//
// Both are admitted by a rule of their own, wherever they lie, and the rule goes with the task through all redirects:
//   "follow: doi of reference 3: 10.1016/0014-4827(61)90192-6"        "files: supplement"
//
// Threads: any; pure functions.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "crawler/policy/config.h"
#include "crawler/policy/sites.h"
#include "plugins/host/page.h"
#include "storage/archive/capture.h"
#include "storage/frontier/frontier.h"

namespace vellum::engine {

inline constexpr std::string_view kDoiHop = "doi";    // hop of the request to the resolver
inline constexpr std::string_view kFileHop = "file";  // hop of a file that came with its page

// True of what such a rule let in: a request to the resolver, where it led, and the parts of that page; a file.
bool is_followed(std::string_view rule);
bool is_named_file(std::string_view rule);
// The DOI that a "follow: ..." rule names, "" for others.
std::string followed_doi(std::string_view rule);

// "https://doi.org/10.1002/(sici)1097%3C..."; nullopt where no URL comes of it.
std::optional<Url> resolver_url(const std::string& resolver, std::string_view doi);

// A request to the resolver for each DOI in one of the configured places but the page's own; each DOI once, in the
// order of the page. None of a page that was itself reached by a DOI, and of what is no article.
std::vector<storage::UrlTask> doi_tasks(const policy::CrawlConfig& config, const policy::Sites& sites,
                                        const storage::Capture& page, const plugins::Extraction& extraction);

// A file that the record names, of one of policy::kFileKinds.
struct NamedFile {
  std::string kind;
  Url url;
};
// Each address once, PDFs first.
std::vector<NamedFile> named_files(const Json& record);
// Those of the kinds that the configuration wants, at most max_per_article.
std::vector<storage::UrlTask> file_tasks(const policy::CrawlConfig& config, const policy::Sites& sites,
                                         const storage::Capture& page, const Json& record);

}  // namespace vellum::engine
