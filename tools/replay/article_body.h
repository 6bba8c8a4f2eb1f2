// The parts of an article's page, from its record. Records come from hostile pages by way of plugins of any age: every
// field may be absent or of another shape, and every text is escaped.
//
// Threads: any.

#pragma once

#include "storage/archive/archive.h"
#include "tools/replay/markup.h"

namespace vellum::replay {

// Notices, title, authors, where and when it appeared, identifiers.
Markup article_head(const storage::StoredArticle& article);
// Abstract, keywords, statements, figures, tables, supplements, sections.
Markup article_text(const storage::Archive& archive, const storage::StoredArticle& article);
// References in order, each marked as archived (with a link to it) or not.
Markup article_references(const storage::Archive& archive, const Json& record);
// Similar articles, citing articles, and the items of a search, issue or journal page.
Markup article_neighbours(const storage::Archive& archive, const Json& record);

}  // namespace vellum::replay
