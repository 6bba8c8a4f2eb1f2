// What of an article record is the article, part by part: whether a work has changed between two visits.
//
// Parts are heading, authors, abstract, subjects, sections, figures, tables, references and notices. What changes with
// every request or with other people's work is no part: similar articles, cited-by counts, listings, links, tokens in
// addresses, how the record was read. References of which the page shows the first few alone are left out, so that a
// fragment that failed is no change.
//
// Threads: any; pure.

#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/json.h"

namespace vellum::article {

inline constexpr const char* kNoticesPart = "notices";

// By the part's name, 16 hex digits of its SHA-256. Parts that the record lacks are not there.
std::map<std::string, std::string> part_digests(const Json& record);

// Names of the parts that differ. References count only where both have them: on one side they may be incomplete.
std::vector<std::string> changed_parts(const std::map<std::string, std::string>& before,
                                       const std::map<std::string, std::string>& after);

}  // namespace vellum::article
