// Is the page what was asked for? Its own ids against those of the address that led to it.
//
// A resolver or a cache that serves another article under the right address is worse than an error: such a page would
// stand in the archive as the work that somebody cited. Only ids that both sides name are compared.
//
// Threads: any.

#pragma once

#include <optional>
#include <string>

#include "base/json.h"
#include "base/url.h"
#include "storage/archive/archive.h"
#include "storage/frontier/frontier.h"

namespace vellum::engine {

// The DOI that a resolver was asked for before its redirects led to `task`; "" if none was.
std::string asked_doi(const storage::Archive& archive, storage::RunId run, const storage::UrlTask& task);

// "asked for PMC123, page says PMC456", nullopt if nothing contradicts. `address` is the page's own, after redirects;
// `doi` what asked_doi() gave; `ids` the record's. Letter case, versions (10.1101/x and 10.1101/x.v2, PMC1 and PMC1.2)
// and parts (10.1371/journal.x.g001) are the same work.
std::optional<std::string> contradiction(const Url& address, const std::string& doi, const Json& ids);

}  // namespace vellum::engine
