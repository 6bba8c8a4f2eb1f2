// The sections of a PubMed article page, in the order in which the page shows them. Internal to page_templates.

#pragma once

#include <string>
#include <vector>

#include "tools/demo/article.h"
#include "tools/demo/noise.h"
#include "tools/demo/site_model.h"

namespace vellum::demo {

std::string article_heading(const Article& article);  // full and short view
std::string article_sidebar(const Article& article);  // full text links, share buttons, navigation
std::string abstract_section(const Article& article);
std::string conflict_section(const Article& article);
std::string figures_section(const Article& article);
std::string similar_section(const Site& site, const Article& article);
std::string cited_by_section(const Site& site, const Article& article);
std::string references_section(const Article& article);
std::string keyword_sections(const Article& article);  // publication types, MeSH, substances
std::string related_sections(const Article& article);  // related information, grants, LinkOut

// Items first..last (of all references) as <li> elements.
std::string reference_items(const Article& article, std::size_t first, std::size_t last);
// One entry of a list of articles: title, authors, citation, PMID; in the markup of the page that it stands on.
std::string docsum(const Article& article, Look look, std::string_view category, std::size_t position);

}  // namespace vellum::demo
