#include "plugins/host/reference_reader.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <map>
#include <optional>

#include "base/scholarly_id.h"
#include "base/text.h"
#include "plugins/host/link_address.h"
#include "plugins/host/node_text.h"

namespace vellum::plugins {
namespace {

using html::Node;

// Anchor texts that name a service and are no part of the reference.
bool is_link_word(std::string_view text) {
  static constexpr std::array<std::string_view, 25> kWords = {"doi",
                                                              "pubmed",
                                                              "pmc",
                                                              "pmc free article",
                                                              "free pmc article",
                                                              "google scholar",
                                                              "crossref",
                                                              "full text",
                                                              "article",
                                                              "medline",
                                                              "cas",
                                                              "scopus",
                                                              "web of science",
                                                              "isi",
                                                              "publisher",
                                                              "view article",
                                                              "pubmed central",
                                                              "europe pmc",
                                                              "cross ref",
                                                              "link",
                                                              "external link",
                                                              "google",
                                                              "openurl",
                                                              "find in library",
                                                              "find it"};
  std::string word = to_lower_ascii(text);
  std::size_t from = word.find_first_not_of("[( ");
  if (from == std::string::npos) return true;
  word = word.substr(from, word.find_last_not_of("]). ") - from + 1);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

std::vector<Node> anchors(Node item) {
  std::vector<Node> out;
  for (Node node = item.first_child(); node; node = node.next_in_tree(item)) {
    const bool link = node.is("a") && node.attribute("href");
    if (link || node.attribute("xlink:href")) out.push_back(node);
  }
  return out;
}

std::string text_without_link_words(Node item) {
  Cut cut;
  for (Node anchor : anchors(item)) {
    if (is_link_word(anchor.text())) cut.own.push_back(anchor.index());
  }
  return cut.empty() ? item.text() : text_without(item, cut);
}

// A search link or a link within the page says nothing of the work.
bool leads_to_the_work(const Url& url, const Url& page) {
  static constexpr std::array<std::string_view, 5> kSearches = {"scholar.google.com", "scholar.google.co.uk",
                                                                "www.scopus.com", "gateway.webofknowledge.com",
                                                                "gateway.isiknowledge.com"};
  const auto address = [](const Url& of) { return std::string_view(of.href()).substr(0, of.href().find('#')); };
  std::string host = url.hostname();
  bool search = std::find(kSearches.begin(), kSearches.end(), host) != kSearches.end();
  return url.is_http() && !search && address(url) != address(page);
}

void set_once(Json& work, const char* key, const std::optional<std::string>& value) {
  if (value && !work.contains(key)) work[key] = *value;
}

// Letters and digits of the text, without its DOI: what two printings of one reference have in common.
std::string essence(const Json& work) {
  std::string text = to_lower_ascii(text_of(work, "text"));
  std::string out;
  for (char c : std::string_view(text).substr(0, text.find("doi:"))) {
    if (std::isalnum(static_cast<unsigned char>(c)) || (c & 0x80)) out += c;
  }
  return out.substr(0, 120);
}

// What tells that two entries are one reference.
std::vector<std::string> keys_of(const Reference& reference) {
  std::vector<std::string> keys;
  for (const char* id : {"doi", "pmid", "pmcid"}) {
    std::string value = text_of(reference.work, id);
    if (!value.empty()) keys.push_back(std::string(id) + ":" + value);
  }
  std::string text = essence(reference.work);
  if (!text.empty()) keys.push_back("text:" + text);
  return keys;
}

std::optional<std::size_t> find_same(const std::map<std::string, std::size_t>& known, const Reference& reference) {
  for (const std::string& key : keys_of(reference)) {
    auto it = known.find(key);
    if (it != known.end()) return it->second;
  }
  return std::nullopt;
}

void merge(Reference& into, Reference from) {
  for (const auto& [key, value] : from.work.items()) {
    if (!into.work.contains(key)) into.work[key] = value;
  }
  for (OutboundLink& link : from.links) {
    auto known = std::find_if(into.links.begin(), into.links.end(),
                              [&](const OutboundLink& l) { return l.url == link.url && l.doi == link.doi; });
    if (known == into.links.end()) {
      into.links.push_back(std::move(link));
    } else if (known->offset < 0) {
      *known = std::move(link);  // it has a place on the page
    }
  }
}

}  // namespace

std::vector<Reference> ReferenceReader::read(const GroupRule& group) const {
  std::vector<Reference> out;
  for (const Place& item : groups_.items(group)) {
    Reference reference = read_one(group, item);
    if (!text_of(reference.work, "text").empty() || reference.work.contains("doi")) out.push_back(std::move(reference));
  }
  return out;
}

Reference ReferenceReader::read_one(const GroupRule& group, const Place& item) const {
  Reference reference;
  reference.work = groups_.read_item(group, item);
  if (item.json) {
    read_json_doi(reference);
    return reference;
  }
  if (!reference.work.contains("text")) {
    auto text = find_cleaner("reference")->apply(text_without_link_words(item.node));
    if (text) reference.work["text"] = *text;
  }
  read_links(item.node, reference);
  if (!reference.work.contains("doi")) {
    read_doi_in_text(item.node, reference);
  } else {
    add_doi_of_field(item.node, reference);
  }
  return reference;
}

void ReferenceReader::read_links(Node item, Reference& reference) const {
  for (Node anchor : anchors(item)) {
    OutboundLink link;
    const auto href = anchor.attribute("href");
    link.raw_href = std::string(href ? *href : *anchor.attribute("xlink:href"));
    auto url = link_address(link.raw_href, page_.base_url());
    if (!url || !leads_to_the_work(*url, page_.answer().url)) continue;
    auto doi = doi_of_resolver_link(url->href());
    auto pmid = pmid_of_link(url->href());
    auto pmcid = pmcid_of_link(url->href());
    set_once(reference.work, "doi", doi);
    set_once(reference.work, "pmid", pmid);
    set_once(reference.work, "pmcid", pmcid);
    if (!doi && !pmid && !pmcid) set_once(reference.work, "url", url->href());
    link.place = "reference";
    link.rel = "reference";
    link.url = url->href();
    link.doi = doi.value_or("");
    link.raw_text = anchor.text();
    link.offset = anchor.offset();
    link.rule = rule_ + (doi ? ".doi" : pmid ? ".pubmed" : pmcid ? ".pmc" : ".link");
    reference.links.push_back(std::move(link));
  }
}

namespace {

// A DOI that is printed in the item, not linked. `rule` says how it was found.
OutboundLink printed_doi(Node item, std::string doi, std::string text, std::string rule) {
  OutboundLink link;
  link.place = "reference";
  link.rel = "reference";
  link.url = "https://doi.org/" + doi;
  link.doi = std::move(doi);
  link.raw_text = std::move(text);
  link.rule = std::move(rule);
  for (Node node = item; node; node = node.next_in_tree(item)) {
    if (link.raw_text.empty() || node.own_text().find(link.raw_text) == std::string_view::npos) continue;
    link.offset = node.offset();
    break;
  }
  return link;
}

}  // namespace

void ReferenceReader::read_doi_in_text(Node item, Reference& reference) const {
  auto found = find_dois(text_of(reference.work, "text"));
  if (found.empty()) return;
  reference.work["doi"] = found.front().doi;
  reference.links.push_back(printed_doi(item, found.front().doi, found.front().text, rule_ + ".text"));
}

// An item of `json_items` stands nowhere on the page: its link has no offset.
void ReferenceReader::read_json_doi(Reference& reference) const {
  if (!reference.work.contains("doi")) {
    const auto found = find_dois(text_of(reference.work, "text"));
    if (found.empty()) return;
    reference.work["doi"] = found.front().doi;
  }
  reference.links.push_back(printed_doi(Node(), text_of(reference.work, "doi"), "", rule_ + ".json"));
}

// One that a rule read and no link leads to, as in XML.
void ReferenceReader::add_doi_of_field(Node item, Reference& reference) const {
  const std::string doi = text_of(reference.work, "doi");
  const bool linked = std::any_of(reference.links.begin(), reference.links.end(),
                                  [&](const OutboundLink& link) { return link.doi == doi; });
  if (linked) return;
  std::string printed;
  for (const FoundDoi& found : find_dois(item.raw_text())) {
    if (found.doi == doi) printed = found.text;
  }
  reference.links.push_back(printed_doi(item, doi, printed, rule_ + ".field"));
}

std::vector<Reference> joined(std::vector<Reference> page, std::vector<Reference> fragment) {
  std::map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < fragment.size(); ++i) {
    for (const std::string& key : keys_of(fragment[i])) known.emplace(key, i);
  }
  std::vector<Reference> own;
  for (Reference& reference : page) {
    if (auto same = find_same(known, reference)) {
      merge(fragment[*same], std::move(reference));
    } else {
      own.push_back(std::move(reference));
    }
  }
  bool whole_list = own.size() * 2 <= page.size();
  std::vector<Reference>& first = whole_list ? fragment : own;
  std::vector<Reference>& then = whole_list ? own : fragment;
  first.insert(first.end(), std::make_move_iterator(then.begin()), std::make_move_iterator(then.end()));
  return std::move(first);
}

void number(std::vector<Reference>& references) {
  int n = 0;
  for (Reference& reference : references) {
    ++n;
    reference.work["position"] = n;
    for (OutboundLink& link : reference.links) link.n = n;
  }
}

}  // namespace vellum::plugins
