#include "plugins/html/document.h"

#include <gumbo.h>

#include <array>
#include <cstddef>
#include <cstring>
#include <limits>

#include "base/text.h"
#include "plugins/html/charset.h"
#include "plugins/html/document_tree.h"
#include "plugins/html/nesting_guard.h"
#include "plugins/html/parse_arena.h"

namespace vellum::html {
namespace {

// Offsets are kept in 32 bits.
constexpr std::size_t kLargestSource = 1u << 30;

void* allocate(void* arena, std::size_t bytes) {
  return static_cast<ParseArena*>(arena)->allocate(bytes);
}
void release(void*, void*) {}

// Null if the arena stopped the parse. Nothing in this frame needs a destructor: longjmp passes it by.
const GumboOutput* run_gumbo(ParseArena& arena, const std::string& source) {
  if (setjmp(arena.escape()) != 0) return nullptr;
  GumboOptions options = kGumboDefaultOptions;
  options.allocator = allocate;
  options.deallocator = release;
  options.userdata = &arena;
  options.max_errors = 0;  // recording errors is quadratic
  return gumbo_parse_with_options(&options, source.data(), source.size());
}

Failure describe_stop(const ParseArena& arena, const ParseOptions& options) {
  switch (arena.stop()) {
    case ParseArena::Stop::kMemory:
      return fail(ErrorKind::kTooLarge,
                  "page needs more than " + std::to_string(options.max_tree_bytes) + " bytes to parse");
    case ParseArena::Stop::kTime:
      return fail(ErrorKind::kTooLarge,
                  "page needs more than " + std::to_string(options.max_cpu.count()) + " ms to parse");
    case ParseArena::Stop::kDepth:
      return fail(ErrorKind::kTooLarge, "page nests deeper than " + std::to_string(options.max_depth) + " elements");
    case ParseArena::Stop::kAssertion:
    case ParseArena::Stop::kNone:
      break;
  }
  return fail(ErrorKind::kInvalid, std::string("html parser gave up: ") + arena.assertion());
}

std::string to_lower(GumboStringPiece piece) {
  return to_lower_ascii(std::string_view(piece.data, piece.length));
}

// Gumbo's tree to ours. The walk keeps its own stack, at most max_depth high.
class TreeCopier {
 public:
  TreeCopier(Document::Tree& tree, std::size_t max_depth) : tree_(tree), builder_(tree), max_depth_(max_depth) {}

  Result<void> copy(const GumboNode& document) {
    VELLUM_CHECK(enter(document, kNoNode));
    while (!path_.empty()) {
      Step& step = path_.back();
      if (step.next_child < step.children->length) {
        const auto* child = static_cast<const GumboNode*>(step.children->data[step.next_child++]);
        VELLUM_CHECK(enter(*child, step.node));
      } else {
        builder_.close(step.node);
        path_.pop_back();
      }
    }
    builder_.finish();
    return {};
  }

 private:
  struct Step {
    const GumboVector* children;
    unsigned next_child;
    std::uint32_t node;
  };

  Result<void> enter(const GumboNode& node, std::uint32_t parent) {
    switch (node.type) {
      case GUMBO_NODE_DOCUMENT:
        path_.push_back({&node.v.document.children, 0, builder_.open(NodeType::kDocument, parent)});
        return {};
      case GUMBO_NODE_ELEMENT:
      case GUMBO_NODE_TEMPLATE:
        return enter_element(node, parent);
      case GUMBO_NODE_COMMENT:
        return add_text(node.v.text, NodeType::kComment, parent);
      case GUMBO_NODE_TEXT:
      case GUMBO_NODE_CDATA:
      case GUMBO_NODE_WHITESPACE:
        return add_text(node.v.text, NodeType::kText, parent);
    }
    return {};
  }

  Result<void> enter_element(const GumboNode& node, std::uint32_t parent) {
    const GumboElement& element = node.v.element;
    if (path_.size() > max_depth_) return too_deep(element);
    const std::uint32_t index = builder_.open(NodeType::kElement, parent);
    set_name(index, element);
    for (unsigned i = 0; i < element.attributes.length; ++i) {
      add_attribute(index, *static_cast<const GumboAttribute*>(element.attributes.data[i]));
    }
    if ((node.parse_flags & GUMBO_INSERTION_BY_PARSER) == 0) set_place(tree_.nodes[index], element);
    path_.push_back({&element.children, 0, index});
    return {};
  }

  Failure too_deep(const GumboElement& element) const {
    std::string message = "page nests deeper than " + std::to_string(max_depth_) + " elements";
    if (element.original_tag.length > 0) {
      message += " at byte " + std::to_string(element.original_tag.data - tree_.source.data());
    }
    return fail(ErrorKind::kTooLarge, std::move(message));
  }

  void set_name(std::uint32_t index, const GumboElement& element) {
    if (element.tag != GUMBO_TAG_UNKNOWN) {
      Atom& name = known_names_[static_cast<std::size_t>(element.tag)];
      if (name != kNoAtom) return builder_.set_name(index, name);
      name = builder_.set_name(index, to_lower_ascii(gumbo_normalized_tagname(element.tag)));
      return;
    }
    GumboStringPiece name = element.original_tag;
    gumbo_tag_from_original_text(&name);
    static_cast<void>(builder_.set_name(index, to_lower(name)));
  }

