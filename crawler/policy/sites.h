// What the [[site]] tables of a crawl say about a URL or a politeness group: who shares a budget, how it is spent, and
// what is different for URLs that begin in some way. The last is looked up key by key: see SiteRule.
//
// Threads: immutable, any. Cheap to copy.

#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/url.h"
#include "crawler/policy/calendar.h"
#include "crawler/policy/config.h"

namespace vellum::policy {

// How a group may be asked.
struct GroupManners {
  Duration delay{};
  int concurrency = 1;
  Calendar hours;
  std::string rule;  // "politeness", or "site line 12: ncbi": what the ledger names
};

// "site line 12: https://host/path/": how a table is named in records.
std::string name_of_site(const SiteRule& site);

class Sites {
 public:
  // No rules: registrable domains, the defaults of PolitenessConfig.
  Sites();
  // `config` has passed load_config, which compiled every calendar once.
  explicit Sites(const CrawlConfig& config);

  // As politeness_group(), but for the hosts of a rule with a group.
  std::string group_of(const Url& url) const;
  const GroupManners& manners(const std::string& group) const;
  bool wants_cookies(const Url& url) const;
  // The Authorization header for this URL, "" for none. Asked anew at every hop, so that a redirect to another host
  // does not take it along (RFC 9110, 15.4).
  std::string authorization_for(const Url& url) const;
  // The URL as seen_key() shall see it: without the query arguments that a site rule drops, and its name if it did.
  Url canonical(const Url& url) const;

  // The table that says whether `url` is in scope (SiteRule::in_scope is set); nullptr: the scope's own rules decide.
  const SiteRule* scope_rule(const Url& url) const;
  bool minds_traps(const Url& url) const;
  bool wants_requisites(const Url& page) const;
  bool follows_dois(const Url& page) const;
  const std::vector<std::string>& file_kinds(const Url& page) const;
  // What a host may take in a run.
  HostBudget budget_of(std::string_view hostname) const;
  // What becomes of an answer of `url` that says noarchive. `rule` is "" where nothing but the default says so.
  struct Archiving {
    Noarchive policy = Noarchive::kRestrict;
    std::string rule, reason;
  };
  Archiving archiving_of(const Url& url) const;

 private:
  struct Rules;
  const SiteRule* rule_of(std::string_view hostname) const;
  template <class Key>
  const SiteRule* deciding(const Url& url, Key SiteRule::*key) const;
  std::shared_ptr<const Rules> rules_;
};

}  // namespace vellum::policy
