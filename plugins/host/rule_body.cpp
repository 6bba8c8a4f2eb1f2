#include "plugins/host/rule_body.h"

#include <algorithm>
#include <iterator>

#include "base/article.h"
#include "base/link.h"
#include "base/text.h"

namespace vellum::plugins {
namespace {

const std::vector<std::string> kKinds = {"article", "search", "issue", "journal", "book", "file", "other"};
const std::vector<std::string> kRels = {"self",       "reference", "fulltext", "pdf",
                                        "supplement", "dataset",   "related",  "share"};
const std::vector<std::string> kVerdicts = {"article", "abstract", "listing",   "login", "captcha",
                                            "block",   "soft-404", "truncated", "stub",  "other"};
const std::vector<std::string> kPlaceKeys = {"css", "page", "before", "after", "up", "meta", "json", "path", "const"};

const std::vector<std::string>& source_keys() {
  static const std::vector<std::string> keys = {"css",   "page",  "before", "after",   "up",    "meta",  "json",
                                                "path",  "const", "attr",   "without", "match", "split", "format",
                                                "clean", "join",  "in",     "var",     "lead",  "star"};
  return keys;
}

std::vector<std::string> place_words() {
  return {std::begin(kLinkPlaces), std::end(kLinkPlaces)};
}

template <class Item, class Same>
Item& slot(std::vector<Item>& items, Same same) {
  auto it = std::find_if(items.begin(), items.end(), same);
  return it == items.end() ? items.emplace_back() : *it;
}

FieldRule& slot_for(std::vector<FieldRule>& fields, const FieldShape& shape) {
  FieldRule& rule = slot(fields, [&](const FieldRule& f) { return f.shape == &shape; });
  rule.shape = &shape;
  return rule;
}

std::string item_of(const std::string& pointer, std::size_t index) {
  return pointer + "/" + std::to_string(index);
}

// "journal" where "journal.title" is a field.
bool is_namespace(const std::string& name) {
  auto fields = record_fields();
  return std::any_of(fields.begin(), fields.end(), [&](const FieldShape& f) { return f.name.starts_with(name + "."); });
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  std::string near = nearest_word(word, known);
  return near.empty() ? std::string() : ", did you mean `" + near + "`?";
}

}  // namespace

std::vector<std::string> BodyReader::keys() {
  std::vector<std::string> keys = {"kind",      "fields",           "links",        "fragments",
                                   "substance", "not_from_generic", "generic_first"};
  for (const GroupShape& group : record_groups()) keys.emplace_back(group.name);
  return keys;
}

const Json* BodyReader::find(const std::string& pointer) const {
  const Json* at = &toml_.root();
  if (pointer.empty()) return at;
  for (std::string_view step : split(std::string_view(pointer).substr(1), '/')) {
    if (at->is_array()) {
      std::size_t index = std::stoul(std::string(step));
      if (index >= at->size()) return nullptr;
      at = &(*at)[index];
    } else {
      auto it = at->is_object() ? at->find(std::string(step)) : at->end();
      if (!at->is_object() || it == at->end()) return nullptr;
      at = &*it;
    }
  }
  return at;
}

Result<std::string> BodyReader::text(const std::string& pointer) const {
  const Json* value = find(pointer);
  if (!value || !value->is_string()) return toml_.complaint(pointer, "must be a text");
  return value->get<std::string>();
}

Result<std::vector<std::string>> BodyReader::texts(const std::string& pointer) const {
  const Json* value = find(pointer);
  std::vector<std::string> out;
  if (value && value->is_string()) return std::vector<std::string>{value->get<std::string>()};
  if (!value || !value->is_array()) return toml_.complaint(pointer, "must be a text or a list of texts");
  for (std::size_t i = 0; i < value->size(); ++i) {
    VELLUM_TRY(std::string one, text(item_of(pointer, i)));
    out.push_back(std::move(one));
  }
  return out;
}

Result<std::string> BodyReader::word(const std::string& pointer, const std::vector<std::string>& known) const {
  VELLUM_TRY(std::string value, text(pointer));
  if (std::find(known.begin(), known.end(), value) != known.end()) return value;
  return toml_.complaint(pointer, "`" + value + "` is none of " + join(known, ", ") + did_you_mean(value, known));
}

Result<SelectorPtr> BodyReader::selector(const std::string& pointer) const {
  VELLUM_TRY(std::string css, text(pointer));
  auto compiled = html::Selector::compile(css);
  if (!compiled) return toml_.complaint(pointer, "bad selector `" + css + "`: " + compiled.error().message);
  return SelectorPtr(std::make_shared<const html::Selector>(std::move(*compiled)));
}

Result<std::vector<SelectorPtr>> BodyReader::selectors(const std::string& pointer) const {
  const Json* value = find(pointer);
  std::vector<SelectorPtr> out;
  if (value && value->is_array()) {
    for (std::size_t i = 0; i < value->size(); ++i) {
      VELLUM_TRY(SelectorPtr one, selector(item_of(pointer, i)));
      out.push_back(std::move(one));
    }
    return out;
  }
  VELLUM_TRY(SelectorPtr one, selector(pointer));
  out.push_back(std::move(one));
  return out;
}

Result<Pattern> BodyReader::pattern(const std::string& pointer) const {
  VELLUM_TRY(std::string source, text(pointer));
  auto compiled = Pattern::compile(source);
  if (!compiled) return toml_.complaint(pointer, compiled.error().message);
  return std::move(*compiled);
}

Result<void> BodyReader::read(const std::string& pointer, Body& body) const {
  if (find(pointer + "/kind")) {
    VELLUM_TRY(body.kind, word(pointer + "/kind", kKinds));
  }
  VELLUM_CHECK(read_record_keys(pointer + "/not_from_generic", body.not_from_generic));
  VELLUM_CHECK(read_record_keys(pointer + "/generic_first", body.generic_first));
  VELLUM_CHECK(read_fields(pointer + "/fields", body));
  for (const GroupShape& group : record_groups()) {
    VELLUM_CHECK(read_group(pointer + "/" + std::string(group.name), group, body));
  }
  VELLUM_CHECK(read_links(pointer + "/links", body));
  VELLUM_CHECK(read_fragments(pointer + "/fragments", body));
  return read_substance(pointer + "/substance", body);
}

Result<void> BodyReader::read_record_keys(const std::string& pointer, std::vector<std::string>& keys) const {
  if (!find(pointer)) return {};
  VELLUM_TRY(keys, texts(pointer));
  for (std::size_t i = 0; i < keys.size(); ++i) {
    VELLUM_CHECK(word(item_of(pointer, i), article::field_names()));
  }
  return {};
}

Result<void> BodyReader::read_fields(const std::string& pointer, Body& body) const {
  if (!find(pointer)) return {};
  return read_namespace(pointer, "", body);
}

// Dotted keys are nested tables in TOML: journal.title = ... is {journal: {title: ...}}.
Result<void> BodyReader::read_namespace(const std::string& pointer, const std::string& prefix, Body& body) const {
  const Json* table = find(pointer);
  if (!table->is_object()) return toml_.complaint(pointer, "must be a table");
  for (const auto& [key, value] : table->items()) {
    std::string name = prefix + key;
    std::string at = pointer_to(pointer, key);
    const FieldShape* shape = find_field(record_fields(), name);
    bool nested = value.is_object() && is_namespace(name) &&
                  std::none_of(kPlaceKeys.begin(), kPlaceKeys.end(),
                               [&, &v = value](const std::string& k) { return v.contains(k); });
    if (nested) {
      VELLUM_CHECK(read_namespace(at, name + ".", body));
      continue;
    }
    if (!shape) {
      std::string near = did_you_mean(name, names_of(record_fields()));
      return toml_.complaint(at, "unknown field `" + name + "`" + near);
    }
    VELLUM_TRY(slot_for(body.fields, *shape), field(at, *shape));
  }
  return {};
}

Result<FieldRule> BodyReader::field(const std::string& pointer, const FieldShape& shape) const {
  FieldRule rule;
  rule.shape = &shape;
  const Json* value = find(pointer);
  if (value && value->is_array()) {
    for (std::size_t i = 0; i < value->size(); ++i) {
      VELLUM_TRY(rule.sources.emplace_back(), source(item_of(pointer, i)));
    }
    return rule;
  }
  VELLUM_TRY(rule.sources.emplace_back(), source(pointer));
  return rule;
}

Result<Source> BodyReader::source(const std::string& pointer) const {
  Source out;
  const Json* value = find(pointer);
  if (value && value->is_string()) {
    out.from = Source::From::kCss;
    out.spelling = value->get<std::string>();
    VELLUM_TRY(out.selector, selector(pointer));
    return out;
  }
  if (!value || !value->is_object()) return toml_.complaint(pointer, "must be a selector, a table or a list of them");
  VELLUM_CHECK(toml_.check_keys(pointer, source_keys()));
  auto places =
      std::count_if(kPlaceKeys.begin(), kPlaceKeys.end(), [&](const std::string& k) { return value->contains(k); });
  if (places > 1) return toml_.complaint(pointer, "says more than one of " + join(kPlaceKeys, ", "));
  out.spelling = to_line(*value);
  VELLUM_CHECK(read_place(pointer, out));
  VELLUM_CHECK(read_steps(pointer, out));
  return out;
}

Result<void> BodyReader::read_place(const std::string& pointer, Source& source) const {
  using From = Source::From;
  static constexpr std::pair<const char*, From> kSelectors[] = {{"/css", From::kCss},
                                                                {"/page", From::kPage},
                                                                {"/before", From::kBefore},
                                                                {"/after", From::kAfter},
                                                                {"/up", From::kUp}};
  static constexpr std::pair<const char*, From> kNames[] = {
      {"/meta", From::kMeta}, {"/json", From::kJson}, {"/const", From::kConst}};
  for (const auto& [key, from] : kSelectors) {
    if (!find(pointer + key)) continue;
    source.from = from;
    VELLUM_TRY(source.selector, selector(pointer + key));
  }
  for (const auto& [key, from] : kNames) {
    if (!find(pointer + key)) continue;
    source.from = from;
    VELLUM_TRY(source.name, text(pointer + key));
  }
  if (find(pointer + "/path")) {
    source.from = From::kPath;
    VELLUM_TRY(source.path, pattern(pointer + "/path"));
  }
  for (const char* key : {"/in", "/var"}) {
    if (find(pointer + key) && source.from != From::kJson) {
      return toml_.complaint(pointer + key, "`" + std::string(key + 1) + "` goes with `json`");
    }
  }
  if (find(pointer + "/in")) {
    VELLUM_TRY(source.in, selector(pointer + "/in"));
  }
  if (!find(pointer + "/var")) return {};
  VELLUM_TRY(source.variable, text(pointer + "/var"));
  if (source.variable.empty()) return toml_.complaint(pointer + "/var", "must name a variable");
  return {};
}

Result<void> BodyReader::read_steps(const std::string& pointer, Source& source) const {
  for (const auto& [key, to] : {std::pair("/attr", &source.attribute), std::pair("/split", &source.split),
                                std::pair("/format", &source.format)}) {
    if (find(pointer + key)) {
      VELLUM_TRY(*to, text(pointer + key));
    }
  }
  for (const auto& [key, to] :
       {std::pair("/without", &source.without), std::pair("/lead", &source.lead), std::pair("/star", &source.star)}) {
    if (find(pointer + key)) {
      VELLUM_TRY(*to, selector(pointer + key));
    }
  }
  if (find(pointer + "/match")) {
    VELLUM_TRY(source.match, pattern(pointer + "/match"));
  }
  if (find(pointer + "/join")) {
    VELLUM_TRY(source.join, text(pointer + "/join"));
  }
  if (!find(pointer + "/clean")) return {};
  VELLUM_TRY(std::vector<std::string> names, texts(pointer + "/clean"));
  for (const std::string& name : names) {
    const Cleaner* cleaner = find_cleaner(name);
    std::vector<std::string> known;
    for (const Cleaner& c : all_cleaners()) known.emplace_back(c.name);
    if (!cleaner) {
      return toml_.complaint(pointer + "/clean", "unknown clean-up step `" + name + "`" + did_you_mean(name, known));
    }
    source.clean.push_back(cleaner);
  }
  return {};
}

Result<void> BodyReader::read_group(const std::string& pointer, const GroupShape& shape, Body& body) const {
  const Json* table = find(pointer);
  if (!table) return {};
  std::vector<std::string> known = names_of(shape.fields);
  known.insert(known.begin(), {"items", "json_items", "skip"});
  VELLUM_CHECK(toml_.check_keys(pointer, known));
  GroupRule& group = slot(body.groups, [&](const GroupRule& g) { return g.shape == &shape; });
  group.shape = &shape;
  if (table->contains("items")) {
    VELLUM_TRY(group.items, selectors(pointer + "/items"));
  }
  if (table->contains("skip")) {
    VELLUM_TRY(group.skip, selector(pointer + "/skip"));
  }
  if (table->contains("json_items")) {
    VELLUM_TRY(group.json_items, source(pointer + "/json_items"));
    if (group.json_items->from != Source::From::kJson) return toml_.complaint(pointer + "/json_items", "needs `json`");
  }
  const bool has_items = !group.items.empty() || group.json_items;
  if (!has_items) return toml_.complaint(pointer, "needs `items`, the selector of the repeated part");
  for (const FieldShape& field_shape : shape.fields) {
    std::string at = pointer + "/" + std::string(field_shape.name);
    if (!find(at)) continue;
    VELLUM_TRY(slot_for(group.fields, field_shape), field(at, field_shape));
  }
  return {};
}

// A layout's own link rules come before those that it inherits.
Result<void> BodyReader::read_links(const std::string& pointer, Body& body) const {
  const Json* list = find(pointer);
  if (!list) return {};
  if (!list->is_array()) return toml_.complaint(pointer, "must be [[links]], a list of tables");
  std::vector<LinkRule> own;
  for (std::size_t i = 0; i < list->size(); ++i) {
    std::string at = item_of(pointer, i);
    VELLUM_CHECK(toml_.check_keys(at, {"css", "place", "rel", "name"}));
    LinkRule link;
    VELLUM_TRY(link.selector, selector(at + "/css"));
    VELLUM_TRY(link.place, word(at + "/place", place_words()));
    if (find(at + "/rel")) {
      VELLUM_TRY(link.rel, word(at + "/rel", kRels));
    }
    link.name = link.place;
    if (find(at + "/name")) {
      VELLUM_TRY(link.name, text(at + "/name"));
    }
    link.name = plugin_id_ + ".links." + link.name;
    own.push_back(std::move(link));
  }
  body.links.insert(body.links.begin(), std::make_move_iterator(own.begin()), std::make_move_iterator(own.end()));
  return {};
}

Result<void> BodyReader::read_fragments(const std::string& pointer, Body& body) const {
  static constexpr FieldShape kUrlField = {"url", Shape::kUrl};
  static constexpr FieldShape kCountField = {"count", Shape::kInteger, "int"};
  const Json* list = find(pointer);
  if (!list) return {};
  if (!list->is_array()) return toml_.complaint(pointer, "must be [[fragments]], a list of tables");
  for (std::size_t i = 0; i < list->size(); ++i) {
    std::string at = item_of(pointer, i);
    VELLUM_CHECK(toml_.check_keys(at, {"reason", "url", "joins", "count"}));
    VELLUM_TRY(std::string reason, text(at + "/reason"));
    FragmentRule& fragment = slot(body.fragments, [&](const FragmentRule& f) { return f.reason == reason; });
    fragment.reason = reason;
    VELLUM_TRY(fragment.url, field(at + "/url", kUrlField));
    if (find(at + "/joins")) {
      VELLUM_TRY(fragment.joins, word(at + "/joins", {"references"}));
    }
    if (find(at + "/count")) {
      VELLUM_TRY(fragment.count, field(at + "/count", kCountField));
    }
  }
  return {};
}

Result<void> BodyReader::read_substance(const std::string& pointer, Body& body) const {
  const Json* list = find(pointer);
  if (!list) return {};
  if (!list->is_array()) return toml_.complaint(pointer, "must be [[substance]], a list of tables");
  std::vector<SubstanceRule> own;
  for (std::size_t i = 0; i < list->size(); ++i) {
    std::string at = item_of(pointer, i);
    VELLUM_CHECK(toml_.check_keys(at, {"verdict", "css", "title", "text", "because"}));
    SubstanceRule rule;
    VELLUM_TRY(rule.verdict, word(at + "/verdict", kVerdicts));
    if (find(at + "/css")) {
      VELLUM_TRY(rule.css, selector(at + "/css"));
    }
    if (find(at + "/title")) {
      VELLUM_TRY(rule.title, pattern(at + "/title"));
    }
    if (find(at + "/text")) {
      VELLUM_TRY(rule.text, pattern(at + "/text"));
    }
    if (find(at + "/because")) {
      VELLUM_TRY(rule.because, text(at + "/because"));
    }
    own.push_back(std::move(rule));
  }
  body.substance.insert(body.substance.begin(), std::make_move_iterator(own.begin()),
                        std::make_move_iterator(own.end()));
  return {};
}

}  // namespace vellum::plugins
