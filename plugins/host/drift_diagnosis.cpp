#include "plugins/host/drift_diagnosis.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.h"
#include "plugins/host/generic_reader.h"
#include "plugins/host/page_view.h"
#include "plugins/host/registry_impl.h"
#include "plugins/host/trial.h"
#include "plugins/host/value_search.h"

namespace vellum::plugins {
namespace {

constexpr std::size_t kMaxRepairs = 3;
// What a loss of the whole record is mended from: with these a layout can be told and a work be cited.
constexpr std::array<std::string_view, 5> kMainFields = {"title", "authors", "ids.doi", "journal.title", "published"};

std::string_view head_of(std::string_view field) {
  return field.substr(0, field.find('.'));
}

// The rule's rows that fill the record's field: "authors" is authors.items and authors.name, "history" any history.x.
bool fills(const std::string& row, std::string_view field) {
  if (row == field || row == std::string(field) + ".items") return true;
  if (field == "history") return row.starts_with("history.");
  for (const char* main : {".name", ".text", ".title", ".caption"}) {
    if (row == std::string(field) + main) return true;
  }
  return false;
}

bool is_group(std::string_view field) {
  return find_group(field) != nullptr;
}

// The sources of one plugin on one page; nothing where no layout of it fits.
Result<Trial> trial_of(const Registry& registry, std::string_view plugin, const PageInput& page, bool& fits) {
  auto trial = try_plugin(registry, plugin, page);
  fits = trial.has_value();
  if (!trial && trial.error().kind == ErrorKind::kNotFound) return Trial{};
  return trial;
}

std::size_t hits_of(const Trial& trial, const SourceTrial& source) {
  for (const SourceTrial& other : trial.sources) {
    if (other.field == source.field && other.source == source.source) return other.hits;
  }
  return 0;
}

std::vector<DeadSource> dead_sources(const Trial& before, const Trial& now, std::string_view field) {
  std::vector<DeadSource> dead;
  std::map<std::string, std::size_t> ranks;
  for (const SourceTrial& source : before.sources) {
    const std::size_t rank = ++ranks[source.field];
    if (!fills(source.field, field) || source.hits == 0 || hits_of(now, source) > 0) continue;
    dead.push_back({source.field, source.source, rank, source.hits, source.chosen});
  }
  // Where the items are gone, their parts are too: that says nothing more.
  const bool items =
      std::any_of(dead.begin(), dead.end(), [](const DeadSource& d) { return d.field.ends_with(".items"); });
  if (items) std::erase_if(dead, [](const DeadSource& d) { return !d.field.ends_with(".items"); });
  return dead;
}

const FieldShape& shape_of(std::string_view field) {
  static constexpr FieldShape kPlain{"text"};
  if (const FieldShape* shape = find_field(record_fields(), field)) return *shape;
  const GroupShape* group = find_group(head_of(field));
  const FieldShape* inner = group && field.find('.') != std::string_view::npos
                                ? find_field(group->fields, field.substr(field.find('.') + 1))
                                : nullptr;
  return inner ? *inner : kPlain;
}

// What the generic reader took the value from: names of <meta> and JSON-LD paths that are gone.
std::vector<DeadSource> dead_metadata(const ValueSearch& before, const ValueSearch& now, std::string_view field,
                                      const std::vector<std::string>& spellings) {
  std::vector<DeadSource> dead;
  const auto still = now.find(spellings, shape_of(field));
  for (const FoundSource& found : before.find(spellings, shape_of(field))) {
    const bool is_there =
        std::any_of(still.begin(), still.end(), [&](const FoundSource& s) { return s.source == found.source; });
    if (!found.is_in_markup && !is_there)
      dead.push_back({std::string(field), found.source, dead.size() + 1, 1, dead.empty()});
  }
  return dead;
}

void add_field_repairs(const ValueSearch& page, std::string_view field, const Json& record,
                       std::vector<Repair>& repairs) {
  std::size_t added = 0;
  for (FoundSource& found : page.find(spellings_of(record, field), shape_of(field))) {
    if (added++ == kMaxRepairs) return;
    repairs.push_back({std::string(field), std::move(found.source), std::move(found.value), found.yields_it});
  }
}

void add_group_repairs(const ValueSearch& page, std::string_view group, const Json& record,
                       std::vector<Repair>& repairs) {
  const auto items = item_spellings(record, group);
  for (const FoundItems& found : page.find_items(items)) {
    repairs.push_back({std::string(group) + ".items", '"' + found.selector + '"',
                       std::to_string(found.items) + " items, where the record had " + std::to_string(items.size()),
                       found.items == items.size()});
  }
}

void add_repairs(const ValueSearch& page, std::string_view field, const Json& record, std::vector<Repair>& repairs) {
  if (is_group(field)) return add_group_repairs(page, field, record, repairs);
  const std::string_view head = head_of(field);
  if (head != field && is_group(head)) return add_group_repairs(page, head, record, repairs);
  add_field_repairs(page, field, record, repairs);
}

}  // namespace

Result<Diagnosis> diagnose(const Registry& registry, std::string_view plugin, std::string_view field,
                           const PageInput& good, const PageInput& bad, const Json& record) {
  Diagnosis out;
  VELLUM_TRY(const PageView good_view, PageView::parse(good.page));
  VELLUM_TRY(const PageView bad_view, PageView::parse(bad.page));
  if (plugin != kGenericId) {
    bool fitted = false;
    VELLUM_TRY(const Trial before, trial_of(registry, plugin, good, fitted));
    VELLUM_TRY(const Trial now, trial_of(registry, plugin, bad, out.has_layout));
    out.layout_before = before.layout;
    out.layout_now = now.layout;
    out.dead = dead_sources(before, now, field);
  }
  const ValueSearch good_search(good_view), bad_search(bad_view);
  if (out.dead.empty() && !is_group(field) && field != "layout") {
    out.dead = dead_metadata(good_search, bad_search, field, spellings_of(record, field));
  }
  if (field != "layout") {
    add_repairs(bad_search, field, record, out.repairs);
    return out;
  }
  for (const std::string_view main : kMainFields) {
    std::vector<Repair> ways;
    add_repairs(bad_search, main, record, ways);
    if (!ways.empty()) out.repairs.push_back(std::move(ways.front()));
  }
  return out;
}

}  // namespace vellum::plugins
