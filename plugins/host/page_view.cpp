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

// Pages that are served as XML, and those that begin like it where nothing says. XHTML is read as HTML.
bool may_be_xml(const MediaType& type, bool undeclared, std::string_view body) {
  if (type.is_html()) return false;
  const std::string_view start = trim(body.substr(0, 1024));
  const auto begins = [&](std::string_view word) { return start.starts_with(word); };
  return type.is_xml() || (undeclared && (begins("<?xml") || begins("<!DOCTYPE article") || begins("<article ") ||
                                          begins("<PubmedArticle") || begins("<PubmedBookArticle")));
}

// PubMed's report=xml and report=medline stood in a page of HTML, escaped, as the text of <pre>. "" if this is none.
std::string printed_xml(std::string_view body) {
  const std::size_t open = body.substr(0, 1024).find("<pre");
  const std::size_t from = open == std::string_view::npos ? open : body.find('>', open);
  if (from == std::string_view::npos) return {};
  const std::string_view text = trim(body.substr(from + 1, body.find("</pre>", from) - from - 1));
  if (!text.starts_with("&lt;PubmedArticle&gt;") && !text.starts_with("&lt;PubmedBookArticle&gt;")) return {};
  return "<PubmedArticleSet>" + unescape_html(text) + "</PubmedArticleSet>";
}

Result<html::Document> parse_markup(const Answer& answer, bool may_be_xml, const html::ParseOptions& options) {
  if (!may_be_xml) {
    const std::string printed = printed_xml(answer.body);
    auto inner = printed.empty() ? Result<html::Document>(fail(ErrorKind::kInvalid, ""))
                                 : html::Document::parse_xml(printed, options);
    return inner ? std::move(inner) : html::Document::parse(answer.body, options);
  }
  auto xml = html::Document::parse_xml(answer.body, options);
  const bool gave_up = !xml && xml.error().kind == ErrorKind::kTooLarge;
  if (gave_up || (xml && !xml->html().is("html"))) return xml;
  return html::Document::parse(answer.body, options);
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
  const bool xml = may_be_xml(type, undeclared || type.essence == "text/plain", answer.body);
  bool page = type.is_html() || xml || (undeclared && looks_like_markup(answer.body));
  if (!page) return fail(ErrorKind::kInvalid, "no page but " + (type.essence.empty() ? "plain bytes" : type.essence));
  html::ParseOptions options;
  options.content_type_charset = declared_type(answer).charset;
  VELLUM_TRY(html::Document document, parse_markup(answer, xml, options));
  return PageView(answer, std::move(document));
}

std::string PageView::title() const {
  for (html::Node node = document_.head().first_child(); node; node = node.next_sibling()) {
    if (node.is("title")) return fold_space(node.raw_text());
  }
  return {};
}

}  // namespace vellum::plugins
