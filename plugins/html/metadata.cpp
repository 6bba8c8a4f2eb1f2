#include "plugins/html/metadata.h"

#include <algorithm>

#include "base/text.h"
#include "plugins/html/document_tree.h"

namespace vellum::html {
namespace {

// Names may stand in any of these, and RDFa and microdata allow several in one.
constexpr std::string_view kNameAttributes[] = {"name", "property", "itemprop"};

bool is_json_ld(std::string_view type) {
  return equals_ignore_case(trim(type.substr(0, type.find(';'))), "application/ld+json");
}

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text = trim(text.substr(prefix.size()));
  return true;
}

bool drop_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text = trim(text.substr(0, text.size() - suffix.size()));
  return true;
}

// Publishers wrap the block for parsers of long ago: <!-- -->, // <![CDATA[ ]]>, a semicolon at the end.
std::string_view unwrap(std::string_view block) {
  block = trim(block);
  for (const std::string_view opener : {"//", "/*", "<!--", "<![CDATA[", "*/"}) drop_prefix(block, opener);
  for (const std::string_view closer : {"*/", "-->", "]]>", "//", "/*", ";"}) drop_suffix(block, closer);
  return block;
}

// Line feeds and tabs inside strings are the most usual fault; as blanks they do no harm outside of them either.
Result<Json> parse_leniently(std::string_view block) {
  Result<Json> value = parse_json(block);
  if (value) return value;
  std::string cleaned(block);
  std::replace_if(
      cleaned.begin(), cleaned.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
  return parse_json(cleaned);
}

// parse_json bounds the depth, so recursion is safe.
void flatten(Json value, std::vector<Json>& out) {
  if (value.is_array()) {
    for (Json& item : value) flatten(std::move(item), out);
    return;
  }
  if (!value.is_object()) return;
  const auto graph = value.find("@graph");
  if (graph == value.end()) {
    out.push_back(std::move(value));
    return;
  }
  Json items = std::move(*graph);
  value.erase("@graph");
  value.erase("@context");
  if (!value.empty() && value.contains("@type")) out.push_back(std::move(value));
  flatten(std::move(items), out);
}

// Nature's pages of before 2012 write letters that ASCII lacks as "Kn|[ouml]|pfel".
std::string plain_content(std::string content) {
  for (std::size_t at = content.find("|["); at != std::string::npos; at = content.find("|[", at + 1)) {
    const std::size_t end = content.find("]|", at);
    if (end == std::string::npos) break;
    const std::string name = content.substr(at + 2, end - at - 2);
    const std::string letter = name.size() < 10 ? unescape_html("&" + name + ";") : std::string();
    if (!letter.empty() && letter.front() != '&') content.replace(at, end + 2 - at, letter);
  }
  return content;
}

}  // namespace

Metadata::Metadata(const Document& page) {
  const Document::Tree& tree = page.tree();
  for (const std::uint32_t index : tree.by_name.of(tree.atoms.find("meta"))) {
    const Node meta = page.node(index);
    const std::string content = plain_content(fold_space(meta.attribute("content").value_or("")));
    if (content.empty()) continue;
    for (const std::string_view attribute : kNameAttributes) {
      const std::string names = to_lower_ascii(fold_space(meta.attribute(attribute).value_or("")));
      if (names.empty()) continue;
      if (attribute == "name") {
        entries_.emplace_back(names, content);
      } else {
        for (const std::string_view name : split(names, ' ')) entries_.emplace_back(name, content);
      }
    }
  }
}

std::vector<std::string> Metadata::all(std::string_view name) const {
  std::vector<std::string> values;
  for (const auto& [key, value] : entries_) {
    if (equals_ignore_case(key, name)) values.push_back(value);
  }
  return values;
}

std::string Metadata::first(std::string_view name) const {
  const auto found = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const auto& entry) { return equals_ignore_case(entry.first, name); });
  return found == entries_.end() ? "" : found->second;
}

std::vector<Json> json_ld(const Document& page) {
  std::vector<Json> objects;
  const Document::Tree& tree = page.tree();
  for (const std::uint32_t index : tree.by_name.of(tree.atoms.find("script"))) {
    const Node script = page.node(index);
    if (!is_json_ld(script.attribute("type").value_or(""))) continue;
    const std::string block = script.raw_text();
    Result<Json> value = parse_leniently(unwrap(block));
    if (value) flatten(std::move(*value), objects);
  }
  return objects;
}

}  // namespace vellum::html
