#include "tools/vellum/records/export_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "tools/vellum/records/record_fields.h"

namespace vellum::cli {
namespace {

std::string kind_of(const Json& record) {
  return text_of(record, "kind");
}

void put(Json& item, const char* key, std::string value) {
  if (!value.empty()) item[key] = std::move(value);
}

// "van der" of "van der Berg": lower-case words before the name proper.
std::string particle_of(const std::string& family) {
  static constexpr std::array<std::string_view, 22> kParticles = {
      "van", "von", "der", "den", "de",  "del", "della", "di", "da", "dos", "das",
      "du",  "la",  "le",  "ter", "ten", "zu",  "zur",   "af", "av", "'t",  "el"};
  std::size_t end = 0;
  for (const std::string_view word : split(family, ' ')) {
    const bool is_particle = std::find(kParticles.begin(), kParticles.end(), word) != kParticles.end();
    if (!is_particle || end + word.size() + 1 >= family.size()) break;
    end += word.size() + 1;
  }
  return end == 0 ? "" : family.substr(0, end - 1);
}

Json csl_names(const std::vector<CitedPerson>& list) {
  Json names = Json::array();
  for (const CitedPerson& person : list) {
    Json name = Json::object();
    const std::string particle = particle_of(person.family);
    put(name, "non-dropping-particle", particle);
    put(name, "family", particle.empty() ? person.family : person.family.substr(particle.size() + 1));
    if (!person.family.empty()) put(name, "given", person.given);
    if (person.family.empty()) name["literal"] = person.name;
    names.push_back(std::move(name));
  }
  return names;
}

std::string csl_type(const Json& record) {
  if (kind_of(record) == "book") return "book";
  return journal_title(record).empty() ? "article" : "article-journal";
}

std::string first_of(const std::vector<std::string>& list) {
  return list.empty() ? "" : list.front();
}

// A name that stands alone everywhere: the best identifier, else the address.
std::string work_id(const Json& record) {
  for (const char* key : {"doi", "pmid", "pmcid", "arxiv"}) {
    if (std::string id = identifier(record, key); !id.empty()) return id;
  }
  return text_of(record, "url");
}

std::string ascii_letters(std::string_view text) {
  std::string out;
  for (const char c : to_lower_ascii(text)) {
    if (c >= 'a' && c <= 'z') out += c;
  }
  return out;
}

// The first word that says something: at least five letters, else the longest.
std::string telling_word(std::string_view title) {
  std::string longest;
  for (const std::string_view part : split(title, ' ')) {
    std::string word = ascii_letters(part);
    if (word.size() >= 5) return word;
    if (word.size() > longest.size()) longest = std::move(word);
  }
  return longest;
}

std::string escape_bibtex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '\\':
        out += "\\textbackslash{}";
        break;
      case '<':
        out += "\\textless{}";  // in the fonts that LaTeX takes unasked, < and > are other characters
        break;
      case '>':
        out += "\\textgreater{}";
        break;
      case '|':
        out += "\\textbar{}";
        break;
      case '~':
        out += "\\textasciitilde{}";
        break;
      case '^':
        out += "\\textasciicircum{}";
        break;
      case '{':
      case '}':
      case '#':
      case '$':
      case '%':
      case '&':
      case '_':
        (out += '\\') += c;
        break;
      case '\n':
      case '\r':
        out += ' ';
        break;
      default:
        out += c;
    }
  }
  return out;
}

