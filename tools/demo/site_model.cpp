#include "tools/demo/site_model.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "tools/demo/random.h"
#include "tools/demo/start_article.h"
#include "tools/demo/words.h"
#include "tools/demo/writing.h"

namespace vellum::demo {
namespace {

constexpr std::size_t kStartSize = 6;  // the start article and the five works on its list
constexpr std::size_t kStartMoreReferences = 24;
constexpr std::size_t kSimilar = 12;
enum Purpose : std::uint64_t { kText = 1, kLinks, kElsewhere };

bool starts_with_quote(std::string_view term) {
  return !term.empty() && term.front() == '"';
}

// The text between the first two quotes: "Telomere" of "\"Telomere\"[MeSH]".
std::string_view quoted(std::string_view term) {
  auto end = term.find('"', 1);
  return end == std::string_view::npos ? std::string_view() : term.substr(1, end - 1);
}

bool matches(const Article& article, std::string_view term, std::string_view lower_term) {
  if (starts_with_quote(term) && term.ends_with("[MeSH]")) {
    auto same = [&](const MeshTerm& mesh) { return mesh.term == quoted(term); };
    return std::any_of(article.mesh.begin(), article.mesh.end(), same);
  }
  if (starts_with_quote(term) && term.ends_with("[jour]")) return article.journal->abbreviation == quoted(term);
  for (const auto& author : article.authors) {
    if (author.short_name() == term) return true;
  }
  auto title = to_lower_ascii(plain_text(article.title_html));
  for (auto word : split(lower_term, ' ')) {
    if (!word.empty() && title.find(word) == std::string::npos) return false;
  }
  return true;
}

// A work with an address of its own that is no article: so that a crawl meets blocks, checks and dead links.
Reference odd_reference(std::string_view pmid) {
  return {fmt::format("Parkhill A, Dubois-Roy N. Page {}, which is hard to reach. Nowhere Rep. 2012;42:1–9.", pmid), "",
          std::string(pmid), ""};
}

}  // namespace

Site::Site(std::uint64_t seed, std::size_t count) : seed_(seed) {
  count = std::clamp(count, kFewestArticles, kMostArticles);
  articles_.reserve(count);
  add_start_articles();
  while (articles_.size() < count) add_article(articles_.size());
  for (std::size_t i = 0; i < std::max<std::size_t>(60, count / 3); ++i) {
    Random chance(seed_, i, kElsewhere);
    elsewhere_.push_back(cite_elsewhere(chance, i % topics().size(), 20'000 + i));
  }
  link_articles();
  index_articles();
}

void Site::add_start_articles() {
  for (auto& article : start_articles()) {
    article.index = articles_.size();
    articles_.push_back(std::move(article));
  }
}

void Site::add_article(std::size_t index) {
  Random chance(seed_, index, kText);
  Article article;
  article.index = index;
  article.topic = index % topics().size();
  article.pmid = std::to_string(90'000'000 + index);
  article.journal = &chance.pick(journals());
  article.year = chance.between(1985, 2023);
  article.month = chance.between(1, 12);
  article.volume = std::to_string(article.year - 1970);
  if (chance.percent(80)) article.issue = std::to_string(chance.between(1, 12));
  auto page = chance.between(1, 2400);
  article.pages =
      chance.percent(85) ? fmt::format("{}-{}", page, page + chance.between(3, 18)) : fmt::format("e{}", 10'000 + page);
  if (index % 5 < 2) article.pmcid = "PMC" + article.pmid;
  if (index % 12 != 11) article.doi = write_doi(chance, *article.journal, article.year, index);
  article.title_html = write_title_html(chance, article.topic);
  article.affiliations = write_affiliations(chance);
  article.authors = write_authors(chance, article.affiliations.size());
  if (index % 20 != 19) article.abstract = write_abstract(chance, article.topic);
  if (chance.percent(60))
    article.keywords = {std::string(topics()[article.topic].name), std::string(chance.pick(settings()))};
  if (chance.percent(60)) article.conflict_of_interest = "The authors declare that they have no competing interests.";
  for (auto count = article.pmcid.empty() ? 0 : chance.between(1, 3); count > 0; --count) {
    auto number = article.figures.size() + 1;
    article.figures.push_back({fmt::format("Fig. {}", number), write_caption_html(chance, article.topic),
                               fmt::format("cdn.ncbi.nlm.nih.gov/pmc/blobs/demo/{}/fig{}.png", article.pmid, number)});
  }
  article.mesh = write_mesh(chance, article.topic);
  article.publication_types = {std::string(chance.pick(publication_types()))};
  if (chance.percent(40)) article.substances = {std::string(chance.pick(substances()))};
  if (chance.percent(35)) article.grants = {fmt::format("R01 XX{:06}/XX/NIXX NIH HHS/United States", index)};
  article.look = index % 5 == 0 ? Look::kLabs2019 : Look::kPubmed2020;
  articles_.push_back(std::move(article));
}

void Site::link_articles() {
  auto size = articles_.size(), groups = topics().size();
  for (auto& article : articles_) {
    add_references(article);
    // A made-up article's topic is index % groups; growing steps make the site small: few links lead far.
    auto start = article.index < kStartSize ? article.topic : article.index;
    for (std::size_t k = 1; article.similar.size() < kSimilar && k <= 4 * kSimilar; ++k) {
      auto other = (start + k * (k + 1) / 2 * groups) % size;
      bool known = std::find(article.similar.begin(), article.similar.end(), other) != article.similar.end();
      if (!known && other != article.index) article.similar.push_back(other);
    }
  }
  for (auto& article : articles_) {
    if (article.pmcid.empty() || article.index < kStartSize) continue;
    Random chance(seed_, article.index, kText + 100);
    article.sections = write_sections(chance, article.topic, article.references.size());
  }
}

void Site::add_references(Article& article) {
  Random chance(seed_, article.index, kLinks);
  auto refer_to = [&](std::size_t other) {
    article.references.push_back(cite(articles_[other]));
    auto& citing = articles_[other].cited_by;
    if (citing.empty() || citing.back() != article.index) citing.push_back(article.index);
  };
  if (article.index == 0) {
    for (std::size_t i = 1; i < kStartSize; ++i) refer_to(i);
    auto further = std::min(kStartMoreReferences, articles_.size() - kStartSize);
    for (std::size_t i = 0; i < further; ++i) refer_to(kStartSize + i * (articles_.size() - kStartSize) / further);
  }
  if (article.index < kStartSize) return;
  if (article.index < kStartSize + 2) refer_to(0);  // exactly two articles cite the start page, as it says
  if (article.index % 3 == 0) refer_to(1 + chance.below(kStartSize - 1));
  for (auto count = chance.between(2, 8); count > 0; --count) {
    auto other = kStartSize + chance.below(articles_.size() - kStartSize);
    auto text = cite(articles_[other]).text;
    auto same = [&](const Reference& known) { return known.text == text; };
    if (other != article.index && std::none_of(article.references.begin(), article.references.end(), same))
      refer_to(other);
  }
  auto first = chance.below(elsewhere_.size());
  for (auto count = chance.between(1, 16); count > 0; --count)
    article.references.push_back(elsewhere_[first++ % elsewhere_.size()]);
  constexpr std::string_view kOdd[] = {kBlockedPmid, kCaptchaPmid, kMissingPmid};
  if (article.index % 4 == 1) article.references.push_back(odd_reference(kOdd[article.index / 4 % 3]));
}

void Site::index_articles() {
  for (const auto& article : articles_) {
    by_pmid_.emplace(article.pmid, article.index);
    if (!article.pmcid.empty()) by_pmcid_.emplace(article.pmcid, article.index);
  }
}

const Article* Site::by_pmid(std::string_view pmid) const {
  auto found = by_pmid_.find(std::string(pmid));
  return found == by_pmid_.end() ? nullptr : &articles_[found->second];
}

const Article* Site::by_pmcid(std::string_view pmcid) const {
  auto found = by_pmcid_.find(std::string(pmcid));
  return found == by_pmcid_.end() ? nullptr : &articles_[found->second];
}

std::vector<const Article*> Site::search(std::string_view term) const {
  std::vector<const Article*> found;
  auto lower = to_lower_ascii(term);
  if (trim(term).empty()) return found;
  for (const auto& article : articles_) {
    if (matches(article, term, lower)) found.push_back(&article);
  }
  return found;
}

}  // namespace vellum::demo
