#include "plugins/host/score.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "plugins/host/page.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

// Words without case and punctuation.
Words words_of(std::string_view text) {
  Words words(1);
  for (const char c : to_lower_ascii(text)) {
    const bool part = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
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

std::string text_of_value(const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  return value.is_null() ? std::string() : value.dump();
}

// The values that a field has, as they are compared.
std::vector<std::string> values_of(const std::string& field, const Json& value) {
  std::vector<std::string> out;
  if (!value.is_array()) {
    const std::string text = text_of_value(value);
    if (!text.empty()) out.push_back(plain(text));
    return out;
  }
  for (const Json& item : value) {
    std::string text = item.is_object() ? "" : text_of_value(item);
    for (const char* key : {"name", "term", "label", "title", "text", "pmid"}) {
      if (text.empty() && item.is_object()) text = text_of(item, key);
    }
    if (field == "references") text = item.is_object() ? text_of(item, "doi") : text;
    out.push_back(field == "references" ? to_lower_ascii(text) : field == "authors" ? person(text) : plain(text));
  }
  out.erase(std::remove(out.begin(), out.end(), ""), out.end());
  return out;
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

FieldScore score_field(const std::string& field, const Json& expected, const Json& record) {
  FieldScore score;
  const Json found = field_of(record, field);
  if (field == "abstract") {
    const std::string text = text_of_value(found);
    score.wanted = 1;
    score.found = text.empty() ? 0 : 1;
    score.right = overlap(text_of_value(expected), text) >= 0.95 ? 1 : 0;
    return score;
  }
  std::vector<std::string> wanted = values_of(field, expected), got = values_of(field, found);
  if (field == "journal" && wanted != got) {  // the abbreviation will do
    const auto short_form = values_of(field, record.value("journal", Json::object()).value("abbreviation", Json()));
    if (short_form == wanted) got = wanted;
  }
  if (field == "verdict") {
    const bool blocked = expected == "blocked";
    const bool refused = Verdict{text_of_value(found), {}}.is_quarantined() || found == "other";
    wanted = {"as expected"};
    got = {blocked == refused ? "as expected" : "other"};
  }
  score.wanted = wanted.size();
  score.found = got.size();
  std::map<std::string, int> counts;
  for (const std::string& value : wanted) ++counts[value];
  for (const std::string& value : got) score.right += counts[value]-- > 0 ? 1u : 0u;
  return score;
}

void add(FieldScore& sum, const FieldScore& score) {
  sum.wanted += score.wanted;
  sum.found += score.found;
  sum.right += score.right;
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
