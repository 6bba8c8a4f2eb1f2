#include "plugins/host/link_ledger.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "base/url_key.h"
#include "plugins/host/link_address.h"
#include "plugins/host/node_text.h"

namespace vellum::plugins {
namespace {

using html::Node;

constexpr std::size_t kMaxLinks = 50'000;

bool is_share_domain(const std::string& domain) {
  static constexpr std::array<std::string_view, 21> kHosts = {
      "twitter.com",   "x.com",         "facebook.com", "linkedin.com",    "reddit.com", "mendeley.com",
      "citeulike.org", "delicious.com", "del.icio.us",  "digg.com",        "weibo.com",  "whatsapp.com",
      "addthis.com",   "sharethis.com", "tumblr.com",   "stumbleupon.com", "bsky.app",   "pinterest.com",
      "wechat.com",    "addtoany.com",  "connotea.org"};
  return std::find(kHosts.begin(), kHosts.end(), domain) != kHosts.end();
}

// Where a link leads; JATS links by XLink.
std::optional<std::string_view> address_of(Node node) {
  if (node.is("a")) return node.attribute("href");
  const bool xml_link = node.is("ext-link") || node.is("uri") || node.is("self-uri");
  return xml_link ? node.attribute("xlink:href") : std::nullopt;
}

// Parts of a page that lead around the site.
std::vector<Node> navigation_of(Node root) {
  static const auto kNavigation = html::Selector::compile(
      "nav, footer, [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=menu]");
  VELLUM_ASSERT(kNavigation.has_value(), "the selector is a constant");
  return kNavigation->select(root);
}

std::string_view without_fragment(std::string_view href) {
  return href.substr(0, href.find('#'));
}

// A DOI anywhere in an address: in the path of a publisher, in the query of a share button.
std::optional<std::string> doi_in(const Url& url) {
  if (url.href().find("10.") == std::string::npos && url.href().find('%') == std::string::npos) return std::nullopt;
  auto found = find_dois(percent_decode(url.path_and_query()));
  if (found.empty()) return std::nullopt;
  std::string text = found.front().text;
  return normalise_doi(text.substr(0, text.find('&')));
}

template <std::size_t kCount>
bool holds_any(const std::string& path, const std::array<std::string_view, kCount>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return path.find(word) != std::string::npos; });
}

bool is_pdf(const Url& url) {
  static constexpr std::array<std::string_view, 4> kPaths = {"/doi/pdf/", "/doi/pdfplus/", "/doi/epdf/",
                                                             "/doi/pdfdirect/"};
  const std::string path = to_lower_ascii(url.pathname());
  return path.ends_with(".pdf") || path.ends_with("/pdf") || path.ends_with("/pdf/") || holds_any(path, kPaths);
}

// Files beside the article, as the publishers' systems name them.
bool is_supplement(const Url& url) {
  static constexpr std::array<std::string_view, 8> kPaths = {
      "/suppl_file/", "/supplementary/", "/extref/", "_esm.", "/mmc", "-mmc", "/supplementary-material/", "/dc1/"};
  const std::string path = to_lower_ascii(url.pathname());
  const std::size_t dot = path.find('.', path.rfind('/') + 1);
  return dot != std::string::npos && holds_any(path, kPaths);
}

// PDFs that every page of a journal links: they are about the journal.
bool is_about_journal(const Url& url) {
  static constexpr std::array<std::string_view, 9> kWords = {"authguide",    "author-guide", "masthead",
                                                             "-eab.",        "ed-board",     "ed_board",
                                                             "front-matter", "back-matter",  "instructions"};
  const std::string path = to_lower_ascii(url.pathname());
  return holds_any(path, kWords) || path.ends_with(".toc.pdf");
}

}  // namespace

LinkLedger::LinkLedger(const PageView& page, const std::vector<LinkRule>& rules, std::string own_doi,
                       const std::vector<Node>& taken)
    : page_(page),
      rules_(rules),
      own_doi_(std::move(own_doi)),
      own_domain_(registrable_domain(page.answer().url.hostname())),
      own_address_(without_fragment(page.answer().url.href())) {
  Node root = page.document().root();
  owners_.assign(page.document().node_count(), kFree);
  claim(taken, kLeftOut);
  for (std::size_t i = 0; i < rules.size(); ++i) claim(rules[i].selector->select(root), static_cast<std::int32_t>(i));
  claim(navigation_of(root), kLeftOut);
}

// Earlier claims stand. Nodes come in document order, so one that lies in the last one's sub-tree adds nothing: each
// call is linear in the page.
void LinkLedger::claim(const std::vector<Node>& nodes, std::int32_t owner) {
  std::size_t done = 0;
  for (Node node : nodes) {
    if (node.index() < done) continue;
    Node end = next_after(node, page_.document().root());
    done = end ? end.index() : owners_.size();
    for (std::size_t i = node.index(); i < done; ++i) {
      if (owners_[i] == kFree) owners_[i] = owner;
    }
  }
}

