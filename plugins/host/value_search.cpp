#include "plugins/host/value_search.h"

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

#include "base/text.h"
#include "plugins/host/field_reader.h"
#include "plugins/host/selector_names.h"

namespace vellum::plugins {
namespace {

using html::Node;

constexpr std::size_t kMaxOccurrences = 24;
constexpr std::size_t kMaxFound = 6;
constexpr std::size_t kMaxSelectors = 24;    // tried for one element
constexpr std::size_t kMaxItems = 8;         // of a group that are looked for
constexpr std::size_t kShortestPart = 6;     // shorter values must be all that an element says
constexpr std::size_t kLongestSought = 200;  // of a value, folded: enough to tell a paragraph
constexpr std::size_t kLongestAttribute = 4096;
constexpr int kMaxJsonDepth = 12;

bool is_unread(Node node) {
  return node.is("script") || node.is("style") || node.is("noscript") || node.is("template") || node.is("head");
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

std::string sought(const std::string& spelling) {
  return folded(spelling).substr(0, kLongestSought);
}

bool is_said_by(const std::string& value, const std::string& wanted) {
  const std::string has = folded(value);
  return has == wanted || (wanted.size() == kLongestSought && has.starts_with(wanted));
}

SelectorPtr compiled(const std::string& text) {
  auto selector = html::Selector::compile(text);
  return selector ? std::make_shared<const html::Selector>(std::move(*selector)) : nullptr;
}

void walk_json(const Json& json, const std::string& path, int depth, const std::string& wanted,
               std::vector<FoundSource>& out) {
  if (depth > kMaxJsonDepth || out.size() >= kMaxFound) return;
  if (json.is_string() && is_said_by(json.get_ref<const std::string&>(), wanted)) {
    out.push_back({"{ json = " + quoted(path) + " }", json.get<std::string>(), false, true});
  } else if (json.is_object()) {
    for (const auto& [key, value] : json.items()) {
      walk_json(value, path.empty() ? key : path + "." + key, depth + 1, wanted, out);
    }
  } else if (json.is_array()) {
    for (const Json& value : json) walk_json(value, path + "[*]", depth + 1, wanted, out);
  }
}

bool knows(const std::vector<FoundSource>& found, const std::string& source) {
  return std::any_of(found.begin(), found.end(), [&](const FoundSource& f) { return f.source == source; });
}

}  // namespace

std::string folded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x80) {
      if (std::isalnum(c) != 0) out += static_cast<char>(std::tolower(c));
      ++i;
      continue;
    }
    const Utf8Step step = next_utf8(text.substr(i));
    const bool is_mark = step.code_point < 0xC0 || (step.code_point >= 0x2000 && step.code_point < 0x2070);
    if (!is_mark) out += text.substr(i, step.bytes);
    i += step.bytes;
  }
  return out;
}

ValueSearch::ValueSearch(const PageView& page) : page_(page) {
  fold_page();
}

void ValueSearch::fold_page() {
  const Node root = page_.document().root();
  std::vector<Node> open;
  const auto close_until = [&](Node parent) {
    while (!open.empty() && open.back() != parent) {
      end_[open.back().index()] = text_.size();
      open.pop_back();
    }
  };
  for (Node node = root.next_in_tree(root); node;) {
    close_until(node.parent());
    begin_.resize(std::max<std::size_t>(begin_.size(), node.index() + 1), 0);
    end_.resize(begin_.size(), 0);
    if (node.type() == html::NodeType::kText && !open.empty()) {
      const std::string part = folded(node.own_text());
      if (!part.empty()) chunks_.push_back({text_.size(), open.back().index()});
      text_ += part;
    }
    const bool is_read = node.is_element() && !is_unread(node);
    if (is_read) {
      begin_[node.index()] = end_[node.index()] = text_.size();
      open.push_back(node);
    }
    node = node.is_element() && !is_read ? next_after(node, root) : node.next_in_tree(root);
  }
  close_until({});
}

std::vector<ValueSearch::Holder> ValueSearch::holders(const std::string& wanted) const {
  std::vector<Holder> whole, part;
  if (wanted.empty()) return whole;
  std::size_t at = text_.find(wanted);
  for (std::size_t n = 0; at != std::string::npos && n < kMaxOccurrences; ++n, at = text_.find(wanted, at + 1)) {
    auto chunk = std::upper_bound(chunks_.begin(), chunks_.end(), at,
                                  [](std::size_t place, const Chunk& c) { return place < c.begin; });
    if (chunk == chunks_.begin()) continue;
    Node node = page_.document().node(std::prev(chunk)->element);
    const std::size_t until = at + wanted.size();
    while (node && node.is_element() && (begin_[node.index()] > at || end_[node.index()] < until)) node = node.parent();
    if (!node || !node.is_element()) continue;
    const auto is_whole = [&](Node element) {
      const bool is_cut = wanted.size() == kLongestSought;
      return begin_[element.index()] == at && (end_[element.index()] == until || is_cut);
    };
    if (!is_whole(node)) {
      if (wanted.size() >= kShortestPart) part.push_back({node, false});
      continue;
    }
    const std::size_t end = end_[node.index()];
    for (; node && node.is_element() && begin_[node.index()] == at && end_[node.index()] == end; node = node.parent()) {
      whole.push_back({node, true});
    }
  }
  whole.insert(whole.end(), part.begin(), part.end());
  return whole;
}

