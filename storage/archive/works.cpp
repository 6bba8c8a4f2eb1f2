#include "storage/archive/works.h"

#include <algorithm>
#include <iterator>

#include "base/article_parts.h"
#include "storage/archive/records.h"

namespace vellum::storage {
namespace {

constexpr std::string_view kOutcomeNames[] = {"first", "unchanged", "changed", "noticed"};
constexpr std::string_view kJoiningIds[] = {"doi:", "pmid:", "pmcid:", "arxiv:"};

VisitOutcome outcome_of(const WorkPage& page, const PageVisit& visit, std::vector<std::string>& parts) {
  if (page.reader != visit.reader) return visit.is_unmodified ? VisitOutcome::kUnchanged : VisitOutcome::kFirst;
  parts = article::changed_parts(page.parts, visit.parts);
  if (parts.empty()) return VisitOutcome::kUnchanged;
  const bool is_notice = std::find(parts.begin(), parts.end(), article::kNoticesPart) != parts.end();
  return is_notice ? VisitOutcome::kNoticed : VisitOutcome::kChanged;
}

void put_visit(Work& work, const WorkVisit& visit) {
  const auto same = std::find_if(work.visits.begin(), work.visits.end(),
                                 [&](const WorkVisit& known) { return known.run == visit.run; });
  if (same != work.visits.end()) {
    same->outcome = std::max(same->outcome, visit.outcome);
    same->at = std::max(same->at, visit.at);
    return;
  }
  const auto later =
      std::find_if(work.visits.begin(), work.visits.end(), [&](const WorkVisit& known) { return known.at > visit.at; });
  work.visits.insert(later, visit);
  if (work.visits.size() > kMostVisits) work.visits.erase(work.visits.begin());
}

bool is_change(VisitOutcome outcome) {
  return outcome == VisitOutcome::kChanged || outcome == VisitOutcome::kNoticed;
}

// Counts a run once, whatever number of the work's pages it visited.
void count_visit(Work& work, const WorkVisit& visit) {
  const auto known = std::find_if(work.visits.begin(), work.visits.end(),
                                  [&](const WorkVisit& other) { return other.run == visit.run; });
  const bool is_new = known == work.visits.end();
  if (is_new) ++work.visit_count;
  if (is_change(visit.outcome) && (is_new || !is_change(known->outcome))) ++work.change_count;
}

std::vector<std::string> texts_of(const Json& json, const char* key) {
  std::vector<std::string> texts;
  const auto found = json.find(key);
  if (found == json.end() || !found->is_array()) return texts;
  for (const Json& item : *found) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

Json to_json(const WorkPage& page) {
  Json json = Json::object();
  json["url"] = page.url;
  json["visited"] = to_rfc3339(page.visited);
  json["reader"] = page.reader;
  json["parts"] = Json::object();
  for (const auto& [name, digest] : page.parts) json["parts"][name] = digest;
  return json;
}

Result<WorkPage> page_from(const Json& json) {
  WorkPage page;
  page.url = text_of(json, "url");
  VELLUM_TRY(page.visited, parse_timestamp(text_of(json, "visited")));
  page.reader = text_of(json, "reader");
  const auto parts = json.find("parts");
  if (parts == json.end() || !parts->is_object()) return page;
  for (const auto& [name, digest] : parts->items()) {
    if (digest.is_string()) page.parts[name] = digest.get<std::string>();
  }
  return page;
}

Result<WorkVisit> visit_from(const Json& json) {
  WorkVisit visit;
  visit.run = static_cast<RunId>(integer_of(json, "run"));
  VELLUM_TRY(visit.at, parse_timestamp(text_of(json, "at")));
  const auto name = std::find(std::begin(kOutcomeNames), std::end(kOutcomeNames), text_of(json, "outcome"));
  if (name == std::end(kOutcomeNames)) return fail(ErrorKind::kCorrupt, "work with a visit of an unknown outcome");
  visit.outcome = static_cast<VisitOutcome>(name - std::begin(kOutcomeNames) + 1);
  return visit;
}

}  // namespace

std::string_view name_of(VisitOutcome outcome) {
  return kOutcomeNames[static_cast<std::size_t>(outcome) - 1];
}

const WorkPage* Work::find_page(std::string_view url) const {
  const auto found = std::find_if(pages.begin(), pages.end(), [&](const WorkPage& page) { return page.url == url; });
  return found == pages.end() ? nullptr : &*found;
}

PageVisit visit_of(const Capture& page, const StoredArticle& article) {
  PageVisit visit;
  visit.url = page.url;
  visit.at = page.captured;
  visit.run = page.run;
  for (std::string& id : ids_of(article.record)) {
    const bool joins = std::any_of(std::begin(kJoiningIds), std::end(kJoiningIds),
                                   [&](std::string_view kind) { return id.starts_with(kind); });
    if (joins) visit.ids.push_back(std::move(id));
  }
  visit.reader = article.plugin + " " + std::to_string(article.plugin_version);
  visit.parts = article::part_digests(article.record);
  visit.is_unmodified = page.is_revisit();
  return visit;
}

void add_visit(Work& work, const PageVisit& visit) {
  for (const std::string& id : visit.ids) {
    const bool is_known = std::find(work.ids.begin(), work.ids.end(), id) != work.ids.end();
    if (!is_known && work.ids.size() < kMostIds) work.ids.push_back(id);
  }
  auto page =
      std::find_if(work.pages.begin(), work.pages.end(), [&](const WorkPage& known) { return known.url == visit.url; });
  WorkVisit entry{visit.run, visit.at, VisitOutcome::kFirst};
  std::vector<std::string> parts;
  if (page != work.pages.end()) {
    if (visit.at <= page->visited) return;
    entry.outcome = outcome_of(*page, visit, parts);
  } else {
    if (work.pages.size() >= kMostPages) work.pages.erase(work.pages.begin());
    page = work.pages.insert(work.pages.end(), WorkPage{visit.url, {}, {}, {}});
  }
  page->visited = visit.at;
  page->reader = visit.reader;
  page->parts = visit.parts;
  if (is_change(entry.outcome)) {
    work.changed = visit.at;
    work.last_parts = std::move(parts);
  }
  count_visit(work, entry);
  put_visit(work, entry);
}

void join_works(Work& work, const Work& other) {
  for (const std::string& id : other.ids) {
    if (std::find(work.ids.begin(), work.ids.end(), id) == work.ids.end()) work.ids.push_back(id);
  }
  for (const WorkPage& page : other.pages) {
    const auto known =
        std::find_if(work.pages.begin(), work.pages.end(), [&](const WorkPage& mine) { return mine.url == page.url; });
    if (known == work.pages.end()) {
      work.pages.push_back(page);
    } else if (known->visited < page.visited) {
      *known = page;
    }
  }
  for (const WorkVisit& visit : other.visits) put_visit(work, visit);
  work.visit_count = std::max(work.visit_count + other.visit_count, std::uint64_t{work.visits.size()});
  work.change_count += other.change_count;
  if (other.changed && (!work.changed || *work.changed < *other.changed)) {
    work.changed = other.changed;
    work.last_parts = other.last_parts;
  }
}

Json Work::to_json() const {
  Json json = Json::object();
  json["id"] = id;
  json["ids"] = ids;
  json["pages"] = Json::array();
  for (const WorkPage& page : pages) json["pages"].push_back(storage::to_json(page));
  json["visits"] = Json::array();
  for (const WorkVisit& visit : visits) {
    Json row = Json::object();
    row["run"] = visit.run;
    row["at"] = to_rfc3339(visit.at);
    row["outcome"] = name_of(visit.outcome);
    json["visits"].push_back(std::move(row));
  }
  json["visit_count"] = visit_count;
  json["change_count"] = change_count;
  if (changed) json["changed"] = to_rfc3339(*changed);
  if (!last_parts.empty()) json["last_parts"] = last_parts;
  return json;
}

Result<Work> Work::from_json(const Json& json) {
  Work work;
  work.id = static_cast<std::uint64_t>(integer_of(json, "id"));
  if (work.id == 0) return fail(ErrorKind::kCorrupt, "work without an id");
  work.ids = texts_of(json, "ids");
  for (const char* key : {"pages", "visits"}) {
    if (!json.contains(key) || !json[key].is_array()) return fail(ErrorKind::kCorrupt, "work without its lists");
  }
  for (const Json& row : json["pages"]) {
    VELLUM_TRY(WorkPage page, page_from(row));
    work.pages.push_back(std::move(page));
  }
  for (const Json& row : json["visits"]) {
    VELLUM_TRY(const WorkVisit visit, visit_from(row));
    work.visits.push_back(visit);
  }
  work.visit_count = static_cast<std::uint64_t>(integer_of(json, "visit_count"));
  work.change_count = static_cast<std::uint64_t>(integer_of(json, "change_count"));
  if (json.contains("changed")) {
    VELLUM_TRY(work.changed, parse_timestamp(text_of(json, "changed")));
  }
  work.last_parts = texts_of(json, "last_parts");
  return work;
}

}  // namespace vellum::storage
