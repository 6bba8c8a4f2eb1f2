#include "tools/replay/snapshot.h"

#include <algorithm>
#include <iterator>

#include "base/http_message.h"
#include "base/media_type.h"
#include "base/text.h"
#include "plugins/html/charset.h"
#include "storage/archive/revisit.h"
#include "tools/replay/captures_page.h"
#include "tools/replay/choice.h"
#include "tools/replay/page_frame.h"
#include "tools/replay/rewrite.h"

namespace vellum::replay {
namespace {

using storage::Archive;
using storage::Capture;

// Stored fields that are told, under another name, since a browser acts on none of these.
constexpr std::string_view kToldFields[] = {"Content-Type", "Content-Language", "Date",    "Last-Modified",
                                            "ETag",         "Server",           "Location"};

// A status that a browser shows with its body and takes no step on; others are replayed as 200 and told in
// X-Archive-Orig-Status. 401 asks for a password, 408 and 421 are tried again, 204 and 304 show nothing.
int replayed_status(int status) {
  constexpr int kShown[] = {400, 402, 403, 404, 405, 406, 409, 410, 429, 451, 500, 501, 502, 503, 504};
  return std::find(std::begin(kShown), std::end(kShown), status) == std::end(kShown) ? 200 : status;
}

struct Exchange {
  const Capture& capture;
  HeaderBlock headers;
};

void add_memento_fields(Reply& reply, const Exchange& exchange) {
  reply.set("Memento-Datetime", to_http_date(exchange.capture.captured));
  reply.set("X-Archive-Orig-Status", std::to_string(exchange.capture.answer_status()));
  for (const std::string_view name : kToldFields) {
    if (auto value = exchange.headers.first(name)) reply.set("X-Archive-Orig-" + std::string(name), *std::move(value));
  }
  reply.set("X-Archive-Orig-Url", exchange.capture.url);
}

// Essence and charset put together anew, so that nothing else of the stored field goes through.
std::string media_type_field(const Exchange& exchange) {
  const MediaType declared = parse_media_type(exchange.headers.first("Content-Type").value_or(""));
  std::string essence = exchange.capture.mime.empty() ? declared.essence : exchange.capture.mime;
  if (essence.empty()) essence = "application/octet-stream";
  return declared.charset.empty() ? essence : essence + "; charset=" + declared.charset;
}

// Sandboxed pages ask for fonts with "Origin: null", and only fonts (and nothing readable) are given to that.
void allow_font(Reply& reply, const Request& request, std::string_view essence) {
  const bool is_font = essence.substr(0, 5) == "font/" || essence.substr(0, 16) == "application/font" ||
                       essence.substr(0, 18) == "application/x-font" || essence == "application/vnd.ms-fontobject";
  if (is_font && request.origin == "null") reply.set("Access-Control-Allow-Origin", "null");
}

// A browser is about to render the answer as a document of its own.
bool is_rendered(const Request& request) {
  static constexpr std::string_view kDocuments[] = {"document", "iframe", "frame", "object", "embed"};
  return std::find(std::begin(kDocuments), std::end(kDocuments), request.destination) != std::end(kDocuments);
}

// What a browser parses into a tree; it takes text/xsl for XML too.
bool is_markup(const MediaType& type) {
  return type.is_html() || type.is_xml() || type.essence == "text/xsl";
}

void show_as_text(Reply& reply, const MediaType& type) {
  reply.set("Content-Type", "text/plain" + (type.charset.empty() ? "" : "; charset=" + type.charset));
}

void rewrite_markup(Reply& reply, const MediaType& type, const RewriteContext& context) {
  const bool is_xml_markup = type.essence == "application/xhtml+xml" || type.essence == "image/svg+xml";
  if (!type.is_html() && !is_xml_markup) return show_as_text(reply, type);
  std::string text = html::decode_html(reply.body, type.charset).utf8;
  const auto rewritten = is_xml_markup ? rewrite_xml(text, context) : rewrite_html(text, context);
  reply.body = rewritten.value_or(std::move(text));
  reply.set("Content-Type", (rewritten ? type.essence : "text/plain") + "; charset=utf-8");
}

void rewrite_body(Reply& reply, const Exchange& exchange, const ArchivedTarget& target) {
  const MediaType type = parse_media_type(reply.field("Content-Type"));
  const auto address = Url::parse(exchange.capture.url);
  if (!address) return;
  if (is_markup(type)) {
    rewrite_markup(reply, type, {*address, to_digits14(exchange.capture.captured)});
  } else if (type.essence == "text/css") {
    // A style sheet shows what belongs to the page that asked for it: its time is the asked one.
    reply.body = rewrite_css(reply.body, {*address, to_digits14(target.at.value_or(exchange.capture.captured))});
  }
}

// Raw markup keeps its links and its connection hints, which no policy stops: a person who opens it in a browser gets
// to read it, programs get it with its own media type.
void guard_raw_body(Reply& reply, const Request& request) {
  const MediaType type = parse_media_type(reply.field("Content-Type"));
  if (is_rendered(request) && is_markup(type)) show_as_text(reply, type);
}

Result<Reply> content_reply(const Archive& archive, const Exchange& exchange, const ArchivedTarget& target,
                            const Request& request) {
  Reply reply;
  VELLUM_TRY(reply.body, archive.payload(exchange.capture.digest));
  reply.set("Content-Type", media_type_field(exchange));
  const std::string essence = parse_media_type(reply.field("Content-Type")).essence;
  reply.set("Content-Security-Policy", std::string(archived_policy(essence)));
  add_memento_fields(reply, exchange);
  allow_font(reply, request, essence);
  if (target.is_raw) {
    guard_raw_body(reply, request);
  } else {
    reply.status = replayed_status(exchange.capture.status);
    rewrite_body(reply, exchange, target);
  }
  return reply;
}

std::optional<Url> redirect_target(const Exchange& exchange) {
  if (!is_redirect(exchange.capture)) return std::nullopt;
  const auto location = exchange.headers.first("Location");
  const auto address = Url::parse(exchange.capture.url);
  if (!location || !address) return std::nullopt;
  auto target = Url::parse(*location, &*address);
  return target && target->is_http() ? std::optional(*std::move(target)) : std::nullopt;
}

Result<Exchange> exchange_of(const Archive& archive, const Capture& capture) {
  VELLUM_TRY(storage::ShownAnswer answer, storage::shown_answer(archive, capture));
  return Exchange{capture, HeaderBlock(std::move(answer.response))};
}

Reply replayed_redirect(const Exchange& exchange, const Url& to) {
  Reply reply = redirect_to(web_path(exchange.capture.captured, to.href()));
  reply.set("Content-Security-Policy", std::string(archived_policy("")));
  add_memento_fields(reply, exchange);
  return reply;
}

// A page is shown under its own time and address, so that its links lead to what belongs to it.
bool needs_own_address(const Capture& capture, const ArchivedTarget& target) {
  const bool is_page = parse_media_type(capture.mime).is_html();
  const bool is_there = target.at && to_digits14(*target.at) == to_digits14(capture.captured);
  return capture.url != target.url.href() || (is_page && !is_there);
}

// Default of the rights: what asks not to be shown from an archive is kept, and shown on this machine alone.
bool is_withheld(const Capture& capture, const Request& request) {
  const auto& rights = capture.rights;
  return !request.is_local && std::find(rights.begin(), rights.end(), "noarchive") != rights.end();
}

Result<Reply> reply_with(const Archive& archive, const Capture& capture, const ArchivedTarget& target,
                         const Request& request) {
  if (needs_own_address(capture, target)) {
    return redirect_to(target.is_raw ? raw_path(capture.captured, capture.url)
                                     : web_path(capture.captured, capture.url));
  }
  if (is_withheld(capture, request)) {
    return message_reply(403, "Withheld",
                         "This page asks archives not to show it, so it is shown on their own machine only.");
  }
  VELLUM_TRY(const Exchange exchange, exchange_of(archive, capture));
  if (const auto to = redirect_target(exchange); to && !target.is_raw) return replayed_redirect(exchange, *to);
  return content_reply(archive, exchange, target, request);
}

// A redirect that leads to the very address asked for (http to https, a cookie check) is no answer to it.
Result<bool> leads_back(const Archive& archive, const Capture& capture, const ArchivedTarget& target) {
  if (!is_redirect(capture)) return false;
  VELLUM_TRY(const Exchange exchange, exchange_of(archive, capture));
  const auto to = redirect_target(exchange);
  return to && to->without_fragment() == target.url;
}

}  // namespace

Result<Reply> snapshot_reply(const Archive& archive, const ArchivedTarget& target, const Request& request) {
  VELLUM_TRY(const std::vector<Capture> captures, archive.captures(target.url));
  const auto any = [](const Capture&) { return true; };
  const auto final_ones = [](const Capture& capture) { return !is_redirect(capture); };
  const Capture* capture = choose_capture(captures, target.url, target.at, any);
  if (capture == nullptr) return not_archived_reply(archive, target.url);
  if (!target.is_raw) {
    VELLUM_TRY(const bool is_loop, leads_back(archive, *capture, target));
    if (is_loop) capture = choose_capture(captures, target.url, target.at, final_ones);
    if (capture == nullptr) return not_archived_reply(archive, target.url);
  }
  return reply_with(archive, *capture, target, request);
}

}  // namespace vellum::replay
