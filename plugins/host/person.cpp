#include "plugins/host/person.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace vellum::plugins {
namespace {

bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}

std::string_view strip(std::string_view text, std::string_view characters) {
  std::size_t from = text.find_first_not_of(characters);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(characters) - from + 1);
}

// Degrees and titles that follow a comma in a byline, without dots.
bool is_degree(std::string_view part) {
  static constexpr std::array<std::string_view, 24> kDegrees = {
      "md", "phd",    "msc", "ms",  "ma",   "mph",   "mbbs", "mbchb", "bsc", "bs", "ba",     "dds",
      "do", "pharmd", "rn",  "mba", "frcp", "dphil", "dsc",  "facs",  "edd", "jd", "dr med", "dvm"};
  std::string word;
  for (char c : part) {
    if (c != '.') word += c;
  }
  word = to_lower_ascii(trim(word));
  return std::find(kDegrees.begin(), kDegrees.end(), word) != kDegrees.end();
}

bool is_generation(std::string_view part) {
  std::string word = to_lower_ascii(strip(part, " ."));
  return word == "jr" || word == "sr" || word == "ii" || word == "iii" || word == "iv" || word == "2nd" ||
         word == "3rd";
}

// Initials as MEDLINE writes them: "YH", "PC", "J".
bool is_initials(std::string_view word) {
  return !word.empty() && word.size() <= 4 && std::all_of(word.begin(), word.end(), is_upper);
}

bool is_group(std::string_view name) {
  static constexpr std::array<std::string_view, 16> kWords = {
      "group",         "consortium",    "collaboration", "committee", "network",     "investigators",
      "collaborators", "team",          "initiative",    "society",   "association", "task force",
      "study group",   "working party", "commission",    "registry"};
  std::string lower = to_lower_ascii(name);
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) {
    std::size_t at = lower.find(word);
    if (at == std::string::npos) return false;
    std::size_t end = at + word.size();
    bool starts = at > 0 && lower[at - 1] == ' ';
    return starts && (end == lower.size() || !std::isalpha(static_cast<unsigned char>(lower[end])));
  });
}

std::vector<std::string_view> comma_parts(std::string_view name) {
  std::vector<std::string_view> parts;
  for (std::string_view part : split(name, ',')) {
    part = trim(part);
    if (!part.empty() && !is_degree(part)) parts.push_back(part);
  }
  return parts;
}

// Marks of affiliations and correspondence that stick to a name: "Kim1,2*".
std::string without_marks(std::string_view text) {
  static constexpr std::string_view kSigns[] = {"\u2020", "\u2021", "\u00a7", "\u00b6", "\u2217", "\u2709"};
  std::string name = fold_space(text);
  for (std::string_view sign : kSigns) {
    for (std::size_t at = name.find(sign); at != std::string::npos; at = name.find(sign)) name.erase(at, sign.size());
  }
  std::string_view view = name;
  while (!view.empty() && std::string_view("0123456789*,;: ").find(view.back()) != std::string_view::npos) {
    view.remove_suffix(1);
  }
  if (starts_with_ignore_case(view, "by ")) view.remove_prefix(3);
  if (starts_with_ignore_case(view, "and ")) view.remove_prefix(4);
  if (view.size() > 2 && view.back() == '.' && !is_upper(view[view.size() - 2])) {
    bool generation = view.ends_with("Jr.") || view.ends_with("Sr.");
    if (!generation) view.remove_suffix(1);
  }
  return std::string(strip(view, " ,;"));
}

// "Woo PC" -> family "Woo", initials "PC"; empty family if the form is another.
std::pair<std::string, std::string> family_and_initials(std::string_view index_form) {
  std::size_t space = index_form.rfind(' ');
  if (space == std::string_view::npos || !is_initials(index_form.substr(space + 1))) return {};
  bool shouted =
      std::none_of(index_form.begin(), index_form.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c & 0x80); });
  if (shouted) return {};
  return {std::string(trim(index_form.substr(0, space))), std::string(index_form.substr(space + 1))};
}

void set_by_index_form(Json& person, const std::string& name, std::string_view index_form) {
  auto [family, initials] = family_and_initials(index_form);
  if (family.empty()) return;
  if (name == index_form) {
    person["given"] = initials;
    person["family"] = family;
    return;
  }
  std::size_t at = name.size() > family.size() ? name.size() - family.size() : 0;
  if (at == 0 || name[at - 1] != ' ' || !equals_ignore_case(std::string_view(name).substr(at), family)) return;
  person["given"] = name.substr(0, at - 1);
  person["family"] = name.substr(at);
}

bool is_no_name(std::string_view name) {
  if (name.empty() || starts_with_ignore_case(name, "et al")) return true;
  return std::none_of(name.begin(), name.end(),
                      [](char c) { return std::isalpha(static_cast<unsigned char>(c)) || (c & 0x80); });
}

}  // namespace

Json read_person(std::string_view text, std::string_view index_form) {
  static constexpr std::size_t kLongestName = 300;  // bytes; beyond it is a paragraph, not a name
  Json person = Json::object();
  if (text.size() > kLongestName) return person;
  std::string name = without_marks(text);
  if (is_no_name(name)) return person;
  if (is_group(name)) {
    person["name"] = name;
    person["collective"] = true;
    return person;
  }
  std::vector<std::string_view> parts = comma_parts(name);
  if (parts.empty()) return person;
  std::string suffix = parts.size() > 1 && is_generation(parts.back()) ? " " + std::string(parts.back()) : "";
  if (!suffix.empty()) parts.pop_back();
  if (parts.size() == 2) {
    person["name"] = std::string(parts[1]) + " " + std::string(parts[0]) + suffix;
    person["given"] = std::string(parts[1]);
    person["family"] = std::string(parts[0]) + suffix;
    return person;
  }
  std::string whole = std::string(parts[0]) + suffix;
  person["name"] = whole;
  set_by_index_form(person, whole, index_form.empty() ? std::string_view(whole) : index_form);
  return person;
}

std::vector<std::string> split_names(std::string_view list) {
  bool semicolons = list.find(';') != std::string_view::npos;
  std::vector<std::string_view> parts = split(list, semicolons ? ';' : ',');
  // "Smith, Jane" is one name: both parts are short of a full name of two words.
  bool one_name = !semicolons && parts.size() == 2 && trim(parts[0]).find(' ') == std::string_view::npos;
  if (one_name) return {std::string(trim(list))};
  std::vector<std::string> names;
  for (std::string_view part : parts) {
    std::string_view rest = trim(part);
    for (std::size_t at = rest.find(" and "); at != std::string_view::npos; at = rest.find(" and ")) {
      names.emplace_back(trim(rest.substr(0, at)));
      rest = trim(rest.substr(at + 5));
    }
    if (starts_with_ignore_case(rest, "and ")) rest = trim(rest.substr(4));
    if (!rest.empty()) names.emplace_back(rest);
  }
  return names;
}

}  // namespace vellum::plugins
