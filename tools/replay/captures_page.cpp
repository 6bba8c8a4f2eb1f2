#include "tools/replay/captures_page.h"

#include <algorithm>

#include "tools/replay/choice.h"
#include "tools/replay/page_frame.h"
#include "tools/replay/target.h"

namespace vellum::replay {
namespace {

using storage::Archive;
using storage::Capture;

constexpr std::size_t kMostNeighbours = 20;
constexpr std::size_t kMostLookedAt = 2000;
constexpr std::size_t kMostShown = 1000;

Markup status_tag(const Capture& capture) {
  Markup tag;
  const std::string status = std::to_string(capture.status);
  if (capture.quarantined) return tag.raw("<span class=\"tag bad\">").text(status).raw(" quarantined</span>");
  if (is_success(capture)) return tag.raw("<span class=\"tag good\">").text(status).raw("</span>");
  return tag.raw("<span class=\"tag\">").text(status).raw("</span>");
}

void add_row(Markup& table, const Capture& capture, bool with_address) {
  table.raw("<tr><td class=\"t\"><a href=\"").text(web_path(capture.captured, capture.url)).raw("\">");
  table.time(capture.captured).raw("</a></td>");
  if (with_address) table.raw("<td class=\"wide\">").link(captures_path(capture.url), capture.url).raw("</td>");
  table.raw("<td>").add(status_tag(capture)).raw("</td><td>").text(capture.mime);
  table.raw("</td><td class=\"n\">").text(human_size(capture.bytes)).raw("</td><td>").text(capture.verdict);
  table.raw("</td><td>").text(name_of(capture.role)).raw("</td><td><a href=\"");
  table.text(raw_path(capture.captured, capture.url)).raw("\">raw</a></td></tr>");
}

// The newest captures whose address starts with `prefix`, one an address.
Result<std::vector<Capture>> neighbours(const Archive& archive, const std::string& prefix) {
  std::vector<Capture> found;
  std::size_t looked_at = 0;
  const auto collect = [&](const Capture& capture) {
    const bool is_shown = is_success(capture) && capture.role != storage::Role::kRobots;
    if (is_shown && !found.empty() && found.back().url == capture.url) {
      found.back() = capture;
    } else if (is_shown) {
      found.push_back(capture);
    }
    return found.size() < kMostNeighbours && ++looked_at < kMostLookedAt;
  };
  VELLUM_CHECK(archive.scan(prefix, collect));
  return found;
}

std::string folder_of(const Url& url) {
  const std::string path = url.pathname();
  std::size_t end = path.rfind('/');
  if (end != std::string::npos && end + 1 == path.size() && end > 0) end = path.rfind('/', end - 1);
  return url.origin() + path.substr(0, end == std::string::npos ? 0 : end) + "/";
}

}  // namespace

Markup captures_table(const std::vector<Capture>& newest_first, bool with_address) {
  Markup table;
  table.raw("<div class=\"scroll\"><table><thead><tr><th scope=\"col\">Captured (UTC)</th>");
  if (with_address) table.raw("<th scope=\"col\">Address</th>");
  table.raw(
      "<th scope=\"col\">Status</th><th scope=\"col\">Type</th><th scope=\"col\" class=\"n\">Size</th>"
      "<th scope=\"col\">Verdict</th><th scope=\"col\">Role</th><th scope=\"col\">Bytes</th></tr></thead><tbody>");
  for (const Capture& capture : newest_first) add_row(table, capture, with_address);
  return table.raw("</tbody></table></div>");
}

namespace {

std::string withheld_text(const storage::Embargo& embargo) {
  return "withheld until " + to_rfc3339(embargo.until) + ": " + embargo.reason;
}

}  // namespace

Result<Reply> captures_reply(const Archive& archive, const Url& url) {
  VELLUM_TRY(std::vector<Capture> captures, archive.captures(url));
  if (captures.empty()) return not_archived_reply(archive, url);
  std::vector<Capture> newest_first(captures.rbegin(), captures.rend());
  newest_first.resize(std::min(newest_first.size(), kMostShown));
  bool with_address = false;
  for (const Capture& capture : captures) with_address = with_address || capture.url != url.href();
  Markup body;
  body.raw("<p class=\"soft small\">").text(std::to_string(captures.size()));
  body.text(captures.size() == 1 ? " capture of" : " captures of").raw("</p><h1 class=\"measure\">").text(url.href());
  body.raw("</h1><p class=\"actions\">").link(article_path(url.href()), "Article record").raw("</p>");
  VELLUM_TRY(const std::vector<storage::Embargo> embargoes, archive.embargoes_over(url));
  for (const storage::Embargo& embargo : embargoes)
    body.raw("<p class=\"notice\">Other captures are ").text(withheld_text(embargo)).raw("</p>");
  body.add(captures_table(newest_first, with_address));
  if (captures.size() > kMostShown) {
    body.raw("<p class=\"soft\">The newest ").number(kMostShown).raw(" are shown; vellum log lists all.</p>");
  }
  return page_reply(200, "Captures of " + url.href(), body);
}

Result<Reply> not_archived_reply(const Archive& archive, const Url& url) {
  VELLUM_TRY(const std::vector<storage::Embargo> embargoes, archive.embargoes_over(url));
  if (!embargoes.empty())
    return message_reply(451, "Withheld for a time", url.href() + " is " + withheld_text(embargoes.front()));
  VELLUM_TRY(const std::vector<storage::Tombstone> stones, archive.tombstones(url));
  if (!stones.empty()) {
    const storage::Tombstone& last = stones.back();
    const int status = last.is_legal ? 451 : 410;  // RFC 7725; RFC 9110 section 15.5.11
    return message_reply(status, "Taken down",
                         url.href() + " was taken down at " + to_rfc3339(last.at) + ": " + last.reason);
  }
  VELLUM_TRY(std::vector<Capture> near, neighbours(archive, folder_of(url)));
  if (near.empty()) {
    VELLUM_TRY(near, neighbours(archive, url.origin() + "/"));
  }
  Markup hint;
  if (!near.empty()) hint.raw("<h2>Archived nearby</h2>").add(captures_table(near, true));
  return message_reply(404, "Not in this archive", "No capture of " + url.href() + " is here.", hint);
}

}  // namespace vellum::replay
