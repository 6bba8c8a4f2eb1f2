// How two captures of a page differ beside their bytes: "same article, new token".
//
//   PageChanges changes(archive, registry);
//   changes.learn(archive.captures(url));              // and from other pages beside it
//   VELLUM_TRY(const PageChange change, changes.between(older, newer));
//   change.verdict                                      // "same", "tokens", "changed"
//
// Threads: one.

#pragma once

#include <string>
#include <vector>

#include "base/volatile_spans.h"
#include "plugins/host/registry.h"
#include "plugins/host/volatile_parts.h"
#include "storage/archive/archive.h"

namespace vellum::cli {

struct PageChange {
  // "same": the payloads are equal. "tokens": what differs is volatile (base/volatile_spans.h). "changed": all else,
  // and whatever is no HTML page of at most 4 MiB.
  std::string verdict;
  plugins::VolatileParts before, after;  // what the spans point into
  std::vector<ChangedSpan> spans;

  std::string_view from(const ChangedSpan& span) const;
  std::string_view to(const ChangedSpan& span) const;
  std::size_t volatile_spans() const;
  // Whether some volatile span went from the one text to the other.
  bool has_volatile(std::string_view from, std::string_view to) const;
};

class PageChanges {
 public:
  PageChanges(const storage::Archive& archive, const plugins::Registry& registry)
      : archive_(archive), registry_(registry) {}

  // From a page's captures, oldest first, the last eight of them; then from three pages of the same folder of the site
  // that were captured more than once.
  Result<void> learn(const std::vector<storage::Capture>& captures);
  Result<PageChange> between(const storage::Capture& before, const storage::Capture& after) const;

 private:
  Result<plugins::VolatileParts> read(const storage::Capture& capture) const;
  Result<void> learn_page(const std::vector<storage::Capture>& captures, std::size_t most);
  Result<void> learn_neighbours(const storage::Capture& page);

  const storage::Archive& archive_;
  const plugins::Registry& registry_;
  VolatileSlots slots_;
};

}  // namespace vellum::cli
