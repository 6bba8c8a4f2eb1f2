#include "tools/replay/home_page.h"

#include <charconv>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "tools/replay/article_page.h"
#include "tools/replay/captures_page.h"
#include "tools/replay/page_frame.h"
#include "tools/replay/target.h"

namespace vellum::replay {
namespace {

using storage::Archive;

constexpr std::size_t kRowsAPage = 50;
constexpr std::size_t kMostSearched = 1000;  // bytes of a search text

void add_count(Markup& body, std::string_view name, std::uint64_t value) {
  body.raw("<div><dt>").text(name).raw("</dt><dd>").number(value).raw("</dd></div>");
}

Markup counts(const storage::ArchiveStats& stats) {
  Markup body;
  body.raw("<dl class=\"counts\">");
  add_count(body, "Articles", stats.articles);
  add_count(body, "DOIs", stats.dois);
  add_count(body, "Captures", stats.captures);
  add_count(body, "Addresses", stats.urls);
  add_count(body, "Hosts", stats.hosts);
  body.raw("<div><dt>Stored, of ").text(human_size(stats.raw_bytes)).raw(" raw</dt><dd>");
  body.text(human_size(stats.stored_bytes)).raw("</dd></div>");
  return body.raw("</dl>");
}

void add_identifiers(Markup& table, const ArticleRow& row) {
  if (!row.doi.empty()) table.raw("<div class=\"mono\">").text(row.doi).raw("</div>");
  table.raw("<div class=\"soft small\">");
  if (!row.pmid.empty()) table.raw("PMID ").text(row.pmid);
  if (!row.pmid.empty() && !row.pmcid.empty()) table.raw(" · ");
  table.text(row.pmcid).raw("</div>");
}

// The host tells apart the pages of one work.
void add_title(Markup& table, const ArticleRow& row) {
  const auto url = Url::parse(row.url);
  table.raw("<div>").link(article_path(row.url), row.title).raw("</div><div class=\"soft small\">");
  if (row.kind != "article") table.raw("<span class=\"tag\">").text(row.kind).raw("</span> ");
  table.text(url ? url->host() : row.url).raw("</div>");
}

void add_row(Markup& table, const ArticleRow& row) {
  table.raw("<tr><td class=\"wide\">");
  add_title(table, row);
  table.raw("</td><td>").text(row.journal).raw("</td><td class=\"t\">").text(row.published).raw("</td><td>");
  add_identifiers(table, row);
  table.raw("</td><td class=\"n\">").number(row.cited_dois).raw("</td><td class=\"t\"><a href=\"");
  table.text(web_path(row.captured, row.url)).raw("\">").day(row.captured).raw("</a></td></tr>");
}

Markup articles_table(const std::vector<ArticleRow>& rows) {
  Markup table;
  table.raw(
      "<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Title</th><th scope=\"col\">Journal</th>"
      "<th scope=\"col\">Published</th><th scope=\"col\">Identifiers</th><th scope=\"col\" class=\"n\">DOIs cited"
      "</th><th scope=\"col\">Snapshot</th></tr></thead><tbody>");
  for (const ArticleRow& row : rows) add_row(table, row);
  return table.raw("</tbody></table></div>");
}

std::string page_link(std::string_view words, std::size_t page) {
  std::string link = "/?page=" + std::to_string(page);
  if (!words.empty()) link += "&q=" + encode_query_value(words);
  return link;
}

Markup pager(std::string_view words, std::size_t page, std::size_t matching) {
  Markup nav;
  const std::size_t last = (matching + kRowsAPage - 1) / kRowsAPage;
  if (last <= 1) return nav;
  nav.raw("<nav class=\"actions\" aria-label=\"Pages\">");
  if (page > 1) nav.link(page_link(words, page - 1), "‹ newer");
  nav.raw("<span class=\"soft\">page ").number(page).raw(" of ").number(last).raw("</span>");
  if (page < last) nav.link(page_link(words, page + 1), "older ›");
  return nav.raw("</nav>");
}

std::size_t page_number(std::string_view query) {
  const std::string text = query_value(query, "page");
  std::size_t page = 1;
  std::from_chars(text.data(), text.data() + text.size(), page);
  return std::min<std::size_t>(std::max<std::size_t>(page, 1), 1'000'000);
}

Markup listing(const HomeView& view, std::string_view words, std::size_t page) {
  auto found = view.index.articles(words, (page - 1) * kRowsAPage, kRowsAPage);
  const auto is_gone = [&](const ArticleRow& row) { return !view.archive.capture(row.capture); };
  std::erase_if(found.rows, is_gone);  // taken down, or put under embargo, since it was indexed
  Markup body;
  body.raw("<h2>").text(words.empty() ? "Articles" : "Titles with these words").raw(" <span class=\"soft small\">");
  body.number(found.matching).raw("</span></h2>");
  if (found.is_behind) {
    body.raw("<p class=\"soft\">Still reading the archive: ").number(found.read_up_to).raw(" of ");
    body.number(view.stats.captures).raw(" captures so far. Reload for more.</p>");
  }
  if (found.rows.empty()) {
    body.text(words.empty() ? "No article record is stored yet." : "No title has all of these words.");
  } else {
    body.add(articles_table(found.rows)).add(pager(words, page, found.matching));
  }
  return body;
}

// One row an address, the newest, of the records that carry the identifier.
Result<std::vector<ArticleRow>> rows_by_id(const Archive& archive, const std::string& key) {
  VELLUM_TRY(const auto captures, archive.captures_by_id(key));
  std::vector<ArticleRow> rows;
  for (auto id = captures.rbegin(); id != captures.rend() && rows.size() < kRowsAPage; ++id) {
    const auto article = archive.article(*id);
    if (!article) continue;
    bool is_known = false;
    for (const ArticleRow& row : rows) is_known = is_known || row.url == article->url;
    if (!is_known) rows.push_back(article_row(*article));
  }
  return rows;
}

Result<Reply> search_reply(const HomeView& view, const std::string& words, std::size_t page) {
  if (starts_with_ignore_case(words, "http://") || starts_with_ignore_case(words, "https://")) {
    VELLUM_TRY(const ArchivedTarget target, parse_archived_target(words));
    if (!doi_of_resolver_link(words)) return redirect_to(captures_path(target.url.href()));
  }
  Markup body;
  body.raw("<h1>Search</h1>");
  if (const std::string key = identifier_key(words); !key.empty()) {
    VELLUM_TRY(const std::vector<ArticleRow> rows, rows_by_id(view.archive, key));
    body.raw("<h2>Records of <span class=\"mono\">").text(key).raw("</span></h2>");
    if (rows.empty()) body.raw("<p>No archived page is about it.</p>");
    if (!rows.empty()) body.add(articles_table(rows));
    return page_reply(200, "Search", body, words);
  }
  body.add(listing(view, words, page));
  return page_reply(200, "Search", body, words);
}

}  // namespace

Result<Reply> home_reply(const HomeView& view, std::string_view query) {
  const std::string words = fold_space(query_value(query, "q").substr(0, kMostSearched));
  const std::size_t page = page_number(query);
  if (!words.empty()) return search_reply(view, words, page);
  Markup body;
  body.raw("<h1>What this archive holds</h1>");
  for (const std::string& warning : view.archive.warnings()) body.raw("<p class=\"notice\">").text(warning).raw("</p>");
  body.add(counts(view.stats)).add(listing(view, {}, page));
  auto newest = view.index.newest_captures();
  std::erase_if(newest, [&](const storage::Capture& capture) { return !view.archive.capture(capture.id); });
  if (!newest.empty() && page == 1) body.raw("<h2>Newest captures</h2>").add(captures_table(newest, true));
  return page_reply(200, "Archive", body);
}

}  // namespace vellum::replay
