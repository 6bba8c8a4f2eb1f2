// An HTML page as an immutable tree of our own, whoever parsed it. Gumbo is included in document.cpp alone.
//
//   auto page = Document::parse(body, {.content_type_charset = "utf-8"});
//   for (Node link : Selector::compile("a[href]")->select(page->root())) use(link.attribute("href"));
//
// The input is hostile, and Gumbo trusts it: it recurses when it frees, is quadratic on deep formatting elements, and
// has assertions that a page can reach. So size and nesting are checked before the parser sees the page, and depth,
// memory and time are watched while it runs (docs/decisions/0003-gumbo-behind-a-facade.md).
//
// Memory: the Document owns the UTF-8 text and all nodes; Node is a view (pointer and index), must not outlive it, and
//         does not survive the Document's being moved. A Document takes 2.5 to 5.5 times the page's size, the parse
//         another 6 to 10 times while it lasts.
// Threads: immutable after parse; any number of readers.
// Spec: https://html.spec.whatwg.org section 13; https://encoding.spec.whatwg.org

#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/url.h"

namespace vellum::html {

class Document;

enum class NodeType : std::uint8_t { kDocument, kElement, kText, kComment };

class Node {
 public:
  Node() = default;
  explicit operator bool() const { return document_ != nullptr; }
  bool operator==(const Node&) const = default;

  NodeType type() const;
  bool is_element() const { return *this && type() == NodeType::kElement; }
  std::string_view name() const;  // lower-case tag name; "" for others
  bool is(std::string_view tag) const { return name() == tag; }
  std::optional<std::string_view> attribute(std::string_view name) const;  // name in lower case
  std::vector<std::pair<std::string_view, std::string_view>> attributes() const;
  bool has_class(std::string_view name) const;
  std::string_view own_text() const;  // of a text or comment node, as parsed

  Node parent() const;
  Node first_child() const;
  Node next_sibling() const;
  Node previous_sibling() const;
  Node next_in_tree(Node scope) const;  // document order inside `scope`; falsy at its end

  // What a reader sees below the node: script, style, template, noscript, head and the like left out; block elements
  // and <br> separate words; white space folded. Asked of such an element itself, gives its own text. Linear.
  std::string text() const;
  // Whether text() has any word; looks no further than the first.
  bool has_text() const;
  // The same with sub, sup, i, em, b, strong kept as bare tags and everything else escaped: the record's *_html form.
  std::string inline_html() const;
  // The raw source of the element's content, as in the document's UTF-8 text; "" for nodes that the parser made up.
  std::string_view inner_source() const;
  // Concatenated text nodes, nothing folded or left out: for <script type="application/ld+json"> and <title>.
  std::string raw_text() const;
  // Where its start tag (or text) begins in the document's UTF-8 text; -1 for nodes that the parser made up.
  std::int64_t offset() const;

  bool is_block() const;  // begins and ends a line of text, so that it separates words

  std::uint32_t index() const { return index_; }  // document order; unique in its document
  const Document& document() const { return *document_; }

 private:
  friend class Document;
  Node(const Document* document, std::uint32_t index) : document_(document), index_(index) {}
  const Document* document_ = nullptr;
  std::uint32_t index_ = 0;
};

struct ParseOptions {
  std::string content_type_charset = {};    // from the HTTP header, "" if none
  std::size_t max_bytes = 24u << 20;        // kTooLarge above it
  std::size_t max_depth = 512;              // of elements, html is 1; kTooLarge above it
  std::size_t max_tree_bytes = 512u << 20;  // memory of the parse (ordinary pages: 6-10 times their size)
  std::chrono::milliseconds max_cpu{5000};  // processor time of the parse (ordinary pages: 45 ms for a MiB)
};

class Document {
 public:
  // `bytes` in whatever charset; decoded to UTF-8 by the HTML standard's order: BOM, HTTP header, meta prescan, then
  // UTF-8 if valid, else windows-1252. An empty page is a document with an empty body.
  // kTooLarge: size, nesting, memory or time over the limits (says which and, for nesting, where). kInvalid: the parser
  // met a case that it does not master and gave up.
  static Result<Document> parse(std::string_view bytes, const ParseOptions& options);
  static Result<Document> parse(std::string_view bytes) { return parse(bytes, ParseOptions()); }

  // An XML document (JATS, PubMed's) as a tree of the same kind, for the same selectors: names in lower case and
  // without their prefix ("mml:math" is math; attributes keep theirs), JATS's italic and bold named i and b, html() and
  // body() the root element, no head(). The charset is the declaration's. Nothing is loaded and no entity is expanded
  // but those that XML and HTML name. kInvalid: not well-formed (line and reason). kTooLarge: size or nesting over the
  // limits, or a DTD that declares entities.
  static Result<Document> parse_xml(std::string_view bytes, const ParseOptions& options);

  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  Node root() const;  // the document node; its element child is <html>
  Node html() const;
  Node head() const;
  Node body() const;
  const std::string& source() const;   // the UTF-8 text that offsets point into
  const std::string& charset() const;  // the charset that was used, WHATWG name
  bool is_xml() const;                 // made by parse_xml()
  // <base href> against the page's address.
  Url base_url(const Url& page) const;
  std::size_t node_count() const;  // indexes of nodes are below it
  // The element with this id, falsy if there is none.
  Node by_id(std::string_view id) const;

  // For the selector engine and its neighbours; document_tree.h.
  struct Tree;
  const Tree& tree() const { return *tree_; }
  Node node(std::uint32_t index) const { return Node(this, index); }

 private:
  friend class Node;
  Document();
  std::unique_ptr<Tree> tree_;
};

}  // namespace vellum::html
