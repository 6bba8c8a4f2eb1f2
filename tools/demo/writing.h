// Titles, abstracts, captions, DOIs and references for articles that nobody wrote.
//
// Every function takes the stream of chance that it may use and is otherwise pure.

#pragma once

#include <string>
#include <vector>

#include "tools/demo/article.h"
#include "tools/demo/random.h"

namespace vellum::demo {

std::string write_title_html(Random& chance, std::size_t topic);              // no full stop at the end
std::vector<Author> write_authors(Random& chance, std::size_t affiliations);  // 1 to 7
std::vector<std::string> write_affiliations(Random& chance);                  // 1 to 3
std::vector<Paragraph> write_abstract(Random& chance, std::size_t topic);     // plain or structured
std::string write_caption_html(Random& chance, std::size_t topic);
std::vector<Section> write_sections(Random& chance, std::size_t topic, std::size_t references);
std::vector<MeshTerm> write_mesh(Random& chance, std::size_t topic);

// A DOI in one of the shapes that journals use: plain, upper case, with brackets, SICI. `number` makes it unique.
std::string write_doi(Random& chance, const Journal& journal, int year, std::size_t number);

// "Hayflick L, Moorhead PS. Title. J Abbr. 1961;25:585–621. doi: 10.…." of an article of the site.
Reference cite(const Article& article);
// The same for a work that the site does not hold.
Reference cite_elsewhere(Random& chance, std::size_t topic, std::size_t number);

// Markup taken out, entities undone.
std::string plain_text(std::string_view html);

}  // namespace vellum::demo
