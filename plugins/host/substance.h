// Is this page what was asked for? The judge names a substance and what it saw.
//
// General rules know the interstitials of the scholarly web: Cloudflare, reCAPTCHA, NCBI's block page, login walls,
// error pages served as 200, pages cut short. They fire only on pages that carry no article metadata, so that an
// article about captchas stays an article. A plugin's own [[substance]] rules come next, then what the record holds.
//
// Threads: immutable, any.

#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "base/error.h"
#include "base/json.h"
#include "plugins/host/page.h"
#include "plugins/host/page_view.h"
#include "plugins/host/rule.h"

namespace vellum::plugins {

class SubstanceJudge {
 public:
  SubstanceJudge();
  ~SubstanceJudge();
  SubstanceJudge(SubstanceJudge&&) noexcept;
  SubstanceJudge& operator=(SubstanceJudge&&) noexcept;

  // The verdict of the general rules; nullopt if none of them objects to the page.
  std::optional<Verdict> objection(const PageView& page) const;
  // The verdict on a page to which nothing objects: the first of `rules` that holds, else what `record` shows.
  Verdict judge(const PageView& page, const std::vector<SubstanceRule>& rules, const Json& record) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// For answers that are no page at all; `why` is the reason that parsing gave.
Verdict verdict_without_page(const Answer& answer, const Error& why);

// True if the head says what work the page is: Highwire, EPrints, bepress, Dublin Core or JSON-LD.
bool has_article_metadata(const PageView& page);

}  // namespace vellum::plugins