// Verbatim fields (doi, url) take no escapes; a brace would end the field.
std::string verbatim_bibtex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '{' || c == '}') {
      out += c == '{' ? "%7B" : "%7D";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bibtex_names(const std::vector<CitedPerson>& list) {
  std::string names;
  for (const CitedPerson& person : list) {
    if (!names.empty()) names += " and ";
    if (person.family.empty()) {
      names += "{" + escape_bibtex(person.name) + "}";
    } else {
      // What BibTeX would take for a list or for a suffix stands in braces.
      const bool is_odd =
          person.family.find(',') != std::string::npos || person.family.find(" and ") != std::string::npos;
      names += is_odd ? "{" + escape_bibtex(person.family) + "}" : escape_bibtex(person.family);
      if (!person.given.empty()) names += ", " + escape_bibtex(person.given);
    }
  }
  return names;
}

// "42-46" -> "42--46", whatever dash stood there.
std::string bibtex_pages(const std::string& pages) {
  std::string out;
  for (std::size_t at = 0; at < pages.size();) {
    const std::string_view rest = std::string_view(pages).substr(at);
    const std::size_t dash = rest.starts_with("\u2013") ? 3 : rest.starts_with('-') ? 1 : 0;
    if (dash > 0) out += out.ends_with("--") ? "" : "--";
    if (dash == 0) out += pages[at];
    at += dash == 0 ? 1 : dash;
  }
  return out;
}

class BibtexEntry {
 public:
  BibtexEntry(const std::string& type, const std::string& key) : text_("@" + type + "{" + key) {}
  void add(std::string_view field, const std::string& value) {
    if (!value.empty()) text_ += fmt::format(",\n  {:<9} = {{{}}}", field, value);
  }
  void add_bare(std::string_view field, std::string_view value) {
    text_ += fmt::format(",\n  {:<9} = {}", field, value);
  }
  std::string finish() && { return text_ + "\n}\n"; }

 private:
  std::string text_;
};

void add_bibtex_date(BibtexEntry& entry, const CitedDate& date) {
  static constexpr std::array kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
  if (!date.parts.empty()) entry.add("year", std::to_string(date.parts[0]));
  if (date.parts.size() > 1 && date.parts[1] >= 1 && date.parts[1] <= 12) {
    entry.add_bare("month", kMonths[static_cast<std::size_t>(date.parts[1] - 1)]);
  }
}

class RisReference {
 public:
  void add(std::string_view tag, const std::string& value) {
    if (value.empty()) return;
    std::string line = value;
    // A control character would end the line, or the reading of it.
    std::replace_if(
        line.begin(), line.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }, ' ');
    text_ += fmt::format("{}  - {}\r\n", tag, line);
  }
  std::string finish() && { return text_ + "ER  - \r\n"; }

 private:
  std::string text_;
};

void add_ris_names(RisReference& reference, std::string_view tag, const std::vector<CitedPerson>& list) {
  for (const CitedPerson& person : list) {
    const bool is_split = !person.family.empty() && !person.given.empty();
    reference.add(tag, is_split ? person.family + ", " + person.given : person.name);
  }
}

void add_ris_date(RisReference& reference, const CitedDate& date) {
  if (date.parts.empty()) return;
  reference.add("PY", fmt::format("{:04}", date.parts[0]));
  const auto part = [&](std::size_t i) { return date.parts.size() > i ? fmt::format("{:02}", date.parts[i]) : ""; };
  reference.add("DA", fmt::format("{:04}/{}/{}/", date.parts[0], part(1), part(2)));
}

void add_ris_pages(RisReference& reference, const std::string& pages) {
  const std::size_t dash = pages.find('-');
  reference.add("SP", pages.substr(0, dash));
  if (dash != std::string::npos) reference.add("EP", pages.substr(dash + 1));
}

std::string ris_type(const Json& record) {
  if (kind_of(record) == "book") return "BOOK";
  return journal_title(record).empty() ? "GEN" : "JOUR";
}

}  // namespace

bool is_citable(const Json& record) {
  const std::string kind = kind_of(record);
  return !text_of(record, "title").empty() && (kind == "article" || kind == "book" || kind == "file");
}

Json to_csl(const Json& record) {
  Json item = Json::object();
  item["id"] = work_id(record);
  item["type"] = csl_type(record);
  put(item, "title", text_of(record, "title"));
  if (const auto authors = people(record, "authors"); !authors.empty()) item["author"] = csl_names(authors);
  if (const auto editors = people(record, "editors"); !editors.empty()) item["editor"] = csl_names(editors);
  put(item, "container-title", journal_title(record));
  put(item, "container-title-short", text_of(member(record, "journal"), "abbreviation"));
  put(item, "publisher", text_of(record, "publisher"));
  put(item, "volume", text_of(record, "volume"));
  put(item, "issue", text_of(record, "issue"));
  put(item, "page", pages_or_elocator(record));
  if (const CitedDate date = published(record); !date.parts.empty()) {
    item["issued"]["date-parts"] = Json::array({Json(date.parts)});
  }
  put(item, "DOI", identifier(record, "doi"));
  put(item, "PMID", identifier(record, "pmid"));
  put(item, "PMCID", identifier(record, "pmcid"));
  put(item, "ISSN", first_of(texts(member(record, "journal"), "issn")));
  if (const std::string arxiv = identifier(record, "arxiv"); !arxiv.empty()) {
    item["archive"] = "arXiv";
    item["archive_location"] = arxiv;
  }
  if (const CitedDate seen = date_of(text_of(record, "captured").substr(0, 10)); !seen.parts.empty()) {
    item["accessed"]["date-parts"] = Json::array({Json(seen.parts)});
  }
  put(item, "ISBN", first_of(texts(record, "isbn")));
  put(item, "URL", text_of(record, "url"));
  put(item, "language", text_of(record, "language"));
  put(item, "abstract", plain_abstract(record));
  put(item, "keyword", join(texts(record, "keywords"), ", "));
  return item;
}

