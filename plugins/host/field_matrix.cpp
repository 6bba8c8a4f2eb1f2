#include "plugins/host/field_matrix.h"

#include <algorithm>
#include <set>

#include "plugins/host/difference.h"

namespace vellum::plugins {
namespace {

constexpr std::array<std::string_view, 8> kHeadKeys = {"schema",         "url",    "captured", "sources", "plugin",
                                                       "plugin_version", "layout", "verdict"};

void note(FieldTally& tally, FieldChange change, const std::string& where, const Json& before, const Json& after) {
  std::uint64_t FieldTally::*counters[] = {&FieldTally::same, &FieldTally::won, &FieldTally::lost,
                                           &FieldTally::changed};
  const auto index = static_cast<std::size_t>(change);
  ++(tally.*counters[index]);
  auto& examples = tally.examples[index];
  if (change == FieldChange::kSame || examples.size() >= FieldTally::kExamples) return;
  examples.push_back(where);
  tally.values[index].push_back(parted(before, after));
}

}  // namespace

std::map<std::string, Json> field_values(const Json& record) {
  std::map<std::string, Json> values;
  for (const auto& [key, value] : record.items()) {
    if (std::find(kHeadKeys.begin(), kHeadKeys.end(), key) != kHeadKeys.end() || value.empty()) continue;
    if (!value.is_object()) {
      values[key] = value;
      continue;
    }
    for (const auto& [inner, inner_value] : value.items()) {
      if (!inner_value.empty()) values[key + "." + inner] = inner_value;
    }
  }
  if (record.contains("verdict")) values["verdict"] = text_of(record["verdict"], "substance");
  return values;
}

void FieldMatrix::add(const Json& before, const Json& after, const std::string& where) {
  const auto then = field_values(before), now = field_values(after);
  const std::string layout = text_of(after, "layout");
  std::set<std::string> fields;
  for (const auto& [field, unused] : then) fields.insert(field);
  for (const auto& [field, unused] : now) fields.insert(field);
  bool loses = false;
  for (const std::string& field : fields) {
    const auto had = then.find(field), has = now.find(field);
    FieldChange change = FieldChange::kSame;
    if (had == then.end()) {
      change = FieldChange::kWon;
    } else if (has == now.end()) {
      change = FieldChange::kLost;
    } else if (had->second != has->second) {
      change = FieldChange::kChanged;
    }
    loses = loses || change == FieldChange::kLost;
    note(rows_[{layout, field}], change, where, had == then.end() ? Json() : had->second,
         has == now.end() ? Json() : has->second);
  }
  ++pages_;
  pages_with_losses_ += loses ? 1 : 0;
}

}  // namespace vellum::plugins
