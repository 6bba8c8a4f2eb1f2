#include "plugins/html/nesting_guard.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "plugins/html/tag_scanner.h"

namespace vellum::html {
namespace {

// What a tag does to the stack; a set of these per tag name.
enum Trait : std::uint32_t {
  kVoid = 1u << 0,        // never holds anything
  kRaw = 1u << 1,         // its content is text up to its own end tag
  kSpecial = 1u << 2,     // inline end tags do not reach through it
  kScope = 1u << 3,       // block end tags do not reach through it
  kFormatting = 1u << 4,  // its end tag takes it out and leaves the blocks within
  kClosesP = 1u << 5,     // ends an open p
  kHeading = 1u << 6,
  kItem = 1u << 7,        // li
  kDefinition = 1u << 8,  // dt, dd
  kOption = 1u << 9,      // option, optgroup
  kCell = 1u << 10,       // td, th
  kRow = 1u << 11,        // tr
  kRowGroup = 1u << 12,   // tbody, thead, tfoot, caption, colgroup
  kTable = 1u << 13,
  kRubyPart = 1u << 14,
  kAnchor = 1u << 15,  // a, nobr: one at a time
  kButton = 1u << 16,
  kForm = 1u << 17,
  kSelect = 1u << 18,
  kLeavesSelect = 1u << 19,
  kListScope = 1u << 20,  // ol, ul
  kForeignRoot = 1u << 21,
  kIntegration = 1u << 22,  // HTML again inside svg and math
  kTemplate = 1u << 23,
  kParagraph = 1u << 24,
  kThroughItems = 1u << 25,  // special, but a new li still ends the li around it
  kIgnored = 1u << 26,       // html, head, body: at most one of each
  kInSelect = 1u << 27,      // start tags that a select lets in
  kToTheEnd = 1u << 28,      // plaintext
  kBlockEnd = 1u << 29,      // its end tag closes everything within
  kForeign = 1u << 30,       // inside svg or math, so that its name means nothing
  kCaption = 1u << 31,
};

struct TagTraits {
  std::string_view names;
  std::uint32_t traits;
};

constexpr std::uint32_t kBlock = kSpecial | kClosesP | kBlockEnd;
constexpr std::uint32_t kTablePart = kCell | kRow | kRowGroup;

// A table; https://html.spec.whatwg.org/#parsing-main-inbody and #special.
constexpr std::array kTraits = {
    TagTraits{
        "area base basefont bgsound br col embed frame hr image img isindex keygen link menuitem meta param source "
        "track wbr",
        kVoid},
    TagTraits{"input", kVoid | kLeavesSelect},
    TagTraits{"textarea", kRaw | kLeavesSelect},
    TagTraits{"iframe noembed noframes style title xmp", kRaw},
    TagTraits{"script", kRaw | kInSelect},
    TagTraits{"plaintext", kToTheEnd},
    TagTraits{"article aside blockquote center details dialog dir dl fieldset figcaption figure footer header hgroup "
              "listing main menu nav pre search section summary",
              kBlock},
    TagTraits{"address div", kBlock | kThroughItems},
    TagTraits{"ol ul", kBlock | kListScope},
    TagTraits{"p", kSpecial | kClosesP | kParagraph | kThroughItems},
    TagTraits{"h1 h2 h3 h4 h5 h6", kSpecial | kClosesP | kHeading},
    TagTraits{"li", kSpecial | kClosesP | kItem | kBlockEnd},
    TagTraits{"dd dt", kSpecial | kClosesP | kDefinition | kBlockEnd},
    TagTraits{"form", kSpecial | kClosesP | kForm},
    TagTraits{"button", kSpecial | kButton | kBlockEnd},
    TagTraits{"applet marquee object", kSpecial | kScope | kBlockEnd},
    TagTraits{"template", kSpecial | kScope | kTemplate | kInSelect},
    TagTraits{"table", kSpecial | kScope | kTable | kClosesP},
    TagTraits{"td th", kSpecial | kScope | kCell},
    TagTraits{"tr", kSpecial | kRow},
    TagTraits{"tbody thead tfoot colgroup", kSpecial | kRowGroup},
    TagTraits{"caption", kSpecial | kScope | kRowGroup | kCaption},
    TagTraits{"select", kSpecial | kSelect | kInSelect},
    TagTraits{"option optgroup", kOption | kInSelect},
    TagTraits{"rb rp rt rtc", kRubyPart},
    TagTraits{"noscript", kSpecial},
    TagTraits{"a nobr", kFormatting | kAnchor},
    TagTraits{"b big code em font i s small strike strong tt u", kFormatting},
    TagTraits{"svg math", kForeignRoot},
    TagTraits{"foreignobject desc annotation-xml mi mo mn ms mtext", kSpecial | kScope | kIntegration},
    TagTraits{"html head body frameset", kIgnored},
};

// Start tags that end svg and math around them. Spec: https://html.spec.whatwg.org/#parsing-main-inforeign
constexpr std::string_view kBreakouts =
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta "
    "nobr ol p pre ruby s small span strong strike sub sup table tt u ul var";

struct KeyTraits {
  std::uint64_t key = 0;
  std::uint32_t traits = 0;
};

constexpr std::size_t count_words(std::string_view names) {
  return static_cast<std::size_t>(std::count(names.begin(), names.end(), ' ')) + 1;
}

template <class Use>
constexpr void for_each_word(std::string_view names, Use use) {
  while (!names.empty()) {
    const std::size_t end = std::min(names.find(' '), names.size());
    use(names.substr(0, end));
    names.remove_prefix(std::min(end + 1, names.size()));
  }
}

constexpr std::size_t count_names() {
  std::size_t count = 0;
  for (const TagTraits& row : kTraits) count += count_words(row.names);
  return count;
}

// A hash table with open addressing, at most a third full: every tag of a page is looked up.
constexpr std::size_t kSlots = 512;
static_assert(count_names() * 3 < kSlots, "room for the names to come");

constexpr std::size_t slot_of(std::uint64_t key) {
  return key * 0x9E3779B97F4A7C15u >> 55;  // nine bits
}

constexpr auto make_trait_index() {
  std::array<KeyTraits, kSlots> index{};
  for (const TagTraits& row : kTraits) {
    for_each_word(row.names, [&](std::string_view name) {
      std::size_t slot = slot_of(tag_key(name));
      while (index[slot].key != 0) slot = (slot + 1) % kSlots;
      index[slot] = {tag_key(name), row.traits};
    });
  }
  return index;
}

constexpr auto make_breakout_index() {
  std::array<std::uint64_t, count_words(kBreakouts)> index{};
  std::size_t next = 0;
  for_each_word(kBreakouts, [&](std::string_view name) { index[next++] = tag_key(name); });
  std::sort(index.begin(), index.end());
  return index;
}

constexpr auto kTraitIndex = make_trait_index();
constexpr auto kBreakoutIndex = make_breakout_index();

std::uint32_t traits_of(std::uint64_t key) {
  std::size_t slot = slot_of(key);
  while (kTraitIndex[slot].key != key && kTraitIndex[slot].key != 0) slot = (slot + 1) % kSlots;
  return kTraitIndex[slot].traits;  // none in a free slot
}

// The stack of open elements, html and body left out.
class OpenTags {
 public:
  // How many are open with the element that the tag begins, whether or not it stays open; 0 if the tag is ignored.
  std::size_t start(const Tag& tag, std::uint32_t traits) {
    if (in_foreign()) {
      if (!std::binary_search(kBreakoutIndex.begin(), kBreakoutIndex.end(), tag.key)) return start_foreign(tag, traits);
      while (in_foreign()) pop_to(open_.size() - 1);
    }
    traits &= ~std::uint32_t{(traits & kIntegration) != 0 ? kIntegration | kSpecial | kScope : 0u};
    if (is_kept_out(traits)) return 0;
    make_room(tag, traits);
    if ((traits & kForeignRoot) != 0) return start_foreign(tag, traits);
    if ((traits & (kVoid | kRaw | kToTheEnd)) != 0) return open_.size() + 1;
    push({tag.key, traits});
    return open_.size();
  }