  void add_attribute(std::uint32_t index, const GumboAttribute& attribute) {
    // In svg and math, Gumbo gives camel case back to names and takes "xlink:" off.
    if (attribute.attr_namespace != GUMBO_ATTR_NAMESPACE_NONE) {
      return builder_.add_attribute(index, to_lower(attribute.original_name), attribute.value);
    }
    const std::string_view name = attribute.name;
    if (std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
      return builder_.add_attribute(index, to_lower_ascii(name), attribute.value);
    }
    builder_.add_attribute(index, name, attribute.value);
  }

  Result<void> add_text(const GumboText& text, NodeType type, std::uint32_t parent) {
    const std::uint32_t index = builder_.open(type, parent);
    builder_.set_text(index, text.text);
    if (const std::size_t at = offset_of(text.original_text.data); at != kNoOffset) {
      tree_.nodes[index].offset = static_cast<std::uint32_t>(at);
    }
    return {};
  }

  void set_place(NodeRecord& record, const GumboElement& element) {
    const std::size_t start = offset_of(element.original_tag.data);
    if (start == kNoOffset) return;
    record.offset = static_cast<std::uint32_t>(start);
    const std::size_t begin = start + element.original_tag.length;
    const std::size_t end = end_of_content(element);
    if (end < begin || end > tree_.source.size()) return;  // moved about, so that it has no source of its own
    record.content_begin = static_cast<std::uint32_t>(begin);
    record.content_end = static_cast<std::uint32_t>(end);
  }

  std::size_t end_of_content(const GumboElement& element) const {
    const std::size_t end_tag = offset_of(element.original_end_tag.data);
    return end_tag != kNoOffset ? end_tag : element.end_pos.offset;
  }

  std::size_t offset_of(const char* place) const {
    if (place == nullptr) return kNoOffset;
    const auto distance = place - tree_.source.data();
    return distance >= 0 && static_cast<std::size_t>(distance) <= tree_.source.size()
               ? static_cast<std::size_t>(distance)
               : kNoOffset;
  }

  Document::Tree& tree_;
  TreeBuilder builder_;
  std::size_t max_depth_;
  std::vector<Step> path_;
  std::array<Atom, GUMBO_TAG_LAST> known_names_{};
};

Failure too_large(std::string_view what, std::size_t size, std::size_t limit) {
  return fail(ErrorKind::kTooLarge, "page is too large: " + std::to_string(size) + " bytes " + std::string(what) +
                                        ", limit " + std::to_string(limit));
}

Result<void> check_before_parse(const std::string& source, const ParseOptions& options) {
  const std::size_t limit = std::min(options.max_bytes, kLargestSource);
  // Other charsets grow up to threefold as UTF-8.
  if (source.size() / 3 > limit || source.size() > kLargestSource) return too_large("as utf-8", source.size(), limit);
  const Nesting nesting = measure_nesting(source, options.max_depth);
  if (nesting.depth <= options.max_depth) return {};
  return fail(ErrorKind::kTooLarge, "page nests deeper than " + std::to_string(options.max_depth) +
                                        " elements at byte " + std::to_string(nesting.offset));
}

}  // namespace

Document::Document() : tree_(std::make_unique<Tree>()) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Result<Document> Document::parse(std::string_view bytes, const ParseOptions& options) {
  if (bytes.size() > options.max_bytes) return too_large("as stored", bytes.size(), options.max_bytes);
  DecodedText text = decode_html(bytes, options.content_type_charset);
  Document document;
  document.tree_->source = std::move(text.utf8);
  document.tree_->charset = std::move(text.charset);
  VELLUM_CHECK(check_before_parse(document.tree_->source, options));

  const std::size_t max_tree_bytes = std::min<std::size_t>(options.max_tree_bytes, 0xFFFFFFFFu);
  ParseArena arena({.max_bytes = max_tree_bytes, .max_depth = options.max_depth, .max_cpu = options.max_cpu},
                   {.bytes = sizeof(GumboNode), .parent_offset = offsetof(GumboNode, parent)});
  const GumboOutput* output = run_gumbo(arena, document.tree_->source);
  if (output == nullptr) return describe_stop(arena, options);
  TreeCopier copier(*document.tree_, options.max_depth);
  VELLUM_CHECK(copier.copy(*output->document));
  return document;
}

Node Document::root() const {
  return Node(this, 0);
}
Node Document::html() const {
  return tree_->html == kNoNode ? Node() : Node(this, tree_->html);
}
Node Document::head() const {
  return tree_->head == kNoNode ? Node() : Node(this, tree_->head);
}
Node Document::body() const {
  return tree_->body == kNoNode ? Node() : Node(this, tree_->body);
}
const std::string& Document::source() const {
  return tree_->source;
}
const std::string& Document::charset() const {
  return tree_->charset;
}
std::size_t Document::node_count() const {
  return tree_->nodes.size();
}
bool Document::is_xml() const {
  return tree_->is_xml;
}

Node Document::by_id(std::string_view id) const {
  const PostingLists::List nodes = tree_->by_id.of(tree_->atoms.find(id));
  return nodes.size() == 0 ? Node() : Node(this, *nodes.begin());
}

// The first <base> with an href counts, wherever it stands. Spec: #document-base-url
Url Document::base_url(const Url& page) const {
  const Atom href = tree_->atoms.find("href");
  for (const std::uint32_t node : tree_->by_name.of(tree_->atoms.find("base"))) {
    const AttributeRecord* attribute = tree_->find_attribute(tree_->nodes[node], href);
    if (!attribute) continue;
    Result<Url> base = Url::parse(tree_->value_of(*attribute), &page);
    return base && base->is_http() ? std::move(*base) : page;
  }
  return page;
}

}  // namespace vellum::html
