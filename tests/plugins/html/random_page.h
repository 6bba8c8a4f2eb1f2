// Pages and selectors made by chance, the same for the same seed everywhere (no distribution of the standard library is
// used, since these differ).

#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace vellum::html::test {

class Chance {
 public:
  explicit Chance(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t count) { return engine_() % count; }
  bool one_in(std::size_t count) { return below(count) == 0; }
  std::string_view pick(std::initializer_list<std::string_view> from) { return from.begin()[below(from.size())]; }
  std::string_view pick(const std::vector<std::string_view>& from) { return from[below(from.size())]; }

 private:
  std::mt19937 engine_;
};

// A well-formed tree of `elements` elements with few names, classes, ids and words, so that selectors hit.
inline std::string random_tree(Chance& chance, std::size_t elements) {
  std::string html;
  std::vector<std::string_view> open;
  for (std::size_t i = 0; i < elements; ++i) {
    while (!open.empty() && (open.size() > 12 || chance.one_in(3))) {
      html.append("</").append(open.back()).append(">");
      open.pop_back();
    }
    const std::string_view name = chance.pick({"div", "span", "section", "q", "ul", "ins"});
    html.append("<").append(name);
    if (chance.one_in(2)) html.append(" class='").append(chance.pick({"a", "b", "a b", "c a", "c"})).append("'");
    if (chance.one_in(6)) html.append(" id=").append(chance.pick({"x", "y", "z"}));
    if (chance.one_in(4))
      html.append(" title=\"").append(chance.pick({"one", "one two", "en-two", "ONE", ""})).append("\"");
    html.append(">");
    open.push_back(name);
    if (chance.one_in(3)) html.append(chance.pick({"red", " green ", "blue red", "\n", "<!-- c -->", "RED"}));
  }
  return html;
}

inline std::string random_selector(Chance& chance, int nesting = 0, bool may_have = true);

inline std::string random_pseudo(Chance& chance, int nesting, bool may_have) {
  switch (chance.below(nesting < 2 ? 12 : 9)) {
    case 0:
      return ":first-child";
    case 1:
      return ":last-child";
    case 2:
      return ":only-child";
    case 3:
      return ":first-of-type";
    case 4:
      return ":last-of-type";
    case 5:
      return ":empty";
    case 6:
      return std::string(":nth-child(").append(chance.pick({"2", "odd", "2n", "-n+3", "3n+2", "n+2"})) + ")";
    case 7:
      return std::string(":nth-of-type(").append(chance.pick({"1", "even", "2n+1", "-2n+5"})) + ")";
    case 8:
      return std::string(":has-text(\"").append(chance.pick({"red", "green", "blue red", "red green"})) + "\")";
    case 9:
      return ":is(" + random_selector(chance, nesting + 1, may_have) + ")";
    case 10:
      return ":not(" + random_selector(chance, nesting + 1, may_have) + ")";
    default:
      break;
  }
  if (!may_have) return ":matches-text(\"^red\")";
  const std::string relation(chance.pick({"", "> ", "+ ", "~ "}));
  return ":has(" + relation + random_selector(chance, nesting + 1, false) + ")";
}

inline std::string random_compound(Chance& chance, int nesting, bool may_have) {
  std::string text;
  if (chance.one_in(2)) text += chance.pick({"div", "span", "section", "q", "ul", "ins", "*", "none"});
  if (chance.one_in(3)) text.append(".").append(chance.pick({"a", "b", "c"}));
  if (chance.one_in(8)) text.append("#").append(chance.pick({"x", "y"}));
  if (chance.one_in(8)) {
    text += chance.pick({"[title]", "[title=one]", "[title~=two]", "[title|=en]", "[title^=o]", "[title$=two]",
                         "[title*=\"ne\" i]", "[class=a]"});
  }
  if (chance.one_in(3) || text.empty()) text += random_pseudo(chance, nesting, may_have);
  return text;
}

inline std::string random_selector(Chance& chance, int nesting, bool may_have) {
  std::string text = random_compound(chance, nesting, may_have);
  while (chance.one_in(2))
    text.append(chance.pick({" ", " > ", " + ", " ~ "})).append(random_compound(chance, nesting, may_have));
  if (chance.one_in(6)) text += ", " + random_selector(chance, nesting + 1, may_have);
  return text;
}

}  // namespace vellum::html::test
