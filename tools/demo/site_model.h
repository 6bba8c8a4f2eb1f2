// The demo site as data: articles, who cites whom, what is similar, what a search finds.
//
// Everything follows from (seed, number of articles): two programs with the same options hold the same site. The first
// article is the page this project started from, PubMed's 30526772; articles 1 to 5 are the five works that its page
// lists as references, as far as that page shows them. All others are made up, and their PMIDs and PMCIDs lie far above
// any that were given out.
//
// Threads: immutable.     Memory: a few KB an article.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "tools/demo/article.h"

namespace vellum::demo {

inline constexpr std::string_view kStartPmid = "30526772";
inline constexpr std::size_t kFewestArticles = 20;
inline constexpr std::size_t kMostArticles = 100'000;

// Addresses that look like articles and are not: each is cited by some article of the site.
inline constexpr std::string_view kBlockedPmid = "90900001";  // a block page, with status 200
inline constexpr std::string_view kCaptchaPmid = "90900002";  // a "checking your browser" page, with status 200
inline constexpr std::string_view kMissingPmid = "90900404";  // 404
// An ordinary article whose page takes --slow-ms longer.
inline constexpr std::string_view kSlowPmid = "90000009";

class Site {
 public:
  // `count` articles, the first one included; clamped to kFewestArticles...kMostArticles.
  Site(std::uint64_t seed, std::size_t count);

  std::uint64_t seed() const { return seed_; }
  const std::vector<Article>& articles() const { return articles_; }
  const Article* by_pmid(std::string_view pmid) const;    // nullptr: none
  const Article* by_pmcid(std::string_view pmcid) const;  // nullptr: none
  // Articles that `term` finds, in the order of a result list: "Heading"[MeSH], "J Abbr"[jour], an author's short name,
  // or words that all stand in the title.
  std::vector<const Article*> search(std::string_view term) const;

 private:
  void add_start_articles();
  void add_article(std::size_t index);
  void link_articles();
  void add_references(Article& article);
  void index_articles();

  std::uint64_t seed_;
  std::vector<Article> articles_;
  std::vector<Reference> elsewhere_;  // works that the site does not hold
  std::unordered_map<std::string, std::size_t> by_pmid_, by_pmcid_;
};

}  // namespace vellum::demo
