#include "plugins/host/trial.h"

#include "plugins/host/field_reader.h"
#include "plugins/host/group_reader.h"
#include "plugins/host/native_reader.h"
#include "plugins/host/registry_impl.h"
#include "plugins/host/rule_extractor.h"

namespace vellum::plugins {
namespace {

// Tries the sources of one layout, one by one.
class Tryer {
 public:
  Tryer(const PageView& page, const Json& record) : fields_(page, record), groups_(page, fields_) {}

  void try_field(const std::string& name, const FieldRule& field, const Place* item) {
    bool found = false;
    for (const Source& source : field.sources) {
      FieldRule alone{field.shape, {source}};
      Reading reading = item ? fields_.read(alone, *item) : fields_.read(alone);
      bool chosen = !found && !reading.empty();
      found = found || chosen;
      out_.push_back({name, source.spelling, reading.values.size(), reading.first(), chosen});
    }
  }

  void try_group(const GroupRule& group) {
    std::string name(group.shape->name);
    std::vector<Place> chosen;
    for (const SelectorPtr& selector : group.items) {
      GroupRule alone = group;
      alone.items = {selector};
      alone.json_items.reset();
      std::vector<Place> items = groups_.items(alone);
      bool first = chosen.empty() && !items.empty();
      out_.push_back(
          {name + ".items", selector->text(), items.size(), items.empty() ? "" : items[0].node.text(), first});
      if (first) chosen = std::move(items);
    }
    if (chosen.empty() && group.json_items) {
      chosen = groups_.items(group);
      out_.push_back({name + ".json_items", group.json_items->spelling, chosen.size(), "", !chosen.empty()});
    }
    if (chosen.empty()) return;
    for (const FieldRule& field : group.fields) {
      try_field(name + "." + std::string(field.shape->name), field, &chosen.front());
    }
  }

  // What the library gave goes over what the rules found: it is chosen wherever it says something.
  void try_native(const Rule& rule, const PageView& page, const PageInput& input, Trial& trial) {
    NativeReading native = read_native(rule, page, input);
    trial.log = std::move(native.log);
    trial.fault = std::move(native.fault);
    for (const auto& [key, value] : native.record.items()) {
      for (SourceTrial& source : out_) source.chosen = source.chosen && !is_about(source.field, key);
      const Json& first = value.is_array() && !value.empty() ? value.front() : value;
      out_.push_back({key, "native", value.is_array() ? value.size() : 1,
                      first.is_string() ? first.get<std::string>() : to_line(first), true});
    }
    if (!trial.fault && !native.wanted) trial.log.emplace_back("the library does not want the page");
    for (const FragmentWish& wish : native.fragments) {
      out_.push_back({"fragments." + wish.reason, "native", 1, wish.url.href(), true});
    }
  }

  std::vector<SourceTrial> take() { return std::move(out_); }

 private:
  // "references.doi" is about "references".
  static bool is_about(const std::string& field, const std::string& key) {
    return field.starts_with(key) && (field.size() == key.size() || field[key.size()] == '.');
  }

  FieldReader fields_;
  GroupReader groups_;
  std::vector<SourceTrial> out_;
};

}  // namespace

Result<Trial> try_plugin(const Registry& registry, std::string_view plugin_id, const PageInput& input) {
  const Rule* rule = registry.impl().find(plugin_id);
  if (!rule) return registry.no_plugin(plugin_id);
  VELLUM_TRY(PageView page, PageView::parse(input.page));
  const Layout* layout = find_layout(*rule, page);
  if (!layout) return fail(ErrorKind::kNotFound, "no layout of " + rule->id + " fits the page");
  Json record = registry.impl().extract(input, rule, false).record;
  Tryer tryer(page, record);
  for (const FieldRule& field : layout->body.fields) tryer.try_field(std::string(field.shape->name), field, nullptr);
  for (const GroupRule& group : layout->body.groups) tryer.try_group(group);
  for (const FragmentRule& fragment : layout->body.fragments) {
    tryer.try_field("fragments." + fragment.reason, fragment.url, nullptr);
  }
  Trial trial{layout->name, {}, {}, std::nullopt};
  if (rule->native) tryer.try_native(*rule, page, input, trial);
  trial.sources = tryer.take();
  return trial;
}

}  // namespace vellum::plugins