void ValueSearch::add_tried(Node node, const std::string& attribute, const std::string& wanted, const FieldShape& shape,
                            std::vector<FoundSource>& out) const {
  const Json none = Json::object();
  const FieldReader reader(page_, none);
  std::size_t tries = 0;
  for (const std::string& selector : selectors_in_context(node)) {
    if (++tries > kMaxSelectors) return;
    Source source;
    source.from = Source::From::kCss;
    source.selector = compiled(selector);
    source.attribute = attribute;
    if (!source.selector || source.selector->first(page_.document().root()) != node) continue;
    const std::string spelling =
        attribute.empty() ? quoted(selector) : "{ css = " + quoted(selector) + ", attr = " + quoted(attribute) + " }";
    const Reading reading = reader.read(FieldRule{&shape, {source}});
    const bool yields = is_said_by(reading.first(), wanted);
    if (reading.empty() || knows(out, spelling)) continue;
    out.push_back({spelling, reading.first(), true, yields});
    return;
  }
}

void ValueSearch::add_meta(const std::string& wanted, std::vector<FoundSource>& out) const {
  for (const auto& [name, value] : page_.metadata().entries()) {
    const std::string spelling = "{ meta = " + quoted(name) + " }";
    if (is_said_by(value, wanted) && !knows(out, spelling)) out.push_back({spelling, value, false, true});
  }
}

void ValueSearch::add_json(const std::string& wanted, std::vector<FoundSource>& out) const {
  for (const Json& object : page_.json_ld()) walk_json(object, "", 0, wanted, out);
}

void ValueSearch::add_elements(const std::string& wanted, const FieldShape& shape,
                               std::vector<FoundSource>& out) const {
  for (const Holder& holder : holders(wanted)) {
    if (out.size() >= kMaxFound) return;
    add_tried(holder.node, "", wanted, shape, out);
  }
}

// Identifiers and dates stand in addresses and attributes: href="https://doi.org/10.1/x", datetime="2019-01-03".
void ValueSearch::add_attributes(const std::string& wanted, const FieldShape& shape,
                                 std::vector<FoundSource>& out) const {
  if (wanted.size() < kShortestPart) return;
  const Node root = page_.document().root();
  std::size_t hits = 0;
  for (Node node = root; node && hits < kMaxFound; node = node.next_in_tree(root)) {
    if (!node.is_element() || node.is("meta") || node.is("script")) continue;
    for (const char* name : {"href", "datetime", "content", "data-doi", "value", "title"}) {
      const auto value = node.attribute(name);
      if (!value || value->size() > kLongestAttribute || folded(*value).find(wanted) == std::string::npos) continue;
      ++hits;
      add_tried(node, name, wanted, shape, out);
    }
  }
}

std::vector<FoundSource> ValueSearch::find(const std::vector<std::string>& spellings, const FieldShape& shape) const {
  std::vector<FoundSource> found;
  for (const std::string& spelling : spellings) {
    const std::string wanted = sought(spelling);
    if (wanted.empty()) continue;
    add_meta(wanted, found);
    add_elements(wanted, shape, found);
    add_attributes(wanted, shape, found);
    add_json(wanted, found);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const FoundSource& a, const FoundSource& b) { return a.yields_it > b.yields_it; });
  if (found.size() > kMaxFound) found.resize(kMaxFound);
  return found;
}

Node ValueSearch::holder_of_any(const std::vector<std::string>& spellings) const {
  for (const std::string& spelling : spellings) {
    const auto all = holders(sought(spelling));
    if (!all.empty()) return all.front().node;
  }
  return {};
}

std::vector<FoundItems> ValueSearch::find_items(const std::vector<std::vector<std::string>>& items) const {
  std::vector<Node> nodes;
  for (std::size_t i = 0; i < items.size() && i < kMaxItems; ++i) {
    if (const Node node = holder_of_any(items[i])) nodes.push_back(node);
  }
  std::vector<FoundItems> found;
  const Node root = page_.document().root();
  // The items themselves, then what is around them: `li` of a name in `li > a`.
  for (int up = 0; !nodes.empty() && up < 4; ++up) {
    for (const std::string& text : selectors_in_context(nodes.front())) {
      const SelectorPtr selector =
          text.starts_with('#') && text.find(' ') == std::string::npos && items.size() > 1 ? nullptr : compiled(text);
      if (!selector) continue;
      const std::size_t all = selector->select(root).size();
      const auto known = static_cast<std::size_t>(
          std::count_if(nodes.begin(), nodes.end(), [&](Node node) { return selector->matches(node); }));
      const bool fits = known * 2 > nodes.size() && all >= items.size() && all <= items.size() * 3 / 2 + 1;
      if (fits && found.size() < 3) found.push_back({text, all, known});
    }
    if (!found.empty()) break;
    for (Node& node : nodes) node = node.parent() && node.parent().is_element() ? node.parent() : node;
  }
  std::stable_sort(found.begin(), found.end(), [&](const FoundItems& a, const FoundItems& b) {
    return std::pair(a.items != items.size(), nodes.size() - a.known) <
           std::pair(b.items != items.size(), nodes.size() - b.known);
  });
  return found;
}

}  // namespace vellum::plugins
