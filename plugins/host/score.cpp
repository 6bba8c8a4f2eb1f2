#include "plugins/host/score.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <vector>

#include "base/case_fold.h"
#include "base/digest.h"
#include "base/text.h"
#include "plugins/host/page.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// Words without case, accents and punctuation.
Words words_of(std::string_view text) {
  Words words(1);
  for (const char c : fold_to_ascii(text)) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    if (part) words.back() += c;
    if (!part && !words.back().empty()) words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

std::string plain(std::string_view text) {
  return join(words_of(text), " ");
}

// "Kim, Young Hwa" and "Young Hwa Kim" are one.
std::string person(std::string_view name) {
  Words words = words_of(name);
  std::sort(words.begin(), words.end());
  return join(words, " ");
}

// Share of words that two texts have in common (F1).
double overlap(std::string_view a, std::string_view b) {
  const Words left = words_of(a), right = words_of(b);
  std::map<std::string, int> counts;
  for (const std::string& word : left) ++counts[word];
  std::size_t common = 0;
  for (const std::string& word : right) common += counts[word]-- > 0 ? 1u : 0u;
  const std::size_t all = left.size() + right.size();
  return all == 0 ? 1.0 : 2.0 * static_cast<double>(common) / static_cast<double>(all);
}

// Whether two values of a field say the same.
bool alike(const std::string& field, const std::string& wanted, const std::string& got) {
  if (field == "abstract") return overlap(wanted, got) >= 0.95;
  if (field == "figures" || field == "references") return overlap(wanted, got) >= 0.85;
  return wanted == got;
}

std::string text_of_value(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? std::string() : value.dump();
}

// What of an item of a list is compared.
std::string text_of_item(const std::string& field, const Json& item, bool is_expected) {
  if (!item.is_object()) return field == "authors" ? person(text_of_value(item)) : plain(text_of_value(item));
  if (field == "authors") return person(text_of(item, "name"));
  if (field == "figures") return (is_expected ? "" : text_of(item, "label") + " ") + text_of(item, "caption");
  if (field == "tables") return plain(text_of(item, "label"));
  if (field == "references") return text_of(item, "text");
  return plain(text_of(item, field == "mesh" ? "term" : "title"));
}

std::vector<std::string> values_of(const std::string& field, const Json& value, bool is_expected) {
  std::vector<std::string> out;
  if (!value.is_array()) {
    const std::string text = text_of_value(value);
    const bool exact = field == "doi" || field == "pmid" || field == "pmcid" || field == "kind";
    if (!text.empty()) out.push_back(exact ? to_lower_ascii(text) : field == "abstract" ? text : plain(text));
    return out;
  }
  for (const Json& item : value) out.push_back(text_of_item(field, item, is_expected));
  const bool may_be_empty = field == "figures" || field == "tables" || field == "references";
  if (!may_be_empty) std::erase(out, "");
  return out;
}

std::vector<std::string> dois_of(const Json& references) {
  std::set<std::string> dois;
  for (const Json& one : references) dois.insert(to_lower_ascii(text_of(one, "doi")));
  dois.erase("");
  return {dois.begin(), dois.end()};
}

Json level_one(const Json& sections) {
  Json out = Json::array();
  for (const Json& section : sections) {
    if (integer_of(section, "level", 1) == 1) out.push_back(text_of(section, "title"));
  }
  return out;
}

Json field_of(const Json& record, const std::string& field) {
  const auto part = [&](const char* object, const std::string& key) {
    const Json whole = record.value(object, Json::object());
    return whole.contains(key) ? whole[key] : Json();
  };
  if (field == "doi" || field == "pmid" || field == "pmcid") return part("ids", field);
  if (field == "journal") return part("journal", "title");
  if (field == "cited_by") return part("cited_by", "count");
  if (field == "verdict") return part("verdict", "substance");
  if (field == "sections") return level_one(record.value("sections", Json::array()));
  if (field == "similar_pmids") {
    Json pmids = Json::array();
    for (const Json& one : record.value("similar", Json::array())) pmids.push_back(text_of(one, "pmid"));
    return pmids;
  }
  if (field != "abstract") return record.value(field, Json());
  std::string text;
  for (const Json& paragraph : record.value("abstract", Json::array())) text += text_of(paragraph, "text") + " ";
  return text.empty() ? Json() : Json(text);
}

// The same items in the same order.
bool is_whole(const std::string& field, const std::vector<std::string>& wanted, const std::vector<std::string>& got) {
  if (wanted.size() != got.size()) return false;
  std::size_t right = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) right += alike(field, wanted[i], got[i]) ? 1u : 0u;
  return field == "references" ? right * 20 >= wanted.size() * 19 : right == wanted.size();
}

