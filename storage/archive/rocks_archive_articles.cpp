// RocksArchive: articles, their ids and links.

#include <algorithm>

#include "storage/archive/rocks_archive.h"
#include "storage/archive/work_rows.h"

namespace vellum::storage {

using rocks::Family;

namespace {

// What an index row's key says after the name: an article's key and, for links, an index.
struct IndexRow {
  CaptureId capture;
  std::string article_key;
  std::string link_key;
};

Result<std::vector<IndexRow>> index_rows(const rocks::Database& database, Family family, std::string_view name,
                                         bool of_links) {
  std::vector<IndexRow> rows;
  const std::string prefix = named_key(name, {});
  VELLUM_CHECK(database.scan(family, prefix, rocks::prefix_end(prefix), [&](std::string_view key, std::string_view) {
    const std::string_view rest = key.substr(prefix.size());
    if (rest.size() < 12) return true;
    const std::string_view article = of_links ? rest.substr(0, rest.size() - 4) : rest;
    rows.push_back({rocks::from_big_endian(rest), std::string(article), std::string(rest)});
    return true;
  }));
  return rows;
}

std::string key_of(const StoredArticle& article) {
  return article_key(article.capture, article.plugin, article.plugin_version);
}

}  // namespace

// Of several plugins the one that spoke last, and of that one its newest version.
Result<ArticleRow> RocksArchive::newest_article(CaptureId id) const {
  VELLUM_TRY(const bool is_kept_back, is_hidden(id));
  if (is_kept_back) return fail(ErrorKind::kNotFound, "no article of capture " + std::to_string(id));
  std::vector<ArticleRow> rows;
  Result<void> read;
  const std::string prefix = id_key(id);
  VELLUM_CHECK(database_->scan(Family::kArticles, prefix, rocks::prefix_end(prefix),
                               [&](std::string_view, std::string_view value) {
                                 auto row = decode_article(value);
                                 if (!row) read = fail(row.error());
                                 if (row) rows.push_back(*std::move(row));
                                 return bool(read);
                               }));
  VELLUM_CHECK(std::move(read));
  if (rows.empty()) return fail(ErrorKind::kNotFound, "no article of capture " + std::to_string(id));
  const auto last = std::max_element(rows.begin(), rows.end(),
                                     [](const auto& a, const auto& b) { return a.stored_by < b.stored_by; });
  const std::string plugin = last->article.plugin;
  std::erase_if(rows, [&](const ArticleRow& row) { return row.article.plugin != plugin; });
  return *std::max_element(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.article.plugin_version < b.article.plugin_version;
  });
}

Result<LinkRow> RocksArchive::link_row(const ArticleRow& article, std::string_view value) const {
  VELLUM_TRY(const Json json, parse_cbor(value));
  return LinkRow{article.article.capture, article.article.url, article.article.captured, link_from_json(json)};
}

Result<std::optional<Work>> RocksArchive::work_of(std::string_view url) const {
  return find_work(*database_, url);
}

Result<StoredArticle> RocksArchive::article(CaptureId id) const {
  VELLUM_TRY(ArticleRow row, newest_article(id));
  VELLUM_TRY(const auto rows, links(id));
  for (const LinkRow& link : rows) row.article.links.push_back(link.link);
  return std::move(row.article);
}

Result<std::vector<CaptureId>> RocksArchive::captures_by_id(std::string_view id) const {
  VELLUM_TRY(const auto rows, index_rows(*database_, Family::kArticleIds, id, false));
  std::vector<CaptureId> ids;
  for (const IndexRow& row : rows) {
    VELLUM_TRY(const bool is_kept_back, is_hidden(row.capture));
    if (is_kept_back) continue;
    if (!ids.empty() && ids.back() == row.capture) continue;
    VELLUM_TRY(const ArticleRow newest, newest_article(row.capture));
    if (key_of(newest.article) == row.article_key) ids.push_back(row.capture);
  }
  return ids;
}

Result<std::vector<LinkRow>> RocksArchive::links(CaptureId id) const {
  auto article = newest_article(id);
  if (!article && article.error().kind == ErrorKind::kNotFound) return std::vector<LinkRow>();
  if (!article) return fail(article.error());
  const std::string prefix = key_of(article->article);
  std::vector<LinkRow> rows;
  Result<void> read;
  VELLUM_CHECK(
      database_->scan(Family::kLinks, prefix, rocks::prefix_end(prefix), [&](std::string_view, std::string_view value) {
        auto row = link_row(*article, value);
        if (!row) read = fail(row.error());
        if (row) rows.push_back(*std::move(row));
        return bool(read);
      }));
  VELLUM_CHECK(std::move(read));
  return rows;
}

Result<std::vector<LinkRow>> RocksArchive::citing(std::string_view doi) const {
  VELLUM_TRY(const auto rows, index_rows(*database_, Family::kDoiLinks, doi, true));
  std::vector<LinkRow> found;
  std::optional<ArticleRow> article;
  for (const IndexRow& row : rows) {
    VELLUM_TRY(const bool is_kept_back, is_hidden(row.capture));
    if (is_kept_back) continue;
    if (!article || article->article.capture != row.capture) {
      VELLUM_TRY(article, newest_article(row.capture));
    }
    if (key_of(article->article) != row.article_key) continue;
    VELLUM_TRY(const auto value, database_->find(Family::kLinks, row.link_key));
    if (!value)
      return fail(ErrorKind::kCorrupt,
                  "link of capture " + std::to_string(row.capture) + " is not there; run `vellum check`");
    VELLUM_TRY(LinkRow link, link_row(*article, *value));
    found.push_back(std::move(link));
  }
  return found;
}

}  // namespace vellum::storage
