// The ledger of outbound links and DOIs: each with its place on the page, its rule, its raw text and href, its offset.
//
// Of the DOI-shaped hrefs on real pages two thirds are share buttons and publisher paths. So a link is classified by
// the part of the page that it stands in (a plugin's [[links]] rules), then by what it leads to; navigation is left
// out.
//
// Threads: any.

#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/link.h"
#include "plugins/host/page_view.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

class LinkLedger {
 public:
  // `own_doi` is the page's; "" if unknown. `taken` are items that are listed already (references, with their links).
  // The rules must outlive the ledger.
  LinkLedger(const PageView& page, const std::vector<LinkRule>& rules, std::string own_doi,
             const std::vector<html::Node>& taken);

  // Links and unlinked DOIs in document order.
  std::vector<OutboundLink> read() const;

 private:
  // What a node's link is classified by: the rule whose part of the page it stands in, or none.
  static constexpr std::int32_t kFree = -1;     // no rule: by what the link leads to
  static constexpr std::int32_t kLeftOut = -2;  // listed elsewhere, or navigation
  void claim(const std::vector<html::Node>& nodes, std::int32_t owner);
  std::int32_t owner_of(html::Node node) const { return owners_[node.index()]; }
  void read_anchor(html::Node node, std::vector<OutboundLink>& out) const;
  void read_text(html::Node node, std::vector<OutboundLink>& out) const;
  bool classify(const Url& url, std::int32_t owner, OutboundLink& link) const;
  bool classify_by_target(const Url& url, bool resolver, OutboundLink& link) const;
  const std::string& domain_of(const Url& url) const;

  const PageView& page_;
  const std::vector<LinkRule>& rules_;
  std::string own_doi_;
  std::string own_domain_;
  std::string own_address_;                                // without its fragment
  mutable std::pair<std::string, std::string> last_host_;  // and its registrable domain: neighbours share theirs
  std::vector<std::int32_t> owners_;                       // by node index: a rule's number, kFree or kLeftOut
};

// The record's `links`: those of the ledger that lead to the work itself or belong to it, each address once per role.
Json record_links(const std::vector<OutboundLink>& ledger);

}  // namespace vellum::plugins
