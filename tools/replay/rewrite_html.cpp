// Pages: which attribute is changed how. See rewrite.h for why.

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "plugins/html/tag_scanner.h"
#include "tools/replay/rewrite.h"
#include "tools/replay/tag_attributes.h"

namespace vellum::replay {
namespace {

template <std::size_t N>
bool is_one_of(const std::string_view (&words)[N], std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// Their content is not markup when scripting is off (so noscript is not among them).
constexpr std::string_view kRawTextElements[] = {"script", "style",   "title",    "textarea",
                                                 "xmp",    "noembed", "noframes", "iframe"};
constexpr std::string_view kUrlAttributes[] = {"href",     "src",    "poster",     "background",
                                               "longdesc", "action", "formaction", "lowsrc"};
constexpr std::string_view kSetAttributes[] = {"srcset", "imagesrcset"};
// They reach out (ping), need an origin that the replay does not have (crossorigin), no longer hold for changed bytes
// (integrity), open windows that the sandbox forbids (target), or are a page within an attribute (srcdoc).
constexpr std::string_view kRenamedAttributes[] = {"ping", "crossorigin", "integrity", "target", "manifest", "srcdoc"};
// A hint makes a browser connect at once, whatever the policy says.
constexpr std::string_view kHintRelations[] = {"preconnect", "dns-prefetch",  "prefetch", "prerender",
                                               "preload",    "modulepreload", "manifest", "pingback"};
constexpr std::string_view kRenamedPragmas[] = {
    "refresh",      "content-security-policy", "content-security-policy-report-only", "set-cookie",
    "content-type", "x-dns-prefetch-control"};

// The relations of a <link> that are no hints: "preload stylesheet" -> "stylesheet".
std::string without_hints(std::string_view rel) {
  const std::string lower = to_lower_ascii(rel);
  std::string kept;
  std::string_view rest = lower;
  while (!rest.empty()) {
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\n\r\f"));
    if (!word.empty() && !is_one_of(kHintRelations, word)) (kept += kept.empty() ? "" : " ") += word;
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return kept;
}

// "a.png 1x, b.png 2x": a candidate's URL ends at white space; a trailing comma belongs to the list (HTML, "srcset").
std::string rewrite_set(std::string_view set, const RewriteContext& context) {
  std::string out;
  while (true) {
    const std::size_t from = set.find_first_not_of(" \t\n\r\f,");
    if (from == std::string_view::npos) return out;
    set.remove_prefix(from);
    std::string_view url = set.substr(0, set.find_first_of(" \t\n\r\f"));
    set.remove_prefix(url.size());
    std::string_view descriptor;
    if (url.back() == ',') {
      while (!url.empty() && url.back() == ',') url.remove_suffix(1);
    } else {
      descriptor = set.substr(0, set.find(','));
      set.remove_prefix(descriptor.size());
    }
    if (!out.empty()) out += ", ";
    out += replay_path(url, context).value_or(std::string(url));
    if (!trim(descriptor).empty()) (out += ' ') += trim(descriptor);
  }
}

enum class Syntax { kHtml = 1, kXml };

// "svg:image" -> "image".
std::string_view local_name(std::string_view name) {
  return name.substr(name.rfind(':') + 1);
}

class HtmlRewriter {
 public:
  HtmlRewriter(std::string_view html, const RewriteContext& context, Syntax syntax)
      : html_(html), context_(context), syntax_(syntax) {}

  std::string run() {
    out_.reserve(html_.size() + html_.size() / 8);
    html::TagScanner scanner(html_);
    html::Tag tag;
    while (scanner.next(tag)) {
      if (tag.is_end) continue;
      const std::string name = to_lower_ascii(tag.name);
      const std::size_t content = rewrite_tag(local_name(name), tag.offset + 1 + tag.name.size());
      if (syntax_ == Syntax::kXml || !is_one_of(kRawTextElements, name)) continue;
      scanner.skip_raw_text(name);
      const bool has_end = scanner.next(tag);
      if (name == "style") rewrite_style(content, has_end ? tag.offset : html_.size());
    }
    copy_to(html_.size());
    return std::move(out_);
  }

 private:
  // Returns where the tag ends.
  std::size_t rewrite_tag(std::string_view name, std::size_t attributes_at) {
    const TagAttributes attributes = read_attributes(html_, attributes_at);
    for (const TagAttribute& attribute : attributes.all) rewrite_attribute(name, attribute);
    if (name == "base") follow_base(attributes);
    return attributes.end;
  }

  void rewrite_style(std::size_t from, std::size_t end) {
    replace(from, end - from, rewrite_css(html_.substr(from, end - from), context_));
  }

  void rewrite_attribute(std::string_view tag, const TagAttribute& attribute) {
    const std::string_view name = local_name(attribute.name);
    if (is_renamed(tag, name, attribute.value)) {
      replace(attribute.name_at, 0, "data-vellum-");
    } else if (attribute.span_length == 0) {
      return;
    } else if (is_one_of(kUrlAttributes, name) || (tag == "object" && name == "data")) {
      if (const auto path = replay_path(unescape_html(attribute.value), context_)) set_value(attribute, *path);
    } else if (is_one_of(kSetAttributes, name)) {
      set_value(attribute, rewrite_set(unescape_html(attribute.value), context_));
    } else if (tag == "link" && name == "rel") {
      set_value(attribute, without_hints(unescape_html(attribute.value)));
    } else if (name == "style") {
      set_value(attribute, rewrite_css(unescape_html(attribute.value), context_));
    }
  }

  static bool is_renamed(std::string_view tag, std::string_view name, std::string_view value) {
    if (is_one_of(kRenamedAttributes, name)) return true;
    if (tag == "base") return name == "href";
    if (tag == "meta" && name == "http-equiv") {
      return is_one_of(kRenamedPragmas, to_lower_ascii(trim(unescape_html(value))));
    }
    return tag == "meta" && name == "charset";  // the answer is UTF-8, whatever the page was
  }

  // The first <base href> counts for what follows it; a page's links before it are rare enough.
  void follow_base(const TagAttributes& attributes) {
    const TagAttribute* href = attributes.find("href");
    if (href == nullptr || has_base_) return;
    has_base_ = true;
    auto base = Url::parse(unescape_html(href->value), &context_.page);
    if (base && base->is_http()) context_.page = *std::move(base);
  }

  void set_value(const TagAttribute& attribute, std::string_view value) {
    replace(attribute.span_at, attribute.span_length, '"' + escape_html(value) + '"');
  }
  void replace(std::size_t from, std::size_t length, std::string_view by) {
    copy_to(from);
    out_ += by;
    copied_ = from + length;
  }
  void copy_to(std::size_t end) {
    out_ += html_.substr(copied_, end - copied_);
    copied_ = end;
  }

  std::string_view html_;
  RewriteContext context_;
  const Syntax syntax_;
  bool has_base_ = false;
  std::size_t copied_ = 0;
  std::string out_;
};

}  // namespace

std::string rewrite_html(std::string_view utf8, const RewriteContext& context) {
  return HtmlRewriter(utf8, context, Syntax::kHtml).run();
}

std::optional<std::string> rewrite_xml(std::string_view utf8, const RewriteContext& context) {
  if (utf8.find("<!ENTITY") != std::string_view::npos) return std::nullopt;
  return HtmlRewriter(utf8, context, Syntax::kXml).run();
}

}  // namespace vellum::replay