std::string citation_key(const Json& record) {
  const auto authors = people(record, "authors");
  const CitedDate date = published(record);
  std::string key;
  if (!authors.empty()) key = ascii_letters(authors[0].family.empty() ? authors[0].name : authors[0].family);
  if (!date.parts.empty()) key += std::to_string(date.parts[0]);
  key += telling_word(text_of(record, "title"));
  return key.empty() ? "untitled" : key;
}

std::string to_bibtex(const Json& record, const std::string& key) {
  const std::string journal = journal_title(record);
  const bool is_book = kind_of(record) == "book";
  BibtexEntry entry(is_book ? "book" : journal.empty() ? "misc" : "article", key);
  entry.add("author", bibtex_names(people(record, "authors")));
  entry.add("editor", bibtex_names(people(record, "editors")));
  entry.add("title", "{" + escape_bibtex(text_of(record, "title")) + "}");  // inner braces keep its capitals
  entry.add("journal", escape_bibtex(journal));
  entry.add("publisher", escape_bibtex(text_of(record, "publisher")));
  add_bibtex_date(entry, published(record));
  entry.add("volume", escape_bibtex(text_of(record, "volume")));
  entry.add("number", escape_bibtex(text_of(record, "issue")));
  const std::string pages = text_of(record, "pages");
  entry.add("pages", escape_bibtex(bibtex_pages(pages)));
  if (pages.empty()) entry.add("eid", escape_bibtex(text_of(record, "elocator")));
  entry.add("issn", first_of(texts(member(record, "journal"), "issn")));
  entry.add("isbn", first_of(texts(record, "isbn")));
  entry.add("doi", verbatim_bibtex(identifier(record, "doi")));
  entry.add("pmid", identifier(record, "pmid"));
  entry.add("pmcid", identifier(record, "pmcid"));
  if (const std::string arxiv = identifier(record, "arxiv"); !arxiv.empty()) {
    entry.add("eprint", arxiv);
    entry.add("archiveprefix", "arXiv");
  }
  entry.add("url", verbatim_bibtex(text_of(record, "url")));
  entry.add("language", escape_bibtex(text_of(record, "language")));
  entry.add("keywords", escape_bibtex(join(texts(record, "keywords"), ", ")));
  entry.add("abstract", escape_bibtex(plain_abstract(record)));
  return std::move(entry).finish();
}

std::string to_ris(const Json& record) {
  RisReference reference;
  reference.add("TY", ris_type(record));
  reference.add("TI", text_of(record, "title"));
  add_ris_names(reference, "AU", people(record, "authors"));
  add_ris_names(reference, "ED", people(record, "editors"));
  reference.add("T2", journal_title(record));
  reference.add("J2", text_of(member(record, "journal"), "abbreviation"));
  reference.add("PB", text_of(record, "publisher"));
  add_ris_date(reference, published(record));
  reference.add("VL", text_of(record, "volume"));
  reference.add("IS", text_of(record, "issue"));
  add_ris_pages(reference, pages_or_elocator(record));
  reference.add("SN", first_of(texts(member(record, "journal"), "issn")));
  reference.add("DO", identifier(record, "doi"));
  reference.add("AN", identifier(record, "pmid"));
  reference.add("C2", identifier(record, "pmcid"));
  reference.add("LA", text_of(record, "language"));
  for (const std::string& word : texts(record, "keywords")) reference.add("KW", word);
  reference.add("AB", plain_abstract(record));
  reference.add("UR", text_of(record, "url"));
  return std::move(reference).finish();
}

}  // namespace vellum::cli
