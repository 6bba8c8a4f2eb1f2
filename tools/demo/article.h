// What the demo site knows of one article: plain values that the page templates print.
//
// Fields named *_html hold inline markup (i, sub, sup) and escaped text; all others are plain text.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vellum::demo {

struct Journal {
  std::string_view title, abbreviation, issn, doi_code;
};

struct Author {
  std::string given, family, initials;
  std::size_t affiliation = 0;  // into Article::affiliations
  bool collective = false;      // `family` is the name of a group

  std::string full_name() const { return given.empty() ? family : given + " " + family; }
  std::string short_name() const { return initials.empty() ? family : family + " " + initials; }  // "Lindqvist Z"
};

struct Reference {
  std::string text;              // as a page prints it, "doi: ..." included where there is one
  std::string doi, pmid, pmcid;  // "" where there is none
};

struct Paragraph {
  std::string label;  // "Methods:"; "" for a plain abstract
  std::string html;
};

struct Figure {
  std::string label;  // "Fig. 1"
  std::string caption_html;
  std::string image;  // host and path, without a scheme
};

struct Section {
  std::string title;
  std::vector<std::string> paragraphs_html;
  std::vector<Section> parts;
};

struct MeshTerm {
  std::string term;
  bool major = false;
};

// Which of PubMed's two designs the article's page is printed in.
enum class Look { kLabs2019, kPubmed2020 };

struct Article {
  std::size_t index = 0;  // into Site::articles()
  std::string pmid, pmcid, doi;
  std::string title_html;
  const Journal* journal = nullptr;
  int year = 0, month = 0;  // month 0: only the year is known
  std::string volume, issue, pages;
  std::vector<Author> authors;    // at least one
  bool has_more_authors = false;  // others are known to exist, not who they are
  std::vector<std::string> affiliations;
  std::vector<Paragraph> abstract;
  std::vector<std::string> keywords;
  std::string conflict_of_interest;
  std::vector<Figure> figures;
  std::vector<Section> sections;  // full text, on the PMC page only
  std::vector<Reference> references;
  std::string cited_as;  // how others cite it; "" for a text made from the fields
  std::vector<std::size_t> similar, cited_by;
  std::vector<MeshTerm> mesh;
  std::vector<std::string> publication_types, substances, grants;
  std::size_t topic = 0;
  Look look = Look::kPubmed2020;

  std::string month_name() const;     // "Jan", "" if unknown
  std::string date_text() const;      // "2019 Jan"
  std::string citation_line() const;  // "2019 Jan;52(1):42-46."
  std::string short_authors() const;  // "Kim YH, et al."
  std::string all_authors() const;    // "Kim YH, Lee J."
};

}  // namespace vellum::demo
