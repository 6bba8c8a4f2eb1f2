// The pages of the demo site, each a pure function of the article (or list) and this load's noise.
//
// PubMed articles come in the design of 2020 and, for a share of the articles, in that of late 2019 ("labs"): the
// heading prints journal, volume and pages as separate parts, "Cited by N PubMed Central articles" is one line, and the
// fragment behind the "show all references" button holds the references after the fifth instead of all of them.
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tools/demo/article.h"
#include "tools/demo/noise.h"
#include "tools/demo/site_model.h"

namespace vellum::demo {

inline constexpr std::size_t kInlineReferences = 5;  // the rest are behind /{pmid}/references/
inline constexpr std::size_t kInlineSimilar = 5;
inline constexpr std::size_t kResultsPerPage = 10;

// http://pubmed.ncbi.nlm.nih.gov/{pmid}/
std::string pubmed_article_page(const Site& site, const Article& article, const Noise& noise);
// http://pubmed.ncbi.nlm.nih.gov/{pmid}/references/
std::string references_fragment(const Article& article);
// http://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/
std::string pmc_article_page(const Article& article, const Noise& noise);
// http://pubmed.ncbi.nlm.nih.gov/?term={term}&page={page}; page counts from 1.
std::string result_list_page(std::string_view term, const std::vector<const Article*>& found, std::size_t page,
                             const Noise& noise);
// Pages of no article: the front page, a help page, "not found", a block, a check for robots.
std::string front_page(const Site& site, const Noise& noise);
std::string help_page(const Noise& noise);
std::string not_found_page(const Noise& noise);
std::string blocked_page(const Noise& noise);
std::string captcha_page(const Noise& noise);

}  // namespace vellum::demo
