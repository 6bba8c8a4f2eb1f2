// The page this project started from and the five works in its reference list, as far as the saved text of that page
// shows them: what it does not show (full author list, DOI, further references) is left out, not guessed.

#pragma once

#include <vector>

#include "tools/demo/article.h"

namespace vellum::demo {

// The start article first, then the works that its page lists. Their own PMIDs are not on the page, so they carry
// numbers of the demo site. Links between articles are left to Site, which also fills the start article's list of
// references, whose end the saved text does not show, with made-up articles.
std::vector<Article> start_articles();

}  // namespace vellum::demo
