#include "plugins/host/page_view.h"

#include <utility>

#include "base/media_type.h"
#include "base/text.h"

namespace vellum::plugins {
namespace {

MediaType declared_type(const Answer& answer) {
  return parse_media_type(answer.headers.first("Content-Type").value_or(""));
}

bool looks_like_markup(std::string_view body) {
  std::string_view start = trim(body.substr(0, 1024));
  return !start.empty() && (start[0] == '<' || start.find("<html") != std::string_view::npos ||
                            start.find("<div") != std::string_view::npos);
}

}  // namespace

std::string essence_of(const Answer& answer) {
  return sniffed_essence(declared_type(answer), std::string_view(answer.body).substr(0, 1024));
}

PageView::PageView(const Answer& answer, html::Document document)
    : answer_(&answer),
      document_(std::move(document)),
      metadata_(document_),
      json_ld_(html::json_ld(document_)),
      base_url_(document_.base_url(answer.url)) {}

Result<PageView> PageView::parse(const Answer& answer) {
  if (trim(answer.body).empty()) return fail(ErrorKind::kInvalid, "empty body");
  MediaType type;
  type.essence = essence_of(answer);
  bool undeclared = type.essence.empty() || !answer.headers.first("Content-Type");
  bool page = type.is_html() || type.is_xml() || (undeclared && looks_like_markup(answer.body));
  if (!page) return fail(ErrorKind::kInvalid, "no page but " + (type.essence.empty() ? "plain bytes" : type.essence));
  html::ParseOptions options;
  options.content_type_charset = declared_type(answer).charset;
  VELLUM_TRY(html::Document document, html::Document::parse(answer.body, options));
  return PageView(answer, std::move(document));
}

std::string PageView::title() const {
  for (html::Node node = document_.head().first_child(); node; node = node.next_sibling()) {
    if (node.is("title")) return fold_space(node.raw_text());
  }
  return {};
}

}  // namespace vellum::plugins
