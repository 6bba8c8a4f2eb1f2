// One article in three forms, as PMC showed it before and after October 2024 and as its OAI service gives it in JATS:
// the record is the same but for what is listed with its reason. Pages lie beside the project (../shared/data).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/article.h"
#include "base/text.h"
#include "plugins/host/registry.h"
#include "tests/plugins/host/pages.h"

namespace vellum::plugins {
namespace {

namespace fs = std::filesystem;
const fs::path kData = VELLUM_SOURCE_DIR "/../shared/data";

class ThreeForms : public testing::Test {
 public:
  void SetUp() override {
    if (!fs::exists(kData / "other/jats/Auto-CORPus__PMC8885717.xml")) GTEST_SKIP() << "skipped: no ../shared";
    auto registry = Registry::load({VELLUM_SOURCE_DIR "/plugins/sites"});
    ASSERT_TRUE(registry) << registry.error().message;
    legacy_ = read(*registry, "pages/pmc_legacy/PMC8885717_legacy.html", "2023-06-01",
                   "https://www.ncbi.nlm.nih.gov/pmc/articles/PMC8885717/");
    new_ = read(*registry, "pages/pmc_new/PMC8885717_new.html", "2025-02-01",
                "https://pmc.ncbi.nlm.nih.gov/articles/PMC8885717/");
    jats_ = read(*registry, "other/jats/Auto-CORPus__PMC8885717.xml", "2025-05-22",
                 "https://www.ncbi.nlm.nih.gov/pmc/oai/oai.cgi?verb=GetRecord");
  }

  static Json read(const Registry& registry, const char* file, const char* captured, const char* url) {
    std::ifstream in(kData / file, std::ios::binary);
    PageInput input = page(std::string(std::istreambuf_iterator<char>(in), {}), url);
    if (std::string(file).ends_with(".xml")) {
      input.page.headers = HeaderBlock("HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n\r\n");
    }
    input.page.captured = *parse_timestamp(captured);
    Extraction out = registry.extract(input);
    EXPECT_TRUE(article::faults(out.record).empty()) << file;
    return std::move(out.record);
  }

  static std::vector<std::string> each(const Json& record, const char* list, const char* key) {
    std::vector<std::string> out;
    for (const Json& item : record.value(list, Json::array())) out.push_back(text_of(item, key));
    return out;
  }

  // Letters and digits, so that dashes and blanks of the three printings do not tell, nor that the XML at hand was
  // encoded twice by whoever saved it.
  static std::string letters(std::string_view text) {
    std::string out;
    for (const char c : to_lower_ascii(text)) {
      if (std::isalnum(static_cast<unsigned char>(c)) != 0) out += c;
    }
    return out;
  }

  static std::string abstract_of(const Json& record) {
    std::string out;
    for (const std::string& text : each(record, "abstract", "text")) out += letters(text);
    return out;
  }

  Json legacy_, new_, jats_;
};

TEST_F(ThreeForms, SayWhatTheWorkIsAlike) {
  for (const Json* other : {&new_, &jats_}) {
    for (const char* key : {"kind", "title", "ids", "volume"}) {
      EXPECT_EQ(legacy_.value(key, Json()), other->value(key, Json())) << key << " of " << text_of(*other, "layout");
    }
    EXPECT_EQ(text_of(legacy_, "published").substr(0, 4), text_of(*other, "published").substr(0, 4));
    EXPECT_EQ(text_of(legacy_["journal"], "title"), text_of((*other)["journal"], "title"));
    const auto ours = each(legacy_, "authors", "name"), theirs = each(*other, "authors", "name");
    ASSERT_EQ(ours.size(), theirs.size());
    for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(letters(ours[i]), letters(theirs[i]));  // "M." and "M"
    EXPECT_EQ(abstract_of(legacy_), abstract_of(*other));
  }
}

TEST_F(ThreeForms, HoldTheSameReferencesFiguresAndTables) {
  for (const Json* other : {&new_, &jats_}) {
    const std::string layout = text_of(*other, "layout");
    const auto linked = each(legacy_, "references", "pmid"), given = each(*other, "references", "pmid");
    ASSERT_EQ(linked.size(), given.size()) << layout;
    for (std::size_t i = 0; i < linked.size(); ++i) {  // each form leaves out some that the others have
      EXPECT_TRUE(linked[i] == given[i] || linked[i].empty() || given[i].empty()) << layout << " " << i;
    }
    EXPECT_EQ(each(*other, "references", "doi"), each(jats_, "references", "doi")) << layout;
    for (const char* list : {"figures", "tables"}) {
      const auto ours = each(legacy_, list, "label"), theirs = each(*other, list, "label");
      ASSERT_EQ(ours.size(), theirs.size()) << list << layout;
      for (std::size_t i = 0; i < ours.size(); ++i) EXPECT_EQ(letters(ours[i]), letters(theirs[i])) << list << layout;
    }
  }
}

// "figures[3]/label" -> the letters of its value.
void flatten(const Json& value, const std::string& at, std::map<std::string, std::string>& out) {
  if (value.is_object()) {
    for (const auto& [key, member] : value.items()) flatten(member, at.empty() ? key : at + "/" + key, out);
  } else if (value.is_array()) {
    for (std::size_t i = 0; i < value.size(); ++i) flatten(value[i], at + "[" + std::to_string(i) + "]", out);
  } else {
    out[at] = ThreeForms::letters(value.is_string() ? value.get<std::string>() : value.dump());
  }
}

std::string without_numbers(const std::string& place) {
  std::string out;
  for (std::size_t i = 0; i < place.size(); ++i) {
    const bool in_brackets = !out.empty() && out.back() == '[' && place[i] != ']';
    if (!in_brackets) out += place[i];
  }
  return out;
}

// The fields in which two records differ, lists item by item, each with one place.
std::map<std::string, std::string> differences(const Json& left, const Json& right) {
  std::map<std::string, std::string> ours, theirs, fields;
  flatten(left, "", ours);
  flatten(right, "", theirs);
  for (const auto& [place, value] : ours) {
    const auto other = theirs.find(place);
    if (other == theirs.end() || other->second != value) fields.emplace(without_numbers(place), place);
  }
  for (const auto& [place, value] : theirs) {
    if (!ours.contains(place)) fields.emplace(without_numbers(place), place);
  }
  return fields;
}

// tests/data/plugins/host/pmc_forms.tsv says of each field in which the forms differ why: no other may, and what is no
// difference any more is taken out.
TEST_F(ThreeForms, DifferOnlyInWhatIsListedWithItsReason) {
  std::map<std::string, std::map<std::string, std::string>> explained;
  std::ifstream in(VELLUM_SOURCE_DIR "/tests/data/plugins/host/pmc_forms.tsv");
  for (std::string line; std::getline(in, line);) {
    const auto row = split(line, '\t');
    if (line.starts_with('#') || row.size() != 3) continue;
    EXPECT_FALSE(row[2].empty()) << line;
    explained[std::string(row[0])][std::string(row[1])] = row[2];
  }
  ASSERT_FALSE(explained.empty());
  for (const auto& [form, other] : {std::pair<std::string, const Json*>("new", &new_), {"jats", &jats_}}) {
    const auto found = differences(legacy_, *other);
    for (const auto& [field, place] : found) {
      EXPECT_TRUE(explained[form].contains(field)) << form << " differs at " << place << ": " << field;
    }
    for (const auto& [field, why] : explained[form]) {
      EXPECT_TRUE(found.contains(field)) << form << " does not differ in " << field << " any more";
    }
  }
}

}  // namespace
}  // namespace vellum::plugins