// Each wanted value is found once at most, whatever the order.
std::size_t count_right(const std::string& field, const std::vector<std::string>& wanted,
                        std::vector<std::string> got) {
  std::size_t right = 0;
  for (const std::string& value : wanted) {
    const auto same = std::find_if(got.begin(), got.end(), [&](const auto& g) { return alike(field, value, g); });
    if (same == got.end()) continue;
    got.erase(same);
    ++right;
  }
  return right;
}

FieldScore score_field(const std::string& field, const Json& expected, const Json& record) {
  const Json found = field_of(record, field);
  std::vector<std::string> wanted = values_of(field, expected, true), got = values_of(field, found, false);
  if (field == "journal" && wanted != got) {
    const Json journal = record.value("journal", Json::object());
    const auto short_form = values_of(field, journal.value("abbreviation", Json()), false);
    if (short_form == wanted) got = wanted;
  }
  if (field == "verdict") {
    const bool blocked = expected == "blocked";
    const bool refused = Verdict{text_of_value(found), {}}.is_quarantined() || found == "other";
    wanted = {"as expected"};
    got = {blocked == refused ? "as expected" : "other"};
  }
  FieldScore score;
  score.pages = 1;
  score.whole = is_whole(field, wanted, got) ? 1 : 0;
  if (field == "references") {
    wanted = dois_of(expected);
    got = dois_of(found);
  }
  score.wanted = wanted.size();
  score.found = got.size();
  score.right = count_right(field == "references" ? "doi" : field, wanted, std::move(got));
  return score;
}

void add(FieldScore& sum, const FieldScore& score) {
  sum.wanted += score.wanted;
  sum.found += score.found;
  sum.right += score.right;
  sum.pages += score.pages;
  sum.whole += score.whole;
}

Result<PageInput> page_of(const Json& line, const fs::path& root) {
  VELLUM_TRY(Url url, Url::parse(text_of(line, "url")));
  const fs::path file = root / text_of(line, "file");
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(ErrorKind::kNotFound, "cannot open " + file.string());
  std::string body(std::istreambuf_iterator<char>(in), {});
  const Digest digest = sha256(body);
  return PageInput{Answer{std::move(url), Timestamp{}, digest, 200, HeaderBlock(), std::move(body), "page"}, {}};
}

}  // namespace

Result<ScoreBoard> score_plugins(const Registry& registry, const fs::path& expected) {
  std::ifstream in(expected);
  if (!in) return fail(ErrorKind::kNotFound, "cannot open " + expected.string());
  const fs::path root = fs::absolute(expected).parent_path().parent_path();
  ScoreBoard board;
  int number = 0;
  for (std::string text; std::getline(in, text);) {
    ++number;
    if (trim(text).empty()) continue;
    auto line = parse_json(text);
    const bool usable = line && line->is_object() && line->contains("expect") && (*line)["expect"].is_object();
    if (!usable) {
      return fail(ErrorKind::kInvalid, expected.string() + ":" + std::to_string(number) + ": no object with `expect`");
    }
    VELLUM_TRY(const PageInput input, page_of(*line, root));
    const Json record = registry.extract(input).record;
    VELLUM_TRY(const Extraction generic, registry.extract_with("org.vellum.generic", input));
    ++board.pages;
    for (const auto& [field, value] : (*line)["expect"].items()) {
      for (const std::string& site : {text_of(*line, "site"), std::string()}) {
        auto& row = board.rows[{site, field}];
        add(row.first, score_field(field, value, record));
        add(row.second, score_field(field, value, generic.record));
      }
    }
  }
  return board;
}

}  // namespace vellum::plugins
