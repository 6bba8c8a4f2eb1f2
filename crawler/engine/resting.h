// Pages that are not due yet: [schedule] adaptive.
//
// Such a page is not asked for. Its stored copy leads on in its place, so that a run finds the same pages whether or
// not those before them were due; its fragments and requisites stay with it. Only pages of a known work rest: listings,
// redirects and pages that were never read as an article are asked for in every run.
//
// Threads: the io thread; reading runs on the pool.

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crawler/engine/services.h"

namespace vellum::engine {

struct Resting {
  std::string reason;                        // "not due before 2026-03-01T00:00:00.000000Z: unchanged 3 visits"
  std::vector<storage::UrlTask> discovered;  // what its stored copy links to
  std::map<std::string, std::uint64_t> out_of_scope;
};

// nullopt: visit it. What cannot be read is no error: the page is asked for.
Task<std::optional<Resting>> find_resting(Services& services, const storage::UrlTask& task);

}  // namespace vellum::engine
