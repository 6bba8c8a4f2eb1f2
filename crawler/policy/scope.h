// Whether a discovered URL belongs to the crawl, and which rule said so.
// Threads: immutable, any.

#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/url.h"
#include "crawler/policy/config.h"
#include "crawler/policy/sites.h"
#include "storage/archive/capture.h"

namespace vellum::policy {

struct ScopeDecision {
  bool in = false;
  // "hosts: *.ncbi.nlm.nih.gov", "hosts: none matches", "include line 7: /pmc/", "include: none matches",
  // "exclude line 12: /login", "exclude (--scope): /login", "max_depth 3", "scheme ftp", "requisite of a page",
  // "site line 30: https://www.example.org/old/", or a trap's: traps.h
  std::string rule;
};

class Scope {
 public:
  // kInvalid for a pattern that does not compile, with its line.
  // `now`: for traps of calendars; without it no year is too late. `sites`: what some URLs have otherwise.
  static Result<Scope> make(const ScopeConfig& config, const std::vector<std::string>& seeds,
                            std::optional<Timestamp> now = std::nullopt, std::optional<Sites> sites = std::nullopt);

  // Pages: scheme, depth, the [[site]] that says in or out, hosts, then the rules in order, then traps: what a rule or
  // a site includes is never one. Requisites:
  // scheme only (any host), since a page is not whole without them. Fragments and redirects of pages are judged as
  // pages of the given depth.
  ScopeDecision decide(const Url& url, storage::Role role, int depth) const;

 private:
  struct Rules;
  std::shared_ptr<const Rules> rules_;
};

// The host names of the seeds, each once: what an empty list of hosts stands for.
std::vector<std::string> seed_hosts(const std::vector<std::string>& seeds);

}  // namespace vellum::policy
