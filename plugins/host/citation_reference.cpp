#include "plugins/host/citation_reference.h"

#include <string>
#include <utility>
#include <vector>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "plugins/host/citation_line.h"

namespace vellum::plugins {
namespace {

using Pair = std::pair<std::string, std::string>;

constexpr std::string_view kPrefix = "citation_";
constexpr std::size_t kLongestKey = 48;
constexpr std::size_t kLongestValue = 16 << 10;  // bytes; no reference is longer

// Where the next "citation_<name>=" begins that stands at the start or behind a semicolon.
std::size_t next_key(std::string_view value, std::size_t from) {
  for (std::size_t at = value.find(kPrefix, from); at != std::string_view::npos; at = value.find(kPrefix, at + 1)) {
    std::string_view before = trim(value.substr(0, at));
    std::string_view name = value.substr(at, kLongestKey);
    std::size_t end = name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_");
    bool named = end != std::string_view::npos && name[end] == '=';
    if (named && (before.empty() || before.back() == ';')) return at;
  }
  return std::string_view::npos;
}

std::vector<Pair> pairs_of(std::string_view value) {
  std::vector<Pair> pairs;
  std::size_t at = next_key(value, 0);
  while (at != std::string_view::npos && pairs.size() < 200) {
    std::size_t equals = value.find('=', at);
    std::size_t next = next_key(value, equals + 1);
    std::string_view text = trim(value.substr(equals + 1, next == std::string_view::npos ? next : next - equals - 1));
    while (!text.empty() && (text.back() == ';' || text.back() == ' ')) text.remove_suffix(1);
    std::string_view key = value.substr(at + kPrefix.size(), equals - at - kPrefix.size());
    if (!text.empty()) pairs.emplace_back(std::string(key), fold_space(text));
    at = next;
  }
  return pairs;
}

std::string first_of(const std::vector<Pair>& pairs, std::initializer_list<std::string_view> keys) {
  for (std::string_view key : keys) {
    for (const auto& [name, text] : pairs) {
      if (name == key) return text;
    }
  }
  return {};
}

void append(std::string& text, const std::string& part, std::string_view separator) {
  if (part.empty()) return;
  if (!text.empty()) text += separator;
  text += part;
}

// "Hayflick L, Moorhead PS. The serial cultivation ... Exp Cell Res. 1961;25:585-621."
std::string printed(const std::vector<Pair>& pairs) {
  std::vector<std::string> authors;
  for (const auto& [name, text] : pairs) {
    if (name == "author" || name == "authors") authors.push_back(text);
  }
  std::string text = join(authors, ", ");
  append(text, first_of(pairs, {"title"}), ". ");
  append(text, first_of(pairs, {"journal_title", "journal_abbrev", "inbook_title", "conference_title", "publisher"}),
         ". ");
  append(text, first_of(pairs, {"publication_date", "date", "year"}), ". ");
  append(text, first_of(pairs, {"volume"}), ";");
  std::string first = first_of(pairs, {"firstpage", "pages"});
  std::string last = first_of(pairs, {"lastpage"});
  append(text, last.empty() || last == first ? first : first + "-" + last, ":");
  return text;
}

}  // namespace

Json read_citation_reference(std::string_view value) {
  Json work = Json::object();
  value = value.substr(0, kLongestValue);
  std::vector<Pair> pairs = pairs_of(value);
  std::string text = pairs.empty() ? fold_space(value) : printed(pairs);
  if (text.empty()) return work;
  work["text"] = text;
  if (!pairs.empty()) work["title"] = first_of(pairs, {"title"});
  std::string named_doi = first_of(pairs, {"doi"});
  auto doi = normalise_doi(named_doi);
  if (!doi && pairs.empty()) {
    auto found = find_dois(value);
    if (!found.empty()) doi = found.front().doi;
  }
  if (doi) work["doi"] = *doi;
  if (auto pmid = normalise_pmid(first_of(pairs, {"pmid"}))) work["pmid"] = *pmid;
  std::string url = first_of(pairs, {"fulltext_html_url", "url"});
  if (!url.empty()) work["url"] = url;
  return work;
}

}  // namespace vellum::plugins
