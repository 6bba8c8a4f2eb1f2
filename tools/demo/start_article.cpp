#include "tools/demo/start_article.h"

#include <fmt/format.h>

#include <string>

#include "tools/demo/site_model.h"

namespace vellum::demo {
namespace {

constexpr Journal kBmbReports{"BMB reports", "BMB Rep", "", ""};
constexpr Journal kExpCellRes{"Experimental cell research", "Exp Cell Res", "", ""};
constexpr Journal kPnas{"Proceedings of the National Academy of Sciences of the United States of America",
                        "Proc Natl Acad Sci U S A", "", ""};
constexpr Journal kNatGenet{"Nature genetics", "Nat Genet", "", ""};
constexpr Journal kLeukocyte{"Journal of leukocyte biology", "J Leukoc Biol", "", ""};
constexpr Journal kCell{"Cell", "Cell", "", ""};

constexpr std::string_view kAbstract =
    "Cellular senescence, a process of cell proliferation arrest in response to various stressors, has been considered "
    "to "
    "be important factor in age-related disease. Identification of senescent cells in tissues is limited and the role "
    "of "
    "senescent cells is poorly understood. Recently however, several studies showed the characterization of senescent "
    "cells in various pathologic conditions and the role of senescent cells in disease progression is becoming "
    "important. "
    "Senescent cells are growth-arrested cells, however, the senescence associated secretory phenotype (SASP) of "
    "senescent "
    "cells could modify the tissues&#x27; microenvironment. Here, we discuss the progress and understanding of the "
    "role of "
    "senescent cells in tissues of pathologic conditions and discuss the development of new therapeutic paradigms, "
    "such as "
    "senescent cells-targeted therapy. [BMB Reports 2019; 52(1): 42-46].";

constexpr std::string_view kCaption =
    "Schematic representation of the role of senescent cells in tumors. Senescent cells express SASP and are involved "
    "in "
    "interactions with the tissue microenvironment, including extracellular matrix (ECM) degradation, immune cells "
    "infiltration, and cancer invasion.";

Article start_article() {
  Article article;
  article.pmid = kStartPmid;
  article.title_html = "Cellular Senescence in Cancer";
  article.journal = &kBmbReports;
  article.year = 2019;
  article.month = 1;
  article.volume = "52";
  article.issue = "1";
  article.pages = "42-46";
  article.authors = {{"Young Hwa", "Kim", "YH", 0, false}};
  article.has_more_authors = true;
  article.abstract = {{"", std::string(kAbstract)}};
  article.conflict_of_interest = "The authors have no conflicting interests.";
  article.figures = {{"Fig. 1", std::string(kCaption), "cdn.ncbi.nlm.nih.gov/pmc/blobs/demo/start/fig1.png"}};
  article.topic = 2;
  article.look = Look::kLabs2019;
  return article;
}

struct Listed {
  const Journal* journal;
  int year;
  std::string_view volume, pages, doi, title;
  bool in_pmc;
  std::vector<Author> authors;
  std::string_view cited_as;  // the line of the page, to the letter
};

Article listed_article(std::size_t index, const Listed& listed) {
  Article article;
  article.pmid = fmt::format("{}", 90'000'000 + index);
  if (listed.in_pmc) article.pmcid = "PMC" + article.pmid;
  article.doi = listed.doi;
  article.title_html = listed.title;
  article.journal = listed.journal;
  article.year = listed.year;
  article.volume = listed.volume;
  article.pages = listed.pages;
  article.authors = listed.authors;
  article.cited_as = listed.cited_as;
  article.topic = index % 3;
  return article;
}

}  // namespace

std::vector<Article> start_articles() {
  auto by = [](std::string_view initials, std::string_view family) {
    return Author{std::string(initials), std::string(family), std::string(initials), 0, false};
  };
  const std::vector<Listed> list = {
      {&kExpCellRes,
       1961,
       "25",
       "585-621",
       "10.1016/0014-4827(61)90192-6",
       "The serial cultivation of human diploid cell strains",
       false,
       {by("L", "Hayflick"), by("PS", "Moorhead")},
       "Hayflick L, Moorhead PS. The serial cultivation of human diploid cell strains. Exp Cell Res. 1961;25:585–621. "
       "doi: 10.1016/0014-4827(61)90192-6."},
      {&kPnas,
       1999,
       "96",
       "14276-14281",
       "10.1073/pnas.96.25.14276",
       "Inhibition of human telomerase in immortal human cells leads to progressive telomere shortening and cell death",
       true,
       {by("B", "Herbert"), by("AE", "Pitts"), by("SI", "Baker")},
       "Herbert B, Pitts AE, Baker SI, et al. Inhibition of human telomerase in immortal human cells leads to "
       "progressive "
       "telomere shortening and cell death. Proc Natl Acad Sci U S A. 1999;96:14276–14281. doi: "
       "10.1073/pnas.96.25.14276."},
      {&kNatGenet,
       2003,
       "33",
       "203-207",
       "10.1038/ng1084",
       "Extensive allelic variation and ultrashort telomeres in senescent human cells",
       false,
       {by("DM", "Baird"), by("J", "Rowson"), by("D", "Wynford-Thomas"), by("D", "Kipling")},
       "Baird DM, Rowson J, Wynford-Thomas D, Kipling D. Extensive allelic variation and ultrashort telomeres in "
       "senescent "
       "human cells. Nat Genet. 2003;33:203–207. doi: 10.1038/ng1084."},
      {&kLeukocyte,
       2003,
       "73",
       "289-296",
       "10.1189/jlb.0702361",
       "Telomere shortening in leukocyte subpopulations from baboons",
       false,
       {by("GM", "Baerlocher"), by("J", "Mak"), by("A", "Roth"), by("KS", "Rice"), by("PM", "Lansdorp")},
       "Baerlocher GM, Mak J, Roth A, Rice KS, Lansdorp PM. Telomere shortening in leukocyte subpopulations from "
       "baboons. "
       "J Leukoc Biol. 2003;73:289–296. doi: 10.1189/jlb.0702361."},
      {&kCell,
       2013,
       "153",
       "1194-1217",
       "10.1016/j.cell.2013.05.039",
       "The hallmarks of aging",
       true,
       {by("C", "Lopez-Otin"), by("MA", "Blasco"), by("L", "Partridge"), by("M", "Serrano"), by("G", "Kroemer")},
       "Lopez-Otin C, Blasco MA, Partridge L, Serrano M, Kroemer G. The hallmarks of aging. Cell. 2013;153:1194–1217. "
       "doi: 10.1016/j.cell.2013.05.039."},
  };
  std::vector<Article> articles{start_article()};
  for (const auto& listed : list) articles.push_back(listed_article(articles.size(), listed));
  return articles;
}

}  // namespace vellum::demo
