#include "plugins/html/links.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "plugins/html/addresses.h"
#include "plugins/html/document_tree.h"
#include "plugins/html/text_sink.h"

namespace vellum::html {
namespace {

constexpr std::size_t kMaxTextBytes = 1000;

enum class Form { kAddress, kSrcset, kCss, kRefresh };

struct Rule {
  std::string_view tag;  // "" is any
  std::string_view attribute;
  LinkKind kind;
  Form form;
};

// A table. What a <link> is depends on its rel, and is looked up below.
constexpr std::array kRules = {
    Rule{"a", "href", LinkKind::kHyperlink, Form::kAddress},
    Rule{"a", "xlink:href", LinkKind::kHyperlink, Form::kAddress},
    Rule{"area", "href", LinkKind::kHyperlink, Form::kAddress},
    Rule{"link", "href", LinkKind::kHyperlink, Form::kAddress},
    Rule{"link", "imagesrcset", LinkKind::kRequisite, Form::kSrcset},
    Rule{"form", "action", LinkKind::kForm, Form::kAddress},
    Rule{"button", "formaction", LinkKind::kForm, Form::kAddress},
    Rule{"input", "formaction", LinkKind::kForm, Form::kAddress},
    Rule{"meta", "content", LinkKind::kRefresh, Form::kRefresh},
    Rule{"img", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"img", "srcset", LinkKind::kRequisite, Form::kSrcset},
    Rule{"img", "data-src", LinkKind::kRequisite, Form::kAddress},  // lazy loading: shown once a script has run
    Rule{"img", "data-srcset", LinkKind::kRequisite, Form::kSrcset},
    Rule{"source", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"source", "srcset", LinkKind::kRequisite, Form::kSrcset},
    Rule{"source", "data-srcset", LinkKind::kRequisite, Form::kSrcset},
    Rule{"video", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"video", "poster", LinkKind::kRequisite, Form::kAddress},
    Rule{"audio", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"track", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"embed", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"object", "data", LinkKind::kRequisite, Form::kAddress},
    Rule{"iframe", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"frame", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"input", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"script", "src", LinkKind::kRequisite, Form::kAddress},
    Rule{"image", "href", LinkKind::kRequisite, Form::kAddress},
    Rule{"image", "xlink:href", LinkKind::kRequisite, Form::kAddress},
    Rule{"use", "href", LinkKind::kRequisite, Form::kAddress},
    Rule{"use", "xlink:href", LinkKind::kRequisite, Form::kAddress},
    Rule{"", "background", LinkKind::kRequisite, Form::kAddress},
    Rule{"", "style", LinkKind::kRequisite, Form::kCss},
};

struct RelKind {
  std::string_view rel;
  LinkKind kind;
};

// The first word of a rel that is found here decides. Others (preconnect, pingback, ...) are no links for a crawl.
constexpr std::array kRelKinds = {
    RelKind{"stylesheet", LinkKind::kRequisite},
    RelKind{"icon", LinkKind::kRequisite},
    RelKind{"apple-touch-icon", LinkKind::kRequisite},
    RelKind{"apple-touch-icon-precomposed", LinkKind::kRequisite},
    RelKind{"mask-icon", LinkKind::kRequisite},
    RelKind{"manifest", LinkKind::kRequisite},
    RelKind{"preload", LinkKind::kRequisite},
    RelKind{"modulepreload", LinkKind::kRequisite},
    RelKind{"canonical", LinkKind::kCanonical},
    RelKind{"alternate", LinkKind::kAlternate},
    RelKind{"amphtml", LinkKind::kAlternate},
    RelKind{"shortlink", LinkKind::kAlternate},
    RelKind{"next", LinkKind::kHyperlink},
    RelKind{"prev", LinkKind::kHyperlink},
    RelKind{"first", LinkKind::kHyperlink},
    RelKind{"last", LinkKind::kHyperlink},
    RelKind{"up", LinkKind::kHyperlink},
    RelKind{"contents", LinkKind::kHyperlink},
    RelKind{"index", LinkKind::kHyperlink},
    RelKind{"author", LinkKind::kHyperlink},
    RelKind{"license", LinkKind::kHyperlink},
    RelKind{"help", LinkKind::kHyperlink},
    // https://signposting.org: how scholarly sites tie landing page, content and metadata together
    RelKind{"cite-as", LinkKind::kHyperlink},
    RelKind{"describedby", LinkKind::kHyperlink},
    RelKind{"item", LinkKind::kHyperlink},
    RelKind{"collection", LinkKind::kHyperlink},
    RelKind{"linkset", LinkKind::kHyperlink},
};

// An alternate style sheet is a style sheet, so the order of the table counts, not that of the words.
std::optional<LinkKind> kind_of_rel(std::string_view lower_rel) {
  const std::vector<std::string_view> words = split(lower_rel, ' ');
  for (const RelKind& entry : kRelKinds) {
    if (std::find(words.begin(), words.end(), entry.rel) != words.end()) return entry.kind;
  }
  return std::nullopt;
}

// A scheme of another kind needs no parsing; data: addresses can be megabytes long.
bool has_other_scheme(std::string_view address) {
  address = trim(address);
  const auto in_scheme = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '-' ||
           c == '.';
  };
  std::size_t end = 0;
  while (end < address.size() && in_scheme(address[end])) ++end;
  if (end == address.size() || end == 0 || address[end] != ':') return false;
  const std::string_view scheme = address.substr(0, end);
  return !equals_ignore_case(scheme, "http") && !equals_ignore_case(scheme, "https");
}

std::string cut(std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    std::size_t end = kMaxTextBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text = trim(text.substr(0, end));
  }
  return std::string(text);
}