std::vector<OutboundLink> LinkLedger::read() const {
  std::vector<OutboundLink> out;
  Node body = page_.document().body();
  for (Node node = body; node && out.size() < kMaxLinks;) {
    if (address_of(node)) {
      read_anchor(node, out);
      node = next_after(node, body);
      continue;
    }
    if (node.type() == html::NodeType::kText) read_text(node, out);
    bool unread = node.is("script") || node.is("style") || node.is("template");
    node = unread ? next_after(node, body) : node.next_in_tree(body);
  }
  return out;
}

void LinkLedger::read_anchor(Node node, std::vector<OutboundLink>& out) const {
  OutboundLink link;
  link.raw_href = std::string(*address_of(node));
  if (owner_of(node) == kLeftOut || link.raw_href.starts_with('#')) return;
  auto url = link_address(link.raw_href, page_.base_url());
  if (!url || !url->is_http() || without_fragment(url->href()) == own_address_) return;
  if (!classify(*url, owner_of(node), link)) return;
  link.url = url->href();
  link.raw_text = node.text();
  link.offset = node.offset();
  out.push_back(std::move(link));
}

// Sets place, rel, doi and rule; false if the link is navigation.
bool LinkLedger::classify(const Url& url, std::int32_t owner, OutboundLink& link) const {
  if (owner == kLeftOut) return false;
  const auto resolved = doi_of_resolver_link(url.href());
  link.doi = resolved ? *resolved : doi_in(url).value_or("");
  if (owner == kFree) return classify_by_target(url, resolved.has_value(), link);
  const LinkRule& rule = rules_[static_cast<std::size_t>(owner)];
  link.place = rule.place;
  link.rel = rule.rel;
  link.rule = rule.name;
  return true;
}

const std::string& LinkLedger::domain_of(const Url& url) const {
  std::string host = url.hostname();
  if (host != last_host_.first || host.empty()) {
    last_host_.second = registrable_domain(host);
    last_host_.first = std::move(host);
  }
  return last_host_.second;
}

bool LinkLedger::classify_by_target(const Url& url, bool resolver, OutboundLink& link) const {
  bool own = !link.doi.empty() && link.doi == own_doi_;
  const bool of_another = !link.doi.empty() && !own_doi_.empty() && !link.doi.starts_with(own_doi_);
  const std::string& domain = domain_of(url);
  bool elsewhere = domain != own_domain_;
  link.rule = "html.a";
  if (is_share_domain(domain)) {
    link.place = link.rel = "share";
  } else if (is_supplement(url) && (own || !elsewhere) && !of_another) {
    link.place = "related";
    link.rel = "supplement";
  } else if (is_pdf(url) && !own && !elsewhere && is_about_journal(url)) {
    return false;
  } else if (is_pdf(url) && (own || !elsewhere) && !of_another) {
    link.place = "fulltext";
    link.rel = "pdf";
  } else if (own) {
    link.place = link.rel = "self";
  } else if (resolver || elsewhere || pmid_of_link(url.href()) || pmcid_of_link(url.href())) {
    link.place = "body";
  } else {
    return false;
  }
  return true;
}

// DOIs that are printed but not linked.
void LinkLedger::read_text(Node node, std::vector<OutboundLink>& out) const {
  std::int32_t owner = owner_of(node);
  if (owner == kLeftOut || node.own_text().find("10.") == std::string_view::npos) return;
  const LinkRule* rule = owner == kFree ? nullptr : &rules_[static_cast<std::size_t>(owner)];
  for (const FoundDoi& found : find_dois(node.own_text())) {
    bool own = found.doi == own_doi_;
    OutboundLink link;
    link.place = rule ? rule->place : own ? "self" : "body";
    link.rel = rule ? rule->rel : own ? "self" : "";
    link.url = "https://doi.org/" + found.doi;
    link.doi = found.doi;
    link.raw_text = found.text;
    link.offset = node.offset();
    link.rule = (rule ? rule->name : "html") + ".text";
    out.push_back(std::move(link));
  }
}

Json record_links(const std::vector<OutboundLink>& ledger) {
  Json links = Json::array();
  std::set<std::pair<std::string, std::string>> seen;
  for (const OutboundLink& link : ledger) {
    bool of_the_work =
        !link.rel.empty() && link.rel != "reference" && link.place != "similar" && link.place != "cited-by";
    if (!of_the_work || link.raw_href.empty() || !seen.emplace(link.rel, link.url).second) continue;
    Json entry = {{"rel", link.rel}, {"url", link.url}};
    if (!link.doi.empty()) entry["doi"] = link.doi;
    links.push_back(std::move(entry));
  }
  return links;
}

}  // namespace vellum::plugins
