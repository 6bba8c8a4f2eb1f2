#include "tools/replay/article_page.h"

#include "base/scholarly_id.h"
#include "base/text.h"
#include "tools/replay/article_body.h"
#include "tools/replay/captures_page.h"
#include "tools/replay/choice.h"
#include "tools/replay/page_frame.h"
#include "tools/replay/target.h"

namespace vellum::replay {
namespace {

using storage::Archive;
using storage::Capture;

Markup source_actions(const Capture& capture, std::size_t captures) {
  Markup body;
  body.raw("<p class=\"actions\"><a href=\"").text(web_path(capture.captured, capture.url));
  body.raw("\">Open the snapshot of ").time(capture.captured).raw("</a><a href=\"").text(captures_path(capture.url));
  body.raw("\">All ").number(captures).text(captures == 1 ? " capture" : " captures").raw("</a><a href=\"");
  return body.text(raw_path(capture.captured, capture.url)).raw("\">Raw bytes</a></p>");
}

// The other captures of the page that have a record, each with a link to it.
Markup history(const Archive& archive, const std::vector<Capture>& captures, const Capture& shown) {
  constexpr std::size_t kMostShown = 50;
  Markup rows;
  std::size_t count = 0;
  for (auto at = captures.rbegin(); at != captures.rend() && count < kMostShown; ++at) {
    if (at->role != storage::Role::kPage || !archive.article(at->id)) continue;
    ++count;
    rows.raw("<li><a href=\"").text(article_path(at->captured, at->url)).raw("\">").time(at->captured).raw("</a> ");
    if (at->id == shown.id) rows.raw("<span class=\"tag good\">shown here</span> ");
    if (at->quarantined) rows.raw("<span class=\"tag bad\">quarantined</span> ");
    rows.raw("<span class=\"soft small mono\">").text(at->digest.to_text().substr(0, 19)).raw("…</span></li>");
  }
  Markup body;
  if (count > 1) body.raw("<h2>History</h2><ul class=\"plain\">").add(rows).raw("</ul>");
  return body;
}

Result<Reply> record_reply(const Archive& archive, const std::vector<Capture>& captures, const Capture& capture) {
  VELLUM_TRY(const storage::StoredArticle article, archive.article(capture.id));
  Markup body;
  if (capture.quarantined) {
    body.raw("<p class=\"notice\">Quarantined as “").text(capture.verdict);
    body.raw("”: this is not the page that was asked for.</p>");
  }
  body.add(article_head(article)).add(source_actions(capture, captures.size()));
  body.add(article_text(archive, article)).add(article_references(archive, article.record));
  body.add(article_neighbours(archive, article.record)).add(history(archive, captures, capture));
  body.raw("<p class=\"soft small\">Read by ").text(article.plugin).raw(" version ");
  body.text(std::to_string(article.plugin_version)).raw(", layout ");
  body.text(text_of(article.record, "layout").empty() ? "none" : text_of(article.record, "layout")).raw(".</p>");
  const std::string title = text_of(article.record, "title");
  return page_reply(200, title.empty() ? article.url : title, body);
}

// The newest record of a work, whichever of its addresses holds it.
Result<Reply> redirect_to_work(const Archive& archive, const std::string& key) {
  VELLUM_TRY(const auto captures, archive.captures_by_id(key));
  for (auto id = captures.rbegin(); id != captures.rend(); ++id) {
    const auto capture = archive.capture(*id);
    if (capture && !capture->quarantined) return redirect_to(article_path(capture->url));
  }
  return message_reply(404, "Not in this archive", "No archived page is about " + key + ".");
}

Result<Reply> no_record_reply(const std::vector<Capture>& captures, const Url& url) {
  Markup hint;
  hint.raw("<h2>Captures</h2>").add(captures_table({captures.rbegin(), captures.rend()}, true));
  return message_reply(404, "No article record", "No plugin's record is stored for a capture of " + url.href() + ".",
                       hint);
}

}  // namespace

Result<Reply> article_reply(const Archive& archive, std::string_view rest) {
  for (const std::string_view kind : {"doi:", "pmid:", "pmcid:"}) {
    if (!starts_with_ignore_case(rest, kind)) continue;
    const std::string key = identifier_key(percent_decode(kind == "pmcid:" ? rest.substr(kind.size()) : rest));
    if (key.empty()) return fail(ErrorKind::kInvalid, "no such identifier: " + repair_utf8(percent_decode(rest)));
    return redirect_to_work(archive, key);
  }
  VELLUM_TRY(const ArchivedTarget target, parse_archived_target(rest));
  VELLUM_TRY(const std::vector<Capture> captures, archive.captures(target.url));
  const auto has_record = [&](const Capture& capture) { return archive.article(capture.id).has_value(); };
  const Capture* capture = choose_capture(captures, target.url, target.at, has_record);
  if (capture != nullptr) return record_reply(archive, captures, *capture);
  if (captures.empty()) return not_archived_reply(archive, target.url);
  return no_record_reply(captures, target.url);
}

std::string identifier_key(std::string_view text) {
  if (auto doi = normalise_doi(text)) return "doi:" + *doi;
  if (starts_with_ignore_case(text, "pmc")) {
    if (auto pmcid = normalise_pmcid(text)) return "pmcid:" + *pmcid;
  }
  const bool is_number = !text.empty() && text.find_first_not_of("0123456789") == text.npos;
  if (is_number || starts_with_ignore_case(text, "pmid")) {
    if (auto pmid = normalise_pmid(text)) return "pmid:" + *pmid;
  }
  return "";
}

}  // namespace vellum::replay