class LinkCollector {
 public:
  LinkCollector(const Document& page, const Url& address)
      : page_(page), tree_(page.tree()), base_(page.base_url(address)), rules_of_(tree_.atoms.size(), false) {
    for (const Rule& rule : kRules) {
      const Atom attribute = tree_.atoms.find(rule.attribute);
      if (attribute == kNoAtom || (!rule.tag.empty() && tree_.atoms.find(rule.tag) == kNoAtom)) continue;
      rules_.push_back({tree_.atoms.find(rule.tag), attribute, &rule});
      rules_of_[attribute] = true;
    }
  }

  std::vector<PageLink> run() {
    const Atom style = tree_.atoms.find("style");
    links_.reserve(tree_.by_attribute.of(tree_.atoms.find("href")).size() +
                   tree_.by_attribute.of(tree_.atoms.find("src")).size());
    for (std::uint32_t node = 0; node < tree_.nodes.size(); ++node) {
      const NodeRecord& record = tree_.nodes[node];
      if (record.type != NodeType::kElement) continue;
      for (std::uint32_t i = 0; i < record.count; ++i) {
        const AttributeRecord& attribute = tree_.attributes[record.first + i];
        if (rules_of_[attribute.name]) apply_rules(node, attribute);
      }
      if (record.name == style) add_css(node, page_.node(node).raw_text(), "");
    }
    return std::move(links_);
  }

 private:
  struct ResolvedRule {
    Atom tag, attribute;
    const Rule* rule;
  };

  void apply_rules(std::uint32_t node, const AttributeRecord& attribute) {
    for (const ResolvedRule& resolved : rules_) {
      if (resolved.attribute != attribute.name) continue;
      if (resolved.tag != kNoAtom && resolved.tag != tree_.nodes[node].name) continue;
      apply(node, *resolved.rule, tree_.value_of(attribute));
    }
  }

  void apply(std::uint32_t node, const Rule& rule, std::string_view value) {
    switch (rule.form) {
      case Form::kAddress:
        return add_address(node, rule, value);
      case Form::kSrcset:
        for (const std::string_view address : srcset_addresses(value)) add(node, rule.kind, rule.attribute, address);
        return;
      case Form::kCss:
        return add_css(node, value, rule.attribute);
      case Form::kRefresh:
        return add_refresh(node, value);
    }
  }

