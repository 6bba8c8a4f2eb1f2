#include "tools/replay/site.h"

#include "base/text.h"
#include "tools/replay/article_page.h"
#include "tools/replay/captures_page.h"
#include "tools/replay/home_page.h"
#include "tools/replay/page_frame.h"
#include "tools/replay/snapshot.h"
#include "tools/replay/target.h"

namespace vellum::replay {
namespace {

using namespace std::chrono_literals;

constexpr auto kRefreshEvery = 1s;
constexpr auto kCountEvery = 10s;
constexpr auto kIndexBudget = 400ms;
constexpr std::string_view kWeb = "/web/", kArticle = "/article/";

// What follows `prefix`; nullopt if `text` does not begin with it.
std::optional<std::string_view> behind(std::string_view text, std::string_view prefix) {
  return text.starts_with(prefix) ? std::optional(text.substr(prefix.size())) : std::nullopt;
}

Reply error_reply(const Error& error) {
  switch (error.kind) {
    case ErrorKind::kInvalid:
      return message_reply(400, "That does not read as an address", error.message);
    case ErrorKind::kNotFound:
      return message_reply(404, "Not in this archive", error.message);
    case ErrorKind::kCorrupt:
      return message_reply(500, "The archive is damaged here",
                           error.message + ". Run vellum check to see what else is.");
    default:
      return message_reply(500, "The archive could not be read", error.message);
  }
}

Reply favicon() {
  Reply reply;
  reply.body = favicon_svg();
  reply.set("Content-Type", "image/svg+xml");
  reply.set("Content-Security-Policy", std::string(archived_policy("image/svg+xml")));
  return reply;
}

// The part of a Referer behind scheme and authority, if it is one of our /web/ addresses.
std::string_view web_part(std::string_view referer) {
  const std::size_t authority = referer.find("://");
  if (authority == std::string_view::npos) return {};
  const std::size_t path = referer.find('/', authority + 3);
  return path == std::string_view::npos ? std::string_view() : behind(referer.substr(path), kWeb).value_or("");
}

}  // namespace

Reply refusal(int status, std::string_view message) {
  Reply reply = message_reply(status, "Not answered", message);
  add_common_fields(reply);
  return reply;
}

Reply Site::answer(const Request& request) {
  Reply reply = reply_to(request);
  add_common_fields(reply);
  return reply;
}

Reply Site::reply_to(const Request& request) {
  if (!is_own_host(request.host, listen_host_)) {
    return message_reply(403, "Not answered",
                         "This server answers under its own name only, not as " + request.host + ".");
  }
  if (request.method != "GET" && request.method != "HEAD") {
    Reply reply = message_reply(405, "Not answered", "The replay only answers GET and HEAD: it changes nothing.");
    reply.set("Allow", "GET, HEAD");
    return reply;
  }
  if (!request.target.starts_with('/')) return refusal(400, "The request has no path.");
  refresh(false);
  Result<Reply> reply = route(request);
  const bool may_have_moved =
      !reply && (reply.error().kind == ErrorKind::kCorrupt || reply.error().kind == ErrorKind::kStorage);
  if (may_have_moved) {
    refresh(true);
    reply = route(request);
  }
  return reply ? *std::move(reply) : error_reply(reply.error());
}

Result<Reply> Site::route(const Request& request) {
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  const std::string_view path = target.substr(0, question);
  if (own_pages_) {
    if (auto own = own_pages_(path)) return *std::move(own);
  }
  if (const auto rest = behind(target, kWeb)) {
    VELLUM_TRY(const ArchivedTarget archived, parse_archived_target(*rest));
    return archived.is_list ? captures_reply(archive_, archived.url) : snapshot_reply(archive_, archived, request);
  }
  if (const auto rest = behind(target, kArticle)) return article_reply(archive_, *rest);
  if (path == "/") return home(question == std::string_view::npos ? std::string_view() : target.substr(question + 1));
  if (path == "/favicon.svg") return favicon();
  return stray(request);
}

Result<Reply> Site::home(std::string_view query) {
  VELLUM_CHECK(index_.catch_up(archive_, kIndexBudget));
  VELLUM_TRY(const storage::ArchiveStats counts, stats());
  return home_reply({archive_, index_, counts}, query);
}

// A path of an archived site that slipped by the rewriting (say a url(/x.png) that a style sheet hides): what asked for
// it tells whose it is.
Result<Reply> Site::stray(const Request& request) {
  const std::string_view from = web_part(request.referer);
  const auto asker =
      from.empty() ? Result<ArchivedTarget>(fail(ErrorKind::kNotFound, "")) : parse_archived_target(from);
  if (asker && asker->at) {
    if (const auto url = Url::parse(request.target, &asker->url); url && url->is_http()) {
      return redirect_to(web_path(*asker->at, url->without_fragment().href()));
    }
  }
  Markup hint;
  hint.raw("<p>").link("/", "What this archive holds").raw("</p>");
  return message_reply(404, "No such page", "This server has no page of that name.", hint);
}

void Site::refresh(bool even_if_fresh) {
  const std::lock_guard lock(mutex_);
  const auto now = Steady::now();
  if (!even_if_fresh && refreshed_ && now - *refreshed_ < kRefreshEvery) return;
  ignore(archive_.refresh(), "what was read before still stands; the next read says what is wrong");
  refreshed_ = now;
}

Result<storage::ArchiveStats> Site::stats() {
  const std::lock_guard lock(mutex_);
  const auto now = Steady::now();
  if (counted_ && now - *counted_ < kCountEvery) return stats_;
  VELLUM_TRY(stats_, archive_.stats());
  counted_ = now;
  return stats_;
}

}  // namespace vellum::replay
