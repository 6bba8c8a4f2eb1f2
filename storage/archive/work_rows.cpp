#include "storage/archive/work_rows.h"

#include <algorithm>

#include "storage/archive/records.h"

namespace vellum::storage {
namespace {

using rocks::Family;

template <class Rows>
Result<std::optional<Work>> work_at(const Rows& rows, const std::string& index_key) {
  VELLUM_TRY(const auto number, rows.find(Family::kWorks, index_key));
  if (!number) return std::optional<Work>();
  VELLUM_TRY(const auto row, rows.find(Family::kWorks, work_key(rocks::from_big_endian(*number))));
  if (!row) return fail(ErrorKind::kCorrupt, "a work that is named is not there; run `vellum check`");
  VELLUM_TRY(const Json json, parse_cbor(*row));
  VELLUM_TRY(Work work, Work::from_json(json));
  return std::optional<Work>(std::move(work));
}

bool shares_id(const Work& work, const PageVisit& visit) {
  return std::any_of(visit.ids.begin(), visit.ids.end(), [&](const std::string& id) {
    return std::find(work.ids.begin(), work.ids.end(), id) != work.ids.end();
  });
}

bool fits(const Work& work, const Work& other) {
  return work.pages.size() + other.pages.size() <= kMostPages && work.ids.size() + other.ids.size() <= kMostIds;
}

void put_work(rocks::Transaction& group, const Work& work) {
  const std::string number = id_key(work.id);
  for (const std::string& id : work.ids) group.put(Family::kWorks, work_id_key(id), number);
  for (const WorkPage& page : work.pages) group.put(Family::kWorks, work_page_key(page.url), number);
  group.put(Family::kWorks, work_key(work.id), to_cbor(work.to_json()));
}

// The address shows another work now: its old one goes on without it.
void leave(rocks::Transaction& group, Work work, const std::string& url) {
  std::erase_if(work.pages, [&](const WorkPage& page) { return page.url == url; });
  put_work(group, work);
}

}  // namespace

std::string work_key(std::uint64_t id) {
  return "w" + id_key(id);
}

std::string work_page_key(std::string_view url) {
  return known_url_key(url);
}

std::string work_id_key(std::string_view id) {
  return "i" + std::string(id);
}

Result<void> add_page_visit(rocks::Transaction& group, const PageVisit& visit) {
  Work work;
  VELLUM_TRY(auto own, work_at(group, work_page_key(visit.url)));
  if (own && !visit.ids.empty() && !own->ids.empty() && !shares_id(*own, visit)) {
    leave(group, *std::move(own), visit.url);
    own.reset();
  }
  if (own) work = *std::move(own);
  for (const std::string& id : visit.ids) {
    VELLUM_TRY(auto other, work_at(group, work_id_key(id)));
    if (!other || other->id == work.id) continue;
    if (work.id == 0) {
      work = *std::move(other);
    } else if (fits(work, *other)) {
      join_works(work, *other);
      group.erase(Family::kWorks, work_key(other->id));
    }
  }
  if (work.id == 0) work.id = group.next_number();
  const std::vector<WorkPage> before = work.pages;
  add_visit(work, visit);
  for (const WorkPage& page : before) {
    if (work.find_page(page.url) == nullptr) group.erase(Family::kWorks, work_page_key(page.url));
  }
  put_work(group, work);
  return {};
}

Result<std::optional<Work>> find_work(const rocks::Database& database, std::string_view url) {
  return work_at(database, work_page_key(url));
}

}  // namespace vellum::storage
