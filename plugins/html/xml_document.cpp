#include <expat.h>

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <random>

#include "base/text.h"
#include "plugins/html/charset.h"
#include "plugins/html/document.h"
#include "plugins/html/document_tree.h"

namespace vellum::html {
namespace {

constexpr std::size_t kLargestSource = 1u << 30;  // offsets are kept in 32 bits

// Parts of a citation or an address that have their punctuation around them, formatting, and links run on in a line;
// all other elements stand for themselves.
constexpr std::array<std::string_view, 55> kInline = {"a",
                                                      "abbrev",
                                                      "article-title",
                                                      "b",
                                                      "chapter-title",
                                                      "comment",
                                                      "conf-name",
                                                      "edition",
                                                      "email",
                                                      "etal",
                                                      "ext-link",
                                                      "fpage",
                                                      "i",
                                                      "inline-formula",
                                                      "issue",
                                                      "lpage",
                                                      "math",
                                                      "mfenced",
                                                      "mfrac",
                                                      "mi",
                                                      "mml",
                                                      "mn",
                                                      "mo",
                                                      "monospace",
                                                      "mover",
                                                      "mrow",
                                                      "mspace",
                                                      "mstyle",
                                                      "msub",
                                                      "msubsup",
                                                      "msup",
                                                      "mtext",
                                                      "munder",
                                                      "munderover",
                                                      "named-content",
                                                      "overline",
                                                      "page-range",
                                                      "pub-id",
                                                      "publisher-loc",
                                                      "publisher-name",
                                                      "roman",
                                                      "sans-serif",
                                                      "sc",
                                                      "semantics",
                                                      "size",
                                                      "source",
                                                      "strike",
                                                      "styled-content",
                                                      "sub",
                                                      "sup",
                                                      "u",
                                                      "underline",
                                                      "uri",
                                                      "volume",
                                                      "xref"};

std::uint8_t traits_of(std::string_view name) {
  if (name == "sub" || name == "sup" || name == "i" || name == "b" || name == "em" || name == "strong") return kMarkup;
  if (name == "tex-math" || name == "annotation" || name == "annotation-xml" || name == "processing-meta") {
    return kHidden;
  }
  if (name == "break") return kLineBreak;
  const bool in_line = std::find(kInline.begin(), kInline.end(), name) != kInline.end();
  return in_line ? std::uint8_t{0} : static_cast<std::uint8_t>(kBlockBox);
}

// "mml:math" -> "math"; JATS's italic and bold get HTML's names, so that inline markup is kept alike.
std::string name_of(const char* written) {
  std::string_view name = written;
  const std::size_t colon = name.find(':');
  if (colon != std::string_view::npos) name.remove_prefix(colon + 1);
  if (name == "italic") return "i";
  if (name == "bold") return "b";
  return to_lower_ascii(name);
}

// The charset that the XML declaration names; "" if there is none.
std::string declared_charset(std::string_view bytes) {
  const std::string_view head = bytes.substr(0, 200);
  const std::size_t end = head.find("?>");
  const std::size_t at = head.find("encoding");
  if (!head.starts_with("<?xml") || end == std::string_view::npos || at == std::string_view::npos || at > end)
    return {};
  const std::size_t open = head.find_first_of("\"'", at);
  if (open == std::string_view::npos || open > end) return {};
  const std::size_t close = head.find(head[open], open + 1);
  return close == std::string_view::npos ? std::string() : std::string(head.substr(open + 1, close - open - 1));
}

// Expat's events to our tree. Nothing is expanded: the only entities that become text are those of XML and HTML.
class XmlBuilder {
 public:
  XmlBuilder(Document::Tree& tree, std::size_t max_depth)
      : tree_(tree), builder_(tree), max_depth_(max_depth), parser_(XML_ParserCreate("UTF-8"), XML_ParserFree) {}

  Result<void> run() {
    if (!parser_) return fail(ErrorKind::kTooLarge, "no memory for an XML parser");
    XML_SetHashSalt(parser_.get(), (static_cast<unsigned long>(std::random_device{}()) << 1) | 1);
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetDefaultHandler(parser_.get(), on_other);  // and so general entities are not expanded
    XML_SetEntityDeclHandler(parser_.get(), on_entity_declaration);
    open_.push_back(builder_.open(NodeType::kDocument, kNoNode));
    const auto status = XML_Parse(parser_.get(), tree_.source.data(), static_cast<int>(tree_.source.size()), XML_TRUE);
    if (!stop_.empty()) return fail(ErrorKind::kTooLarge, stop_);
    if (status != XML_STATUS_OK) return not_well_formed();
    builder_.close(0);
    builder_.finish();
    for (std::uint32_t node = 1; node < tree_.nodes.size(); node = tree_.nodes[node].end) {
      if (tree_.is_element(node)) tree_.html = tree_.body = node;
    }
    return {};
  }

