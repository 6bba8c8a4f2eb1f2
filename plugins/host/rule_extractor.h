// Runs one layout of a rule on a page and its fragments.
//
// Threads: any.

#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "plugins/host/page.h"
#include "plugins/host/page_view.h"
#include "plugins/host/rule.h"
#include "plugins/host/substance.h"

namespace vellum::plugins {

// What a rule finds, before the generic reader fills gaps and the head is written.
struct Draft {
  Json record = Json::object();
  std::vector<OutboundLink> links;  // of the references; the rest is the ledger's
  std::vector<html::Node> taken;    // nodes of the page whose links are in `links`
  std::vector<FragmentWish> wishes;
  std::vector<const Answer*> used;   // fragments that were read
  std::vector<std::string> remarks;  // evidence: fragments that are no such thing
};

// The layout of `rule` that fits the page: its detectors match; of several, one whose dates hold the capture, then the
// first. nullptr if none fits.
const Layout* find_layout(const Rule& rule, const PageView& page);

// `judge` tells block pages among the fragments.
Draft run_layout(const Rule& rule, const Layout& layout, const PageView& page, const std::vector<Answer>& fragments,
                 const SubstanceJudge& judge);

}  // namespace vellum::plugins
