#include "plugins/host/drift.h"

#include <algorithm>
#include <array>

namespace vellum::plugins {
namespace {

// Lost on fewer of the pages that had it, a field is a matter of those pages.
constexpr std::uint64_t kAlarmOneIn = 20;
// Rates of crawls are compared only where both rest on this many pages.
constexpr std::uint64_t kEnoughPages = 20;
constexpr double kFall = 0.25;
constexpr std::string_view kLayoutField = "layout";

constexpr std::array<std::string_view, 13> kHeadKeys = {
    "schema",         "url",      "captured", "sources", "plugin",
    "plugin_version", "layout",   "verdict",  "kind",    "references_complete",
    "next",           "cited_by", "similar"};

// What is derived from other fields, or numbers them.
bool is_derived(const std::string& key) {
  return key.ends_with("_html") || key == "position" || key == "level" || key == "event" || key == "major";
}

bool is_head(const std::string& key) {
  return std::find(kHeadKeys.begin(), kHeadKeys.end(), key) != kHeadKeys.end();
}

void count_list(const std::string& key, const Json& list, std::map<std::string, std::size_t>& counts) {
  counts[key] = list.size();
  // Roles of links change with what a page points to, not with how it is read.
  if (key == "links") return;
  for (const Json& item : list) {
    if (!item.is_object()) continue;
    for (const auto& [inner, value] : item.items()) {
      const bool is_said = !value.empty() && !(value.is_boolean() && !value.get<bool>());
      if (is_said && !is_derived(inner)) ++counts[key + "." + inner];
    }
  }
}

std::string layout_of(const Json& record) {
  return text_of(record, "layout");
}

}  // namespace

std::map<std::string, std::size_t> field_counts(const Json& record) {
  std::map<std::string, std::size_t> counts;
  for (const auto& [key, value] : record.items()) {
    if (is_head(key) || is_derived(key) || value.empty()) continue;
    if (value.is_array()) {
      count_list(key, value, counts);
    } else if (value.is_object()) {
      for (const auto& [inner, inner_value] : value.items()) {
        if (!inner_value.empty()) counts[key + "." + inner] = inner_value.is_array() ? inner_value.size() : 1;
      }
    } else {
      counts[key] = 1;
    }
  }
  return counts;
}

std::vector<FieldLoss> losses(const Json& before, const Json& after) {
  std::vector<FieldLoss> out;
  const auto now = field_counts(after);
  for (const auto& [field, had] : field_counts(before)) {
    const auto it = now.find(field);
    const std::size_t has = it == now.end() ? 0 : it->second;
    if (has == 0 || (has * 2 < had && had - has >= 3)) out.push_back({field, had, has});
  }
  // Where the whole list is lost, so are the keys of its items: that is one loss.
  const auto list_is_lost = [&](const FieldLoss& loss) {
    const std::size_t dot = loss.field.find('.');
    return dot != std::string::npos && std::any_of(out.begin(), out.end(), [&](const FieldLoss& other) {
             return other.field == loss.field.substr(0, dot);
           });
  };
  std::vector<FieldLoss> kept;
  std::copy_if(out.begin(), out.end(), std::back_inserter(kept), [&](const FieldLoss& l) { return !list_is_lost(l); });
  return kept;
}

void DriftRates::add(const Json& record) {
  const std::string plugin = text_of(record, "plugin"), layout = layout_of(record);
  ++rows_[{plugin, layout, ""}].pages;
  for (const auto& [field, count] : field_counts(record)) ++rows_[{plugin, layout, field}].hits;
  const std::uint64_t pages = rows_[{plugin, layout, ""}].pages;
  for (auto it = rows_.lower_bound({plugin, layout, ""}); it != rows_.end(); ++it) {
    if (std::get<0>(it->first) != plugin || std::get<1>(it->first) != layout) break;
    it->second.pages = pages;
  }
}

void DriftRates::add(const DriftRates& more) {
  for (const auto& [key, rate] : more.rows_) {
    rows_[key].hits += rate.hits;
    if (std::get<2>(key).empty()) rows_[key].pages += rate.pages;
  }
  for (auto& [key, rate] : rows_) rate.pages = rows_[{std::get<0>(key), std::get<1>(key), ""}].pages;
}

FieldRate DriftRates::of_plugin(std::string_view plugin, std::string_view field) const {
  FieldRate sum;
  for (auto it = rows_.lower_bound({std::string(plugin), "", ""}); it != rows_.end(); ++it) {
    if (std::get<0>(it->first) != plugin) break;
    if (std::get<2>(it->first).empty()) sum.pages += it->second.pages;
    if (std::get<2>(it->first) == field) sum.hits += it->second.hits;
  }
  return sum;
}

Json DriftRates::to_json() const {
  Json json = Json::object();
  for (const auto& [key, rate] : rows_) {
    const auto& [plugin, layout, field] = key;
    json[plugin][layout][field] = field.empty() ? rate.pages : rate.hits;
  }
  return json;
}

Result<DriftRates> DriftRates::from_json(const Json& json) {
  DriftRates rates;
  if (!json.is_object()) return fail(ErrorKind::kInvalid, "hit rates are no object");
  for (const auto& [plugin, layouts] : json.items()) {
    if (!layouts.is_object()) return fail(ErrorKind::kInvalid, "hit rates of " + plugin + " are no object");
    for (const auto& [layout, fields] : layouts.items()) {
      if (!fields.is_object()) return fail(ErrorKind::kInvalid, "hit rates of " + plugin + " are no object");
      const auto pages = static_cast<std::uint64_t>(std::max<std::int64_t>(0, integer_of(fields, "")));
      for (const auto& [field, unused] : fields.items()) {
        const auto hits = static_cast<std::uint64_t>(std::max<std::int64_t>(0, integer_of(fields, field)));
        rates.rows_[{plugin, layout, field}] = {pages, field.empty() ? 0 : hits};
      }
    }
  }
  return rates;
}

void DriftWatch::count_loss(const DriftRates::Key& key, const FieldLoss& loss, const Sighting& at,
                            const Sighting& last) {
  Paired& paired = paired_[key];
  const bool is_first = paired.lost == 0 || at.captured < paired.first_bad.captured;
  ++paired.lost;
  if (!is_first) return;
  paired.first_bad = at;
  paired.last_good = last;
  paired.before = loss.before;
  paired.after = loss.after;
}

void DriftWatch::add(const Sighting& at, const Json& record, const Sighting& last, const Json* before) {
  rates_.add(record);
  const std::string plugin = text_of(record, "plugin"), layout = layout_of(record);
  const auto counts = field_counts(record);
  first_page_.try_emplace(plugin, at);
  for (auto it = rates_.rows().lower_bound({plugin, "", ""}); it != rates_.rows().end(); ++it) {
    if (std::get<0>(it->first) != plugin) break;
    const std::string& field = std::get<2>(it->first);
    if (!field.empty() && !counts.contains(field)) first_without_.try_emplace({plugin, "", field}, at);
  }
  if (!before) return;
  const std::string plugin_before = text_of(*before, "plugin"), layout_before = layout_of(*before);
  for (const auto& [field, count] : field_counts(*before)) ++paired_[{plugin_before, layout_before, field}].had;
  const DriftRates::Key layout_key = {plugin_before, layout_before, std::string(kLayoutField)};
  ++paired_[layout_key].had;
  if (plugin != plugin_before) count_loss(layout_key, {std::string(kLayoutField), 1, 0}, at, last);
  for (const FieldLoss& loss : losses(*before, record)) {
    count_loss({plugin_before, layout_before, loss.field}, loss, at, last);
  }
}

// Fields whose rate over all pages fell, where no page tells so by its own earlier record.
void DriftWatch::add_fallen_rates(const DriftRates& previous, std::vector<DriftAlarm>& alarms) const {
  for (const auto& [key, unused] : previous.rows()) {
    const auto& [plugin, layout, field] = key;
    const FieldRate then = previous.of_plugin(plugin, field), now = rates_.of_plugin(plugin, field);
    if (field.empty() || then.pages < kEnoughPages || now.pages < kEnoughPages) continue;
    if (now.share() > then.share() - kFall) continue;
    const bool is_known = std::any_of(alarms.begin(), alarms.end(), [&](const DriftAlarm& alarm) {
      return alarm.plugin == plugin && alarm.field == field;
    });
    if (is_known) continue;
    DriftAlarm alarm{plugin, layout, field, then.pages, now.pages - now.hits, then.share(), now.share(), 1, 0, {}, {}};
    const auto first = first_without_.find({plugin, "", field});
    const auto page = first_page_.find(plugin);
    if (first != first_without_.end()) {
      alarm.first_bad = first->second;
    } else if (page != first_page_.end()) {
      alarm.first_bad = page->second;  // no page of this crawl had it
    }
    alarms.push_back(std::move(alarm));
  }
}

std::vector<DriftAlarm> DriftWatch::alarms(const DriftRates* previous) const {
  std::vector<DriftAlarm> out;
  for (const auto& [key, paired] : paired_) {
    if (paired.lost == 0 || paired.lost * kAlarmOneIn < paired.had) continue;
    const auto& [plugin, layout, field] = key;
    const double kept = 1 - static_cast<double>(paired.lost) / static_cast<double>(paired.had);
    out.push_back({plugin, layout, field, paired.had, paired.lost, 1, kept, paired.before, paired.after,
                   paired.first_bad, paired.last_good});
  }
  if (previous) add_fallen_rates(*previous, out);
  return out;
}

}  // namespace vellum::plugins