 private:
  Failure not_well_formed() const {
    return fail(ErrorKind::kInvalid, "no well-formed XML: line " +
                                         std::to_string(XML_GetCurrentLineNumber(parser_.get())) + ": " +
                                         XML_ErrorString(XML_GetErrorCode(parser_.get())));
  }

  static void XMLCALL on_start(void* self, const char* name, const char** attributes) {
    static_cast<XmlBuilder*>(self)->start(name, attributes);
  }
  static void XMLCALL on_end(void* self, const char*) { static_cast<XmlBuilder*>(self)->end(); }
  static void XMLCALL on_text(void* self, const char* text, int size) {
    static_cast<XmlBuilder*>(self)->add(std::string_view(text, static_cast<std::size_t>(size)));
  }
  static void XMLCALL on_other(void* self, const char* text, int size) {
    static_cast<XmlBuilder*>(self)->other(std::string_view(text, static_cast<std::size_t>(size)));
  }
  static void XMLCALL on_entity_declaration(void* self, const char*, int, const char*, int, const char*, const char*,
                                            const char*, const char*) {
    static_cast<XmlBuilder*>(self)->stop("the XML declares entities");
  }

  void stop(std::string why) {
    if (stop_.empty()) stop_ = std::move(why);
    XML_StopParser(parser_.get(), XML_FALSE);
  }

  std::uint32_t place() const { return static_cast<std::uint32_t>(XML_GetCurrentByteIndex(parser_.get())); }

  void start(const char* name, const char** attributes) {
    if (!stop_.empty()) return;
    flush();
    if (open_.size() > max_depth_) {
      return stop("page nests deeper than " + std::to_string(max_depth_) + " elements at byte " +
                  std::to_string(place()));
    }
    const std::uint32_t node = builder_.open(NodeType::kElement, open_.back());
    const std::string lower = name_of(name);
    builder_.set_name(node, lower);
    for (; attributes[0] != nullptr; attributes += 2) {
      builder_.add_attribute(node, to_lower_ascii(attributes[0]), attributes[1]);
    }
    NodeRecord& record = tree_.nodes[node];
    record.traits = static_cast<std::uint8_t>(traits_of(lower) | (text_traits_of(lower) & kLayout));
    record.offset = place();
    record.content_begin = record.offset + static_cast<std::uint32_t>(XML_GetCurrentByteCount(parser_.get()));
    open_.push_back(node);
  }

  void end() {
    if (!stop_.empty()) return;
    flush();
    NodeRecord& record = tree_.nodes[open_.back()];
    record.content_end = std::max(record.content_begin, place());
    builder_.close(open_.back());
    open_.pop_back();
  }

  void add(std::string_view text) {
    if (text_.empty()) text_offset_ = place();
    text_ += text;
  }

  // An entity of a DTD that was not read: "&nbsp;", "&alpha;".
  void other(std::string_view text) {
    if (open_.size() > 1 && text.size() <= 40 && text.starts_with('&') && text.ends_with(';')) {
      add(unescape_html(std::string(text)));
    }
  }

  void flush() {
    if (text_.empty()) return;
    const std::uint32_t node = builder_.open(NodeType::kText, open_.back());
    builder_.set_text(node, text_);
    tree_.nodes[node].offset = text_offset_;
    text_.clear();
  }

  Document::Tree& tree_;
  TreeBuilder builder_;
  std::size_t max_depth_;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser_;
  std::vector<std::uint32_t> open_;
  std::string text_, stop_;
  std::uint32_t text_offset_ = 0;
};

}  // namespace

Result<Document> Document::parse_xml(std::string_view bytes, const ParseOptions& options) {
  if (bytes.size() > std::min(options.max_bytes, kLargestSource)) {
    return fail(ErrorKind::kTooLarge, "page is too large: " + std::to_string(bytes.size()) + " bytes");
  }
  const std::string declared = declared_charset(bytes);
  DecodedText text = decode_html(bytes, declared.empty() ? options.content_type_charset : declared);
  if (text.utf8.size() > kLargestSource) return fail(ErrorKind::kTooLarge, "page is too large as utf-8");
  Document document;
  document.tree_->source = std::move(text.utf8);
  document.tree_->charset = std::move(text.charset);
  document.tree_->is_xml = true;
  VELLUM_CHECK(XmlBuilder(*document.tree_, options.max_depth).run());
  return document;
}

}  // namespace vellum::html
