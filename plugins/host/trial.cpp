#include "plugins/host/trial.h"

#include <algorithm>

#include "plugins/host/field_reader.h"
#include "plugins/host/generic_reader.h"
#include "plugins/host/group_reader.h"
#include "plugins/host/native_reader.h"
#include "plugins/host/registry_impl.h"
#include "plugins/host/rule_extractor.h"

namespace vellum::plugins {
namespace {

// Tries the sources of one layout, one by one.
class Tryer {
 public:
  Tryer(const PageView& page, const Json& record) : page_(page), fields_(page, record), groups_(page, fields_) {}

  void try_field(const std::string& name, const FieldRule& field, const Place* item) {
    bool found = false;
    for (const Source& source : field.sources) {
      FieldRule alone{field.shape, {source}};
      Reading reading = item ? fields_.read(alone, *item) : fields_.read(alone);
      bool chosen = !found && !reading.empty();
      found = found || chosen;
      const std::string first =
          reading.empty() && ends_at_list(source, field, item) ? "(a list: end the path with [*])" : reading.first();
      out_.push_back({name, source.spelling, reading.values.size(), first, chosen});
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

  // Rules that put links into their place, and those that say what the page is.
  void try_links(const std::vector<LinkRule>& links) {
    for (const LinkRule& link : links) {
      const auto found = link.selector->select(page_.document().root());
      add_rule("links." + link.place, link.selector->text(), found.size(), found.empty() ? "" : found[0].text(),
               !found.empty());
    }
  }

  void try_substance(const std::vector<SubstanceRule>& rules) {
    bool is_decided = false;
    for (const SubstanceRule& rule : rules) {
      const auto found = rule.css ? rule.css->select(page_.document().root()) : std::vector<html::Node>();
      const bool holds = (!rule.css || !found.empty()) && (!rule.title || rule.title->matches(page_.title())) &&
                         (!rule.text || rule.text->search(page_.document().body().text()));
      const std::string source = rule.css ? rule.css->text() : rule.because.empty() ? "title or text" : rule.because;
      add_rule("substance." + rule.verdict, source, holds ? 1 : 0, "", holds && !is_decided);
      is_decided = is_decided || holds;
    }
  }

  // The star goes to the generic reader where the record's value is its: fields that the rules leave out, and those
  // of `generic_first`.
  void try_generic(const Json& generic, const Json& record, const std::vector<std::string>& first) {
    for (const auto& [key, value] : generic.items()) {
      const bool goes_first = std::find(first.begin(), first.end(), key) != first.end();
      if (value.is_object()) {
        for (const auto& [inner, one] : value.items()) give_generic(key + "." + inner, one, record, goes_first);
      } else {
        give_generic(key, value, record, goes_first);
      }
    }
  }

  std::vector<SourceTrial> take() { return std::move(out_); }

 private:
  // A path to a list yields nothing, where its items would.
  bool ends_at_list(const Source& source, const FieldRule& field, const Place* item) {
    if (source.from != Source::From::kJson || source.name.ends_with(']')) return false;
    FieldRule items{field.shape, {source}};
    items.sources.front().name += "[*]";
    return !(item ? fields_.read(items, *item) : fields_.read(items)).empty();
  }

  void add_rule(std::string field, std::string source, std::size_t hits, std::string first, bool chosen) {
    out_.push_back({std::move(field), std::move(source), hits, std::move(first), chosen});
  }

  void give_generic(const std::string& field, const Json& value, const Json& record, bool goes_first) {
    const std::size_t dot = field.find('.');
    const std::string key = field.substr(0, dot), inner = dot == std::string::npos ? "" : field.substr(dot + 1);
    const bool has = record.contains(key) && (inner.empty() || record[key].contains(inner));
    if (!has || key == "kind" || value.empty()) return;
    const bool is_equal = (inner.empty() ? record[key] : record[key][inner]) == value;
    bool of_rules = false;
    for (SourceTrial& source : out_) {
      if (!is_about(source.field, field)) continue;
      if (goes_first) source.chosen = false;
      of_rules = of_rules || source.chosen;
    }
    if (of_rules || !(goes_first || is_equal)) return;
    const Json& one = value.is_array() ? value.front() : value;
    add_rule(field, "(generic)", value.is_array() ? value.size() : 1,
             one.is_string() ? one.get<std::string>() : to_line(one), true);
  }

  // "references.doi" is about "references".
  static bool is_about(const std::string& field, const std::string& key) {
    return field.starts_with(key) && (field.size() == key.size() || field[key.size()] == '.');
  }

  const PageView& page_;
  FieldReader fields_;
  GroupReader groups_;
  std::vector<SourceTrial> out_;
};

}  // namespace

Result<Trial> try_plugin(const Registry& registry, std::string_view plugin_id, const PageInput& input) {
  const Rule* rule = registry.impl().find(plugin_id);
  if (plugin_id == kGenericId) return fail(ErrorKind::kInvalid, "the generic reader has no rules to try");
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
  tryer.try_links(layout->body.links);
  tryer.try_substance(layout->body.substance);
  if (layout->body.kind == "article" || layout->body.kind == "book") {
    tryer.try_generic(read_generic(page), record, layout->body.generic_first);
  }
  if (rule->native) tryer.try_native(*rule, page, input, trial);
  trial.sources = tryer.take();
  return trial;
}

}  // namespace vellum::plugins
