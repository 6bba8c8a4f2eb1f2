#include "plugins/host/field_reader.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "base/text.h"

namespace vellum::plugins {
namespace {

using html::Node;

// How far `before` and `after` look among siblings, so that a page of a million paragraphs stays linear.
constexpr int kMaxSiblings = 128;
constexpr std::size_t kMaxValues = 20'000;

Node nearest_above(const html::Selector& selector, Node item) {
  for (Node node = item.parent(); node && node.is_element(); node = node.parent()) {
    if (selector.matches(node)) return node;
  }
  return {};
}

Node nearest_before(const html::Selector& selector, Node item) {
  Node sibling = item.previous_sibling();
  for (int i = 0; sibling && i < kMaxSiblings; ++i, sibling = sibling.previous_sibling()) {
    if (sibling.is_element() && selector.matches(sibling)) return sibling;
  }
  return {};
}

std::vector<Node> all_after(const html::Selector& selector, const Place& place) {
  std::vector<Node> out;
  Node sibling = place.node.next_sibling();
  for (int i = 0; sibling && sibling != place.until && i < kMaxSiblings; ++i, sibling = sibling.next_sibling()) {
    if (!sibling.is_element()) continue;
    if (selector.matches(sibling)) {
      out.push_back(sibling);
    } else {
      for (Node below : selector.select(sibling)) out.push_back(below);
    }
  }
  return out;
}

struct Step {
  std::string name;
  std::optional<std::size_t> index;
  bool every = false;
  std::string key, value;  // the objects of a list whose `key` is `value`
};

std::vector<Step> steps_of(std::string_view path) {
  std::vector<Step> steps;
  for (std::string_view part : split(path, '.')) {
    std::size_t bracket = part.find('[');
    Step step;
    step.name = std::string(part.substr(0, bracket));
    if (bracket != std::string_view::npos) {
      std::string_view inside = part.substr(bracket + 1);
      step.every = inside.starts_with('*');
      if (!step.every && !inside.empty() && std::isdigit(static_cast<unsigned char>(inside[0]))) {
        step.index = std::stoul(std::string(inside.substr(0, 6)));
      } else if (const std::size_t equals = inside.find('='); equals != std::string_view::npos) {
        step.key = std::string(inside.substr(0, equals));
        step.value = std::string(inside.substr(equals + 1, inside.rfind(']') - equals - 1));
      }
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

void descend(std::vector<const Json*>& values, const Step& step) {
  std::vector<const Json*> next;
  auto take = [&](const Json& value) {
    if (value.is_array() && !step.key.empty()) {
      for (const Json& item : value) {
        const auto it = item.is_object() ? item.find(step.key) : item.end();
        if (item.is_object() && it != item.end() && it->is_string() && *it == step.value) next.push_back(&item);
      }
    } else if (value.is_array() && step.every) {
      for (const Json& item : value) next.push_back(&item);
    } else if (value.is_array() && step.index) {
      if (*step.index < value.size()) next.push_back(&value[*step.index]);
    } else {
      next.push_back(&value);
    }
  };
  for (const Json* value : values) {
    const bool itself = step.name == "$" && !(value->is_object() && value->contains("$"));
    if (step.name.empty() || itself) {
      take(*value);
    } else if (value->is_object()) {
      auto it = value->find(step.name);
      if (it != value->end()) take(*it);
    }
  }
  values = std::move(next);
}

// From the first brace to the one that closes it; braces in texts do not count.
std::string_view balanced(std::string_view script) {
  const std::size_t from = script.find('{');
  std::size_t depth = 0;
  bool in_text = false;
  for (std::size_t i = from; i < script.size(); ++i) {
    const char c = script[i];
    if (in_text) {
      if (c == '\\') ++i;
      in_text = c != '"';
    } else if (c == '"') {
      in_text = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return script.substr(from, i - from + 1);
    }
  }
  return {};
}

// The object in a script: assigned to `variable`, or the script's first. Some sites write JSON into a text of JSON.
std::optional<Json> object_in(std::string_view script, const std::string& variable) {
  if (!variable.empty()) {
    const std::size_t at = script.find(variable);
    if (at == std::string_view::npos) return std::nullopt;
    script.remove_prefix(at + variable.size());
  }
  script = trim(script);
  if (script.starts_with('"')) {
    auto written = parse_json(script.substr(0, script.rfind('"') + 1));
    auto json = written && written->is_string() ? parse_json(written->get_ref<const std::string&>())
                                                : Result<Json>(fail(ErrorKind::kInvalid, "no JSON"));
    return json ? std::optional(std::move(*json)) : std::nullopt;
  }
  auto json = parse_json(balanced(script));
  return json ? std::optional(std::move(*json)) : std::nullopt;
}

std::vector<std::string> pieces(const std::string& value, const std::string& separator) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (out.size() < kMaxValues) {
    std::size_t end = value.find(separator, at);
    out.push_back(value.substr(at, end - at));
    if (end == std::string::npos) break;
    at = end + separator.size();
  }
  return out;
}

Cut left_out(const Source& source, const Place& place, Node node) {
  Cut cut;
  cut.shared = place.leave_out;
  if (source.without) add_matches(cut.own, *source.without, node);
  return cut;
}

std::optional<std::string> cleaned(const Source& source, const FieldShape& shape, std::string value) {
  if (source.match) {
    auto match = source.match->search(value);
    if (!match) return std::nullopt;
    // The value is what the first group that took part holds.
    std::string kept(match->text());
    for (std::size_t i = match->group_count(); i > 0; --i) {
      if (auto group = match->group(i)) kept = std::string(*group);
    }
    value = std::move(kept);
  }
  std::optional<std::string> out = std::move(value);
  for (const Cleaner* cleaner : source.clean) {
    out = cleaner->apply(*out);
    if (!out) return out;
  }
  if (!shape.clean.empty()) {
    out = find_cleaner(shape.clean)->apply(*out);
    if (!out) return out;
  }
  *out = fold_space(*out);
  return out->empty() ? std::nullopt : out;
}

}  // namespace

namespace {

std::vector<const Json*> places_at(const Json& json, std::string_view path) {
  std::vector<const Json*> values = {&json};
  for (const Step& step : steps_of(path)) descend(values, step);
  return values;
}

}  // namespace

std::vector<std::string> values_at(const Json& json, std::string_view path) {
  std::vector<std::string> out;
  for (const Json* value : places_at(json, path)) {
    if (value->is_string()) out.push_back(value->get<std::string>());
    if (value->is_number()) out.push_back(value->dump());
  }
  return out;
}

std::string record_text(const Json& record, std::string_view dotted_name) {
  auto values = values_at(record, dotted_name);
  return values.empty() ? std::string() : values.front();
}

Reading FieldReader::read(const FieldRule& rule, const Place& place) const {
  for (const Source& source : rule.sources) {
    Reading reading = read(source, *rule.shape, place);
    if (!reading.empty()) return reading;
  }
  return {};
}

Reading FieldReader::read(const Source& source, const FieldShape& shape, const Place& place) const {
  Reading reading;
  std::vector<std::string> raw = texts(source, place, shape.shape == Shape::kMarkup ? &reading.markup : nullptr);
  if (source.join) raw = {join(raw, *source.join)};
  for (const std::string& text : raw) {
    std::vector<std::string> parts = source.split.empty() ? std::vector{text} : pieces(text, source.split);
    for (std::string& part : parts) {
      auto value = cleaned(source, shape, std::move(part));
      if (value && !source.format.empty()) value = formatted(source.format, *value);
      if (value && !value->empty() && reading.values.size() < kMaxValues) reading.values.push_back(std::move(*value));
    }
  }
  bool as_it_stood = !source.match && source.split.empty() && source.format.empty() && !source.join;
  if (!as_it_stood || reading.empty()) reading.markup.clear();
  // A final dot that a step took from the text goes from the markup too.
  if (reading.markup.ends_with('.') && !reading.first().ends_with('.')) reading.markup.pop_back();
  return reading;
}

std::vector<Node> FieldReader::nodes(const Source& source, const Place& place) const {
  switch (source.from) {
    case Source::From::kSelf:
      return {place.node};
    case Source::From::kCss:
      return source.selector->select(place.node);
    case Source::From::kPage:
      return source.selector->select(page_.document().root());
    case Source::From::kAfter:
      return all_after(*source.selector, place);
    case Source::From::kBefore:
      if (Node node = nearest_before(*source.selector, place.node)) return {node};
      return {};
    case Source::From::kUp:
      if (Node node = nearest_above(*source.selector, place.node)) return {node};
      return {};
    default:
      return {};
  }
}

// Sets `markup`, unless null, to that of the first node.
std::vector<std::string> FieldReader::texts(const Source& source, const Place& place, std::string* markup) const {
  if (source.from == Source::From::kMeta) return page_.metadata().all(source.name);
  if (source.from == Source::From::kConst) return {source.name};
  if (source.from == Source::From::kPath) return path_values(source);
  if (source.from == Source::From::kJson) return json_values(source, place);
  if (place.json && source.from == Source::From::kSelf) return values_at(*place.json, "$");
  std::vector<std::string> out;
  for (Node node : nodes(source, place)) {
    out.push_back(node_value(source, place, node));
    if (out.size() == 1 && source.attribute.empty() && markup)
      *markup = inline_html_without(node, left_out(source, place, node));
  }
  return out;
}

std::string FieldReader::node_value(const Source& source, const Place& place, Node node) const {
  if (!source.attribute.empty()) return std::string(node.attribute(source.attribute).value_or(""));
  Cut without = left_out(source, place, node);
  std::string text = without.empty() ? node.text() : text_without(node, without);
  const Node lead = source.lead ? nearest_before(*source.lead, node) : Node();
  if (lead) text = lead.text() + " / " + text;
  if (source.star && node.is_element() && source.star->matches(node)) text += '*';
  return text;
}

std::vector<const Json*> FieldReader::json_items(const Source& source) const {
  std::vector<const Json*> out;
  for (const Json& object : objects_of(source)) {
    for (const Json* value : places_at(object, source.name)) {
      if (!value->is_array()) {
        out.push_back(value);
        continue;
      }
      for (const Json& item : *value) out.push_back(&item);
    }
  }
  return out;
}

std::vector<std::string> FieldReader::json_values(const Source& source, const Place& place) const {
  if (place.json && !source.in && source.variable.empty()) return values_at(*place.json, source.name);
  std::vector<std::string> out;
  for (const Json& object : objects_of(source)) {
    for (std::string& value : values_at(object, source.name)) out.push_back(std::move(value));
  }
  return out;
}

const std::vector<Json>& FieldReader::objects_of(const Source& source) const {
  if (!source.in && source.variable.empty()) return page_.json_ld();
  const auto [known, fresh] = scripts_.try_emplace({source.in ? source.in->text() : "", source.variable});
  if (!fresh) return known->second;
  const Node root = page_.document().root();
  static const auto kAnyScript = html::Selector::compile("script");
  VELLUM_ASSERT(kAnyScript.has_value(), "the selector is a constant");
  for (Node script : (source.in ? *source.in : *kAnyScript).select(root)) {
    if (auto object = object_in(script.raw_text(), source.variable)) known->second.push_back(std::move(*object));
  }
  return known->second;
}

std::vector<std::string> FieldReader::path_values(const Source& source) const {
  std::string path = page_.answer().url.path_and_query();
  auto match = source.path->search(path);
  if (!match) return {};
  return {std::string(match->group_count() > 0 ? match->group(1).value_or("") : match->text())};
}

// "" if a name in braces stands for nothing.
std::string FieldReader::formatted(const std::string& format, const std::string& value) const {
  std::string out;
  std::size_t at = 0;
  while (at < format.size()) {
    std::size_t open = format.find('{', at);
    std::size_t close = format.find('}', open == std::string::npos ? format.size() : open);
    out += format.substr(at, open - at);
    if (close == std::string::npos) break;
    std::string name = format.substr(open + 1, close - open - 1);
    std::string filled = name == "value" ? value : record_text(record_, name);
    if (filled.empty()) return {};
    out += filled;
    at = close + 1;
  }
  return out;
}

}  // namespace vellum::plugins
