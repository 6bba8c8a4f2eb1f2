// What of a page changes whenever it is loaded (tokens, ids, counters), told apart from what somebody changed.
//
// Two captures of a page are compared piece by piece; a stretch that differs is *volatile* if one of these says so:
//   kPlugin    it lies in a part that the site's plugin names (PageSource::known)
//   kTemplate  its *slot* changed between all captures that were learned, of this page and others of its template: in
//              markup (tags, scripts) a word with a digit or of 16 characters, after two pairs; in what a reader sees a
//              number, after three pairs of two pages or more. A slot is known by the eight pieces before it, numbers
//              and tokens among these left open.
//   kForm      in markup alone: both sides are words of 16 to 256 letters and digits in no order that anybody reads
// All else is content: kNot.
//
//   VolatileSlots slots;
//   slots.learn("https://a.org/1", monday, tuesday);
//   for (const ChangedSpan& span : slots.compare({tuesday}, {wednesday})) use(span);
//
// Time and memory are linear in the pages, but for edit_script(), which is bounded. Hostile pages: no recursion.
// Threads: a value; learn() by one thread, compare() by any number.

#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace vellum {

struct ByteSpan {
  std::size_t begin = 0, end = 0;
  bool operator==(const ByteSpan&) const = default;
};

struct PageSource {
  std::string_view text;                 // HTML as UTF-8
  std::span<const ByteSpan> known = {};  // parts that are volatile, as the plugin says
};

enum class VolatileBy : std::uint8_t { kNot, kPlugin, kTemplate, kForm };

// "content", "plugin", "template", "form": what messages and `--json` call it.
std::string_view name_of(VolatileBy by);

struct ChangedSpan {
  ByteSpan before, after;  // one may be empty
  VolatileBy by = VolatileBy::kNot;
};

class VolatileSlots {
 public:
  // Two captures of `page` that follow each other. Equal ones count too: what they hold does not change on every load.
  void learn(const std::string& page, std::string_view before, std::string_view after);
  // In order.
  std::vector<ChangedSpan> compare(const PageSource& before, const PageSource& after) const;

 private:
  using Slot = std::uint64_t;
  struct Pair {
    std::string page;
    std::map<Slot, std::size_t> changed;  // how often
    std::vector<Slot> slots;              // of all words, sorted
  };
  bool is_learned(Slot slot, std::size_t least_pairs, std::size_t least_pages) const;

  std::vector<Pair> pairs_;
};

// Something differs, and all of it is volatile.
bool is_volatile_only(std::span<const ChangedSpan> spans);

}  // namespace vellum
