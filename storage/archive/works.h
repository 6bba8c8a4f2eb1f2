// Works and the history of visits to them.
//
// Pages whose article records share an id (DOI, PMID, PMCID, arXiv) are pages of one work: its abstract in a catalogue,
// its full text in another, its publisher's page. What is known about how often it changes is the work's; each page
// keeps when it was last visited and the digests of its own parts, since pages of a work show different parts of it. A
// page without ids is a work of its own.
//
// Threads: plain values and pure functions. Stored as: docs/formats.md, "Works".

#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "storage/archive/capture.h"

namespace vellum::storage {

// In the order of what they weigh: of several pages visited in one run the last of these counts for the work.
enum class VisitOutcome : std::uint8_t {
  kFirst = 1,  // nothing to compare with: never visited, or read by another plugin version
  kUnchanged,
  kChanged,
  kNoticed,  // its notices changed: a retraction, a correction, an expression of concern
};
std::string_view name_of(VisitOutcome outcome);  // "first", "unchanged", "changed", "noticed"

// One successful visit to a page, as a commit tells it.
struct PageVisit {
  std::string url;
  Timestamp at{};
  RunId run = 0;
  std::vector<std::string> ids;  // "doi:10.1/x", "pmid:1"
  std::string reader;            // plugin and version: what other readers made of the page is not comparable
  std::map<std::string, std::string> parts;
  bool is_unmodified = false;  // the server said so
};

struct WorkPage {
  std::string url;
  Timestamp visited{};
  std::string reader;
  std::map<std::string, std::string> parts;
};

// Those of one run are one visit to the work.
struct WorkVisit {
  RunId run = 0;
  Timestamp at{};
  VisitOutcome outcome = VisitOutcome::kFirst;

  bool operator==(const WorkVisit&) const = default;
};

struct Work {
  std::uint64_t id = 0;
  std::vector<std::string> ids;
  std::vector<WorkPage> pages;
  std::vector<WorkVisit> visits;  // the last kMostVisits, oldest first
  std::uint64_t visit_count = 0, change_count = 0;
  std::optional<Timestamp> changed;     // when a change was last seen
  std::vector<std::string> last_parts;  // what changed then

  const WorkPage* find_page(std::string_view url) const;
  Json to_json() const;
  static Result<Work> from_json(const Json& json);
};
inline constexpr std::size_t kMostVisits = 32;
// What joins no further: ids are claims of pages, and a page that claims them all shall not make one work of them all.
inline constexpr std::size_t kMostPages = 64, kMostIds = 64;

// The visit that reading an article from a page is.
PageVisit visit_of(const Capture& page, const StoredArticle& article);

// Adds a visit; one that is there already, or is older than the page's last, changes nothing.
void add_visit(Work& work, const PageVisit& visit);
// `other` becomes part of `work`: a record had ids of both. Of pages and visits in both the later counts.
void join_works(Work& work, const Work& other);

}  // namespace vellum::storage
