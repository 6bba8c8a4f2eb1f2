// What a captured page declared that belongs to it (fragments, PDFs, figures, supplements), and what of that is held.
//
// Read from the archive alone: the plugin reads the stored page again and names its parts; each is looked up, through
// redirects, first among the captures of the page's own run, then among all.
//
// Threads: any.

#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "crawler/policy/config.h"
#include "plugins/host/registry.h"
#include "storage/archive/archive.h"
#include "storage/frontier/frontier.h"

namespace vellum::engine {

struct Part {
  std::string kind;                   // "fragment", or one of policy::kFileKinds
  std::string url;                    // as the page names it
  std::string state;                  // "held" | "failed" | "skipped" | "queued" | "missing"
  std::string reason;                 // for all but held
  std::optional<Timestamp> captured;  // of held
  std::uint64_t bytes = 0;            // of held
};

struct Completeness {
  std::vector<Part> parts;
  std::size_t held() const;
  // Nothing that was to be fetched is absent: a file of a kind that the crawl leaves out on purpose is no gap.
  bool is_complete() const;
  std::vector<std::string> wanted_kinds;  // of files, as configured for this page
  Json to_json() const;                   // {"complete", "declared", "held", "parts": [...]}
};

// `status` says what became of a URL in the page's run (Frontier::status), for those that no capture answers for.
using StatusOf = std::function<Result<storage::TaskStatus>(const Url&)>;
Result<Completeness> completeness(const storage::Archive& archive, const plugins::Registry& registry,
                                  const policy::CrawlConfig& config, const storage::Capture& page,
                                  const StatusOf& status);

}  // namespace vellum::engine
