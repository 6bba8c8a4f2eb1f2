// "/": what the archive holds, its articles, its newest captures; "/?q=…" what a reader looks for in it.
//
// Threads: any.

#pragma once

#include <string>
#include <string_view>

#include "storage/archive/archive.h"
#include "tools/replay/article_index.h"
#include "tools/replay/http.h"

namespace vellum::replay {

struct HomeView {
  const storage::Archive& archive;
  const ArticleIndex& index;
  storage::ArchiveStats stats;
};

// `query` is the query string without "?": q (search words, an identifier or an address) and page (from 1).
Result<Reply> home_reply(const HomeView& view, std::string_view query);

}  // namespace vellum::replay