  void add_address(std::uint32_t node, const Rule& rule, std::string_view value) {
    LinkKind kind = rule.kind;
    if (rule.tag == "link") {
      const std::optional<LinkKind> by_rel = kind_of_rel(rel_of(node));
      if (!by_rel) return;
      kind = *by_rel;
    }
    add(node, kind, rule.attribute, value);
  }

  void add_css(std::uint32_t node, std::string_view css, std::string_view attribute) {
    for (const std::string& address : css_addresses(css)) add(node, LinkKind::kRequisite, attribute, address);
  }

  void add_refresh(std::uint32_t node, std::string_view value) {
    if (!equals_ignore_case(trim(page_.node(node).attribute("http-equiv").value_or("")), "refresh")) return;
    if (const auto address = refresh_address(value)) add(node, LinkKind::kRefresh, "content", *address);
  }

  void add(std::uint32_t node, LinkKind kind, std::string_view attribute, std::string_view address) {
    const bool stands_for_page = trim(address).empty();
    if (stands_for_page && kind != LinkKind::kHyperlink && kind != LinkKind::kForm) return;
    if (has_other_scheme(address)) return;
    Result<Url> url = Url::parse(address, &base_);
    if (!url || !url->is_http()) return;
    const NodeRecord& record = tree_.nodes[node];
    PageLink link{.url = std::move(*url),
                  .kind = kind,
                  .tag = std::string(tree_.atoms.text(record.name)),
                  .attribute = std::string(attribute),
                  .rel = rel_of(node),
                  .text = {},
                  .raw_href = std::string(address),
                  .offset = page_.node(node).offset()};
    if (kind == LinkKind::kHyperlink) link.text = text_of(node);
    links_.push_back(std::move(link));
  }

  // Links hold a small part of most pages; where they hold more (or each other), the whole page's text is indexed once.
  std::string text_of(std::uint32_t node) {
    nodes_read_ += tree_.nodes[node].end - node;
    if (nodes_read_ <= tree_.nodes.size() / 2) return cut(read_text(tree_, node));
    return cut(tree_.text_index(TextIndex::Case::kKept).text_of(node));
  }

  std::string rel_of(std::uint32_t node) const {
    const auto rel = page_.node(node).attribute("rel");
    return rel ? to_lower_ascii(fold_space(*rel)) : std::string();
  }

  const Document& page_;
  const Document::Tree& tree_;
  Url base_;
  std::vector<ResolvedRule> rules_;
  std::vector<bool> rules_of_;  // by attribute
  std::size_t nodes_read_ = 0;
  std::vector<PageLink> links_;
};

}  // namespace

std::vector<PageLink> links(const Document& page, const Url& address) {
  return LinkCollector(page, address).run();
}

std::vector<Url> css_links(std::string_view css, const Url& address) {
  std::vector<Url> links;
  for (const std::string& text : css_addresses(css)) {
    Result<Url> url = Url::parse(text, &address);
    if (url && url->is_http()) links.push_back(std::move(*url));
  }
  return links;
}

std::vector<std::string> robots_directives(const Document& page) {
  std::vector<std::string> directives;
  const Document::Tree& tree = page.tree();
  for (const std::uint32_t index : tree.by_name.of(tree.atoms.find("meta"))) {
    const Node meta = page.node(index);
    const std::string_view name = trim(meta.attribute("name").value_or(""));
    if (!equals_ignore_case(name, "robots") && !equals_ignore_case(name, "vellum")) continue;
    const std::string content = to_lower_ascii(meta.attribute("content").value_or(""));
    for (const std::string_view word : split(content, ',')) {
      if (!trim(word).empty()) directives.emplace_back(trim(word));
    }
  }
  return directives;
}

}  // namespace vellum::html
