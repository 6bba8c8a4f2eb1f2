#include "tools/demo/writing.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "tools/demo/words.h"

namespace vellum::demo {
namespace {

std::string capitalised(std::string text) {
  auto letter = text.starts_with('<') ? text.find('>') + 1 : 0;  // gene names keep their case
  if (letter == 0 && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

std::string thing(Random& chance, std::size_t topic) {
  return std::string(chance.pick(topics()[topic].things_html));
}
std::string process(Random& chance, std::size_t topic) {
  return std::string(chance.pick(topics()[topic].processes));
}

std::string escaped(std::string_view text) {
  return escape_html(text);
}

std::string background(Random& chance, std::size_t topic) {
  return fmt::format("{} is a hallmark of {}, but the part that {} play{} in it is poorly understood.",
                     capitalised(process(chance, topic)), topics()[topic].name, thing(chance, topic),
                     chance.percent(50) ? "" : "s");
}

std::string result(Random& chance, std::size_t topic) {
  return fmt::format("{} {} {}.", capitalised(process(chance, topic)), escaped(chance.pick(findings())),
                     chance.pick(settings()));
}

std::string paragraph(Random& chance, std::size_t topic, int sentences) {
  std::string text = background(chance, topic);
  for (int i = 1; i < sentences; ++i) text += " " + result(chance, topic);
  return text;
}

// "[<a href="#B4">4</a>]", or "" where there is nothing to cite.
std::string citation_mark(Random& chance, std::size_t references) {
  if (references == 0) return "";
  auto number = chance.below(references) + 1;
  return fmt::format(" [<a href=\"#B{0}\" class=\"usa-link\" aria-describedby=\"B{0}\">{0}</a>]", number);
}

}  // namespace

std::string write_title_html(Random& chance, std::size_t topic) {
  auto what = thing(chance, topic), how = process(chance, topic);
  std::string where(chance.pick(settings()));
  switch (chance.below(5)) {
    case 0:
      return fmt::format("{} and {} {}", capitalised(what), how, where);
    case 1:
      return fmt::format("The role of {} in {} {}", what, how, where);
    case 2:
      return fmt::format("{} {}: what {} tell us", capitalised(how), where, what);
    case 3:
      return fmt::format("Does {} explain {} {}?", what, how, where);
    default:
      return fmt::format("{} as a regulator of {}: a study {}", capitalised(what), how, where);
  }
}

std::vector<std::string> write_affiliations(Random& chance) {
  std::vector<std::string> chosen;
  for (auto count = chance.between(1, 3); count > 0; --count) {
    std::string place = std::string(chance.pick(institutions())) + ".";
    if (std::find(chosen.begin(), chosen.end(), place) == chosen.end()) chosen.push_back(std::move(place));
  }
  return chosen;
}

std::vector<Author> write_authors(Random& chance, std::size_t affiliations) {
  std::vector<Author> authors;
  for (auto count = chance.between(1, 7); count > 0; --count) {
    const auto& given = chance.pick(given_names());
    authors.push_back({std::string(given.name), std::string(chance.pick(family_names())), std::string(given.initials),
                       chance.below(affiliations), false});
  }
  if (authors.size() > 4 && chance.percent(30)) authors.push_back({"", "Demo Ageing Consortium", "", 0, true});
  return authors;
}

std::vector<Paragraph> write_abstract(Random& chance, std::size_t topic) {
  auto method = escaped(chance.pick(methods())) + ".";
  auto caution = escaped(chance.pick(cautions())) + ".";
  auto results = result(chance, topic) + " " + result(chance, topic);
  if (chance.percent(55)) return {{"", background(chance, topic) + " " + method + " " + results + " " + caution}};
  return {{"Background:", background(chance, topic)},
          {"Methods:", method},
          {"Results:", results},
          {"Conclusions:", caution}};
}

std::string write_caption_html(Random& chance, std::size_t topic) {
  return fmt::format("{} {}. (A) Controls. (B) Treated, {}. Bars show means and standard deviations; * P &lt; 0.05.",
                     capitalised(thing(chance, topic)), chance.pick(settings()), process(chance, topic));
}

std::vector<Section> write_sections(Random& chance, std::size_t topic, std::size_t references) {
  std::vector<Section> sections;
  for (const char* title : {"Introduction", "Materials and methods", "Results", "Discussion"}) {
    Section section{title, {}, {}};
    for (auto count = chance.between(1, 3); count > 0; --count) {
      section.paragraphs_html.push_back(paragraph(chance, topic, chance.between(2, 5)) +
                                        citation_mark(chance, references));
    }
    sections.push_back(std::move(section));
  }
  for (const char* title : {"Samples", "Statistics"}) {
    sections[1].parts.push_back(
        {title, {escaped(chance.pick(methods())) + "." + citation_mark(chance, references)}, {}});
  }
  return sections;
}

std::vector<MeshTerm> write_mesh(Random& chance, std::size_t topic) {
  std::vector<MeshTerm> terms{{std::string(topics()[topic].mesh), true}};
  for (auto count = chance.between(2, 4); count > 0; --count) {
    std::string term(chance.pick(common_mesh()));
    auto same = [&](const MeshTerm& known) { return known.term == term; };
    if (std::none_of(terms.begin(), terms.end(), same)) terms.push_back({std::move(term), chance.percent(20)});
  }
  return terms;
}

std::string write_doi(Random& chance, const Journal& journal, int year, std::size_t number) {
  auto volume = year - 1970;
  switch (chance.below(6)) {
    case 0:
      return fmt::format("10.5555/{:.4}-{}({:02})9{:04}-{}", journal.issn, journal.issn.substr(5), year % 100, number,
                         number % 10);
    case 1:
      return fmt::format("10.5555/(SICI){}({}){}:1<{}::AID-{}{}>3.0.CO;2-{}", journal.issn, year, volume, number + 1,
                         journal.doi_code, number, static_cast<char>('A' + number % 26));
    case 2:
      return fmt::format("10.5555/{}.{}.{}.{}-{}.{}", to_lower_ascii(journal.doi_code), volume, number % 12 + 1, number,
                         number + 9, year);
    case 3:
      return fmt::format("10.5555/{}_{}_{}", journal.doi_code, year, number);
    default:
      return fmt::format("10.5555/j.{}.{}.{:02}.{:03}", journal.doi_code, year, number % 12 + 1, number);
  }
}

Reference cite(const Article& article) {
  if (!article.cited_as.empty()) return {article.cited_as, article.doi, article.pmid, article.pmcid};
  std::string names = article.all_authors();
  if (article.authors.size() > 3) {
    names.clear();
    for (std::size_t i = 0; i < 3; ++i) names += article.authors[i].short_name() + ", ";
    names += "et al.";
  }
  auto title = plain_text(article.title_html);
  auto text = fmt::format("{} {}{} {}. {};{}", names, title, title.ends_with('?') ? "" : ".",
                          article.journal->abbreviation, article.year, article.volume);
  if (!article.issue.empty()) text += "(" + article.issue + ")";
  auto pages = article.pages;
  if (auto dash = pages.find('-'); dash != std::string::npos) pages.replace(dash, 1, "–");
  text += ":" + pages + ".";
  if (!article.doi.empty()) text += " doi: " + article.doi + ".";
  return {std::move(text), article.doi, article.pmid, article.pmcid};
}

Reference cite_elsewhere(Random& chance, std::size_t topic, std::size_t number) {
  const auto& journal = chance.pick(journals());
  auto year = chance.between(1978, 2016);
  auto doi = chance.percent(85) ? write_doi(chance, journal, year, number) : std::string();
  auto first = chance.between(1, 900);
  auto text = fmt::format("{} {}, {} {}. {}. {}. {};{}:{}–{}.", chance.pick(family_names()),
                          chance.pick(given_names()).initials, chance.pick(family_names()),
                          chance.pick(given_names()).initials, plain_text(write_title_html(chance, topic)),
                          journal.abbreviation, year, year - 1970, first, first + chance.between(3, 14));
  if (!doi.empty()) text += " doi: " + doi + ".";
  return {std::move(text), std::move(doi), "", ""};
}

std::string plain_text(std::string_view html) {
  std::string text;
  bool in_tag = false;
  for (char c : html) {
    if (c == '<') in_tag = true;
    if (!in_tag) text += c;
    if (c == '>') in_tag = false;
  }
  return unescape_html(text);
}

}  // namespace vellum::demo
