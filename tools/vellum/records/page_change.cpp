#include "tools/vellum/records/page_change.h"

#include <algorithm>
#include <optional>

#include "crawler/engine/article_desk.h"

namespace vellum::cli {
namespace {

using storage::Capture;

constexpr std::uint64_t kMostBytes = std::uint64_t{4} << 20;
constexpr std::size_t kOwnCaptures = 8, kNeighbours = 3, kTheirCaptures = 3;
constexpr std::size_t kMostScanned = 1000;  // captures, in search of neighbours

bool is_comparable(const Capture& capture) {
  return !capture.quarantined && capture.is_success() && capture.bytes <= kMostBytes &&
         (capture.mime == "text/html" || capture.mime == "application/xhtml+xml");
}

// Address up to its last folder: https://a.org/articles/1/ is in https://a.org/articles/.
std::string folder_of(std::string url) {
  url.resize(std::min(url.size(), url.find_first_of("?#")));
  while (url.ends_with('/')) url.pop_back();
  return url.substr(0, url.rfind('/') + 1);
}

std::string_view slice(const plugins::VolatileParts& parts, const ByteSpan& span) {
  return std::string_view(parts.text).substr(span.begin, span.end - span.begin);
}

}  // namespace

std::string_view PageChange::from(const ChangedSpan& span) const {
  return slice(before, span.before);
}

std::string_view PageChange::to(const ChangedSpan& span) const {
  return slice(after, span.after);
}

std::size_t PageChange::volatile_spans() const {
  const auto is_volatile = [](const ChangedSpan& span) { return span.by != VolatileBy::kNot; };
  return static_cast<std::size_t>(std::count_if(spans.begin(), spans.end(), is_volatile));
}

bool PageChange::has_volatile(std::string_view old_text, std::string_view new_text) const {
  return std::any_of(spans.begin(), spans.end(), [&](const ChangedSpan& span) {
    return span.by != VolatileBy::kNot && from(span) == old_text && to(span) == new_text;
  });
}

Result<void> PageChanges::learn(const std::vector<Capture>& captures) {
  VELLUM_CHECK(learn_page(captures, kOwnCaptures));
  if (captures.empty()) return {};
  return learn_neighbours(captures.back());
}

Result<void> PageChanges::learn_page(const std::vector<Capture>& captures, std::size_t most) {
  std::vector<const Capture*> pages;
  for (const Capture& capture : captures) {
    if (is_comparable(capture) && !capture.refers_to) pages.push_back(&capture);
  }
  if (pages.size() > most) pages.erase(pages.begin(), pages.end() - static_cast<std::ptrdiff_t>(most));
  std::optional<plugins::VolatileParts> before;
  for (const Capture* page : pages) {
    VELLUM_TRY(plugins::VolatileParts after, read(*page));
    if (before) slots_.learn(page->url, before->text, after.text);
    before = std::move(after);
  }
  return {};
}

Result<void> PageChanges::learn_neighbours(const Capture& page) {
  std::vector<std::vector<Capture>> pages;
  std::size_t scanned = 0;
  VELLUM_CHECK(archive_.scan(folder_of(page.url), [&](const Capture& capture) {
    if (++scanned > kMostScanned) return false;
    if (capture.url == page.url || !is_comparable(capture)) return true;
    if (pages.empty() || pages.back().front().url != capture.url) {
      if (!pages.empty() && pages.back().size() < 2) pages.pop_back();
      if (pages.size() == kNeighbours) return false;
      pages.emplace_back();
    }
    pages.back().push_back(capture);
    return true;
  }));
  for (const std::vector<Capture>& captures : pages) VELLUM_CHECK(learn_page(captures, kTheirCaptures));
  return {};
}

Result<PageChange> PageChanges::between(const Capture& before, const Capture& after) const {
  PageChange change;
  change.verdict = before.digest == after.digest ? "same" : "changed";
  if (before.digest == after.digest || !is_comparable(before) || !is_comparable(after)) return change;
  VELLUM_TRY(change.before, read(before));
  VELLUM_TRY(change.after, read(after));
  change.spans = slots_.compare(change.before.source(), change.after.source());
  if (is_volatile_only(change.spans)) change.verdict = "tokens";
  return change;
}

Result<plugins::VolatileParts> PageChanges::read(const Capture& capture) const {
  VELLUM_TRY(const plugins::PageInput input, engine::load_page(archive_, capture));
  return plugins::read_volatile_parts(registry_, input.page);
}

}  // namespace vellum::cli