  void end(const Tag& tag, std::uint32_t traits) {
    if (in_foreign()) {
      if (const std::size_t at = nearest_named(tag.key, kIntegration); at != kNone) return pop_to(at);
    }
    if (count_of(kSelect) > 0 && (traits & (kOption | kSelect | kTemplate | kTable | kTablePart)) == 0) return;
    const std::size_t at = find_opener(tag.key, traits);
    if (at == kNone) return;
    if ((traits & kForm) != 0 || ((traits & kFormatting) != 0 && has_above(at, kSpecial))) {
      erase(at);
    } else {
      pop_to(at);
    }
  }

  bool in_foreign() const {
    if (count_of(kForeignRoot) == 0) return false;
    for (std::size_t i = open_.size(); i-- > 0;) {
      if ((open_[i].traits & kIntegration) != 0) return false;
      if ((open_[i].traits & kForeignRoot) != 0) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  std::size_t count_of(Trait trait) const {
    switch (trait) {
      case kSelect:
        return selects_;
      case kForeignRoot:
        return foreign_roots_;
      case kTable:
        return tables_;
      case kParagraph:
        return paragraphs_;
      default:
        return 0;
    }
  }

  void count(std::uint32_t traits, std::size_t by) {
    if ((traits & kSelect) != 0) selects_ += by;
    if ((traits & kForeignRoot) != 0) foreign_roots_ += by;
    if ((traits & kTable) != 0) tables_ += by;
    if ((traits & kParagraph) != 0) paragraphs_ += by;
  }

  void push(const KeyTraits& entry) {
    open_.push_back(entry);
    count(entry.traits, 1);
  }

  void erase(std::size_t at) {
    count(open_[at].traits, kNone);  // minus one, modulo 2^n
    open_.erase(open_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  void pop_to(std::size_t at) {
    while (open_.size() > at) erase(open_.size() - 1);
  }

  bool has_above(std::size_t at, std::uint32_t traits) const {
    return std::any_of(open_.begin() + static_cast<std::ptrdiff_t>(at) + 1, open_.end(),
                       [traits](const KeyTraits& entry) { return (entry.traits & traits) != 0; });
  }

  // The nearest open tag with one of `traits`, unless one with a trait in `border` comes first.
  std::size_t nearest(std::uint32_t traits, std::uint32_t border) const {
    for (std::size_t i = open_.size(); i-- > 0;) {
      if ((open_[i].traits & traits) != 0) return i;
      if ((open_[i].traits & border) != 0) return kNone;
    }
    return kNone;
  }

  std::size_t nearest_named(std::uint64_t key, std::uint32_t border) const {
    for (std::size_t i = open_.size(); i-- > 0;) {
      if (open_[i].key == key) return i;
      if ((open_[i].traits & border) != 0) return kNone;
    }
    return kNone;
  }

  void close_nearest(std::uint32_t traits, std::uint32_t border) {
    if (const std::size_t at = nearest(traits, border); at != kNone) pop_to(at);
  }

  std::size_t start_foreign(const Tag& tag, std::uint32_t traits) {
    if (tag.is_self_closing) return open_.size() + 1;
    const bool is_border = (traits & (kIntegration | kForeignRoot)) != 0;
    push({tag.key, is_border ? traits : kForeign});
    return open_.size();
  }

  // Start tags that the parser ignores where we are.
  bool is_kept_out(std::uint32_t traits) const {
    if ((traits & kIgnored) != 0) return true;
    if ((traits & kForm) != 0 && nearest(kForm, 0) != kNone) return true;
    if ((traits & kTablePart) != 0 && count_of(kTable) == 0 && nearest(kTemplate, 0) == kNone) return true;
    return count_of(kSelect) > 0 && (traits & (kInSelect | kLeavesSelect | kTable | kTablePart)) == 0;
  }

  // Closes what a start tag ends by its mere appearance.
  void make_room(const Tag& tag, std::uint32_t traits) {
    if ((traits & kLeavesSelect) != 0 && count_of(kSelect) > 0) close_nearest(kSelect, kTemplate);
    if ((traits & kTablePart) != 0) return make_room_in_table(traits);
    if ((traits & kItem) != 0) close_item(kItem);
    if ((traits & kDefinition) != 0) close_item(kDefinition);
    if ((traits & kClosesP) != 0 && count_of(kParagraph) > 0) close_nearest(kParagraph, kScope | kButton);
    // A table straight inside a table ends that one.
    if ((traits & kTable) != 0 && count_of(kTable) > 0) close_nearest(kTable, kCell | kCaption | kTemplate);
    if ((traits & kHeading) != 0) close_top(kHeading);
    if ((traits & kOption) != 0) close_options(tag);
    if ((traits & kRubyPart) != 0) close_top(kRubyPart);
    if ((traits & kButton) != 0) close_nearest(kButton, kScope);
    if ((traits & kSelect) != 0) close_nearest(kSelect, kTemplate | kScope);
    if ((traits & kAnchor) != 0) end(tag, traits);
  }

  void make_room_in_table(std::uint32_t traits) {
    const std::uint32_t closes = (traits & kCell) != 0  ? kCell
                                 : (traits & kRow) != 0 ? kCell | kRow
                                                        : kCell | kRow | kRowGroup;
    for (std::size_t at = nearest(closes, kTable | kTemplate); at != kNone; at = nearest(closes, kTable | kTemplate)) {
      pop_to(at);
    }
  }

  void close_item(std::uint32_t trait) {
    for (std::size_t i = open_.size(); i-- > 0;) {
      if ((open_[i].traits & trait) != 0) return pop_to(i);
      if ((open_[i].traits & kSpecial) != 0 && (open_[i].traits & kThroughItems) == 0) return;
    }
  }

  void close_top(std::uint32_t trait) {
    if (!open_.empty() && (open_.back().traits & trait) != 0) pop_to(open_.size() - 1);
  }

  void close_options(const Tag& tag) {
    constexpr std::uint64_t kOptgroup = tag_key("optgroup");
    if (!open_.empty() && open_.back().key == tag_key("option")) pop_to(open_.size() - 1);
    if (tag.key == kOptgroup && !open_.empty() && open_.back().key == kOptgroup) pop_to(open_.size() - 1);
  }

  std::size_t find_opener(std::uint64_t key, std::uint32_t traits) const {
    if ((traits & kHeading) != 0) return nearest(kHeading, kScope);
    if ((traits & kParagraph) != 0) return nearest(kParagraph, kScope | kButton);
    if ((traits & kItem) != 0) return nearest(kItem, kScope | kListScope);
    if ((traits & kTemplate) != 0) return nearest_named(key, 0);
    if ((traits & (kTable | kTablePart)) != 0) return nearest_named(key, kTable | kTemplate);
    if ((traits & (kBlockEnd | kForm | kFormatting)) != 0) return nearest_named(key, kScope);
    if ((traits & kSelect) != 0) return nearest_named(key, kTemplate);
    return nearest_named(key, kSpecial);
  }

  std::vector<KeyTraits> open_;
  std::size_t selects_ = 0;
  std::size_t foreign_roots_ = 0;
  std::size_t tables_ = 0;
  std::size_t paragraphs_ = 0;
};

}  // namespace

Nesting measure_nesting(std::string_view html, std::size_t limit) {
  constexpr std::size_t kHtmlAndBody = 2;
  Nesting deepest{.depth = kHtmlAndBody, .offset = 0};
  OpenTags open;
  TagScanner tags(html);
  Tag tag;
  while (deepest.depth <= limit && tags.next(tag)) {
    const std::uint32_t traits = traits_of(tag.key);
    if (tag.is_end) {
      open.end(tag, traits);
    } else {
      const std::size_t depth = open.start(tag, traits) + kHtmlAndBody;
      if (depth > deepest.depth) deepest = {depth, tag.offset};
      if ((traits & kToTheEnd) != 0) break;
      if ((traits & kRaw) != 0 && !(tag.is_self_closing && open.in_foreign())) tags.skip_raw_text(tag.name);
    }
    tags.set_in_foreign(open.in_foreign());
  }
  return deepest;
}

}  // namespace vellum::html
