#include "base/volatile_spans.h"

#include <algorithm>

#include "base/edit_script.h"

namespace vellum {
namespace {

constexpr std::size_t kContext = 8;  // pieces before a slot
constexpr std::size_t kLongWord = 16;
constexpr std::size_t kLongestToken = 256;
constexpr std::size_t kMostPairs = 64;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || is_upper(c);
}
bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool is_word_char(char c) {
  return is_letter(c) || is_digit(c) || static_cast<unsigned char>(c) >= 0x80 ||
         std::string_view("_-.%~+").find(c) != std::string_view::npos;
}
bool has_digit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), is_digit);
}

// Words, runs of white space, and all other characters one by one.
std::vector<std::string_view> pieces_of(std::string_view text) {
  std::vector<std::string_view> pieces;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t begin = i++;
    const auto alike = is_word_char(text[begin]) ? is_word_char : is_space(text[begin]) ? is_space : nullptr;
    while (alike != nullptr && i < text.size() && alike(text[i])) ++i;
    pieces.push_back(text.substr(begin, i - begin));
  }
  return pieces;
}

// Which pieces a reader sees: those outside of tags, scripts and style sheets. In doubt it says that they are seen.
class Visibility {
 public:
  static std::vector<bool> of(std::span<const std::string_view> pieces) {
    Visibility state;
    std::vector<bool> seen(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) seen[i] = state.take(pieces, i);
    return seen;
  }

 private:
  static std::string_view at(std::span<const std::string_view> pieces, std::size_t i) {
    return i < pieces.size() ? pieces[i] : std::string_view();
  }
  static bool is_raw(std::string_view name) {
    return name == "script" || name == "style" || name == "SCRIPT" || name == "STYLE";
  }
  bool take(std::span<const std::string_view> pieces, std::size_t i) {
    if (pieces[i] == "<" && !in_tag_) open_tag(at(pieces, i + 1), at(pieces, i + 2));
    const bool is_seen = !in_tag_ && !in_raw_;
    if (pieces[i] == ">" && in_tag_) {
      in_tag_ = false;
      in_raw_ = is_raw(name_);
    }
    return is_seen;
  }
  void open_tag(std::string_view next, std::string_view after_next) {
    const bool ends_raw = next == "/" && is_raw(after_next);
    if (in_raw_ && !ends_raw) return;
    if (next != "/" && next != "!" && (next.empty() || !is_letter(next.front()))) return;
    in_raw_ = false;
    in_tag_ = true;
    name_ = next;
  }

  bool in_tag_ = false, in_raw_ = false;
  std::string_view name_;
};

// Numbers and tokens are alike: what stands beside a slot changes with it.
std::uint64_t hash_of(std::string_view piece) {
  const bool is_open = is_word_char(piece.front()) && (has_digit(piece) || piece.size() >= kLongWord);
  if (is_open) piece = "0";
  if (is_space(piece.front())) piece = " ";
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char c : piece) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return hash;
}

// The slot of each piece.
std::vector<std::uint64_t> slots_of(std::span<const std::string_view> pieces) {
  std::vector<std::uint64_t> hashes, slots;
  hashes.reserve(pieces.size());
  slots.reserve(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    std::uint64_t slot = 0;
    for (std::size_t j = i - std::min(i, kContext); j < i; ++j) slot = slot * 0x9e3779b97f4a7c15 + hashes[j] + 1;
    slots.push_back(slot);
    hashes.push_back(hash_of(pieces[i]));
  }
  return slots;
}

// The changes; those that only a character of a token parts are one.
std::vector<Edit> changes_of(std::span<const std::string_view> before, std::span<const std::string_view> after) {
  std::vector<Edit> changes;
  for (const Edit& edit : edit_script(before, after)) {
    if (edit.is_same) continue;
    const bool is_near = !changes.empty() && edit.new_begin - changes.back().new_end == 1 &&
                         edit.old_begin - changes.back().old_end == 1 &&
                         std::string_view("/=:").find(after[changes.back().new_end]) != std::string_view::npos;
    if (!is_near) {
      changes.push_back(edit);
      continue;
    }
    changes.back().old_end = edit.old_end;
    changes.back().new_end = edit.new_end;
  }
  return changes;
}

ByteSpan bytes_of(std::string_view text, std::span<const std::string_view> pieces, std::size_t begin, std::size_t end) {
  const auto offset = [&](std::size_t i) {
    return i < pieces.size() ? static_cast<std::size_t>(pieces[i].data() - text.data()) : text.size();
  };
  return {offset(begin), offset(end)};
}

std::string_view slice(std::string_view text, const ByteSpan& span) {
  return text.substr(span.begin, span.end - span.begin);
}

bool is_known(std::span<const ByteSpan> known, const ByteSpan& span) {
  return std::any_of(known.begin(), known.end(),
                     [&](const ByteSpan& part) { return part.begin <= span.begin && span.end <= part.end; });
}

bool is_token_char(char c) {
  return is_word_char(c) || c == '/' || c == '=' || c == ':';
}

// One word that may be a token, an id, a counter.
bool may_be_token(std::string_view text) {
  if (text.empty() || text.size() > kLongestToken) return false;
  return (has_digit(text) || text.size() >= kLongWord) && std::all_of(text.begin(), text.end(), is_token_char);
}

bool is_number(std::string_view text) {
  return has_digit(text) && std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || c == '.'; });
}

// Letters of both cases and digits change places so often that it is no name, address or date.
bool is_random(std::string_view text) {
  if (text.size() < kLongWord || !may_be_token(text)) return false;
  const auto kind = [](char c) { return is_digit(c) ? 1 : is_upper(c) ? 2 : is_letter(c) ? 3 : 0; };
  std::size_t turns = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    const int before = kind(text[i - 1]), now = kind(text[i]);
    turns += before != 0 && now != 0 && before != now;
  }
  return turns * 4 >= text.size() && has_digit(text) && std::any_of(text.begin(), text.end(), is_letter);
}

}  // namespace

std::string_view name_of(VolatileBy by) {
  switch (by) {
    case VolatileBy::kPlugin:
      return "plugin";
    case VolatileBy::kTemplate:
      return "template";
    case VolatileBy::kForm:
      return "form";
    case VolatileBy::kNot:
      break;
  }
  return "content";
}

void VolatileSlots::learn(const std::string& page, std::string_view before, std::string_view after) {
  if (pairs_.size() >= kMostPairs) return;
  const auto old_pieces = pieces_of(before), new_pieces = pieces_of(after);
  const auto slots = slots_of(new_pieces);
  Pair& pair = pairs_.emplace_back();
  pair.page = page;
  for (const Edit& edit : changes_of(old_pieces, new_pieces)) {
    if (edit.new_begin < slots.size()) ++pair.changed[slots[edit.new_begin]];
  }
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (is_word_char(new_pieces[i].front())) pair.slots.push_back(slots[i]);
  }
  std::sort(pair.slots.begin(), pair.slots.end());
}

// It changed wherever a learned page has it.
bool VolatileSlots::is_learned(Slot slot, std::size_t least_pairs, std::size_t least_pages) const {
  std::size_t pairs = 0;
  std::set<std::string_view> pages;
  for (const Pair& pair : pairs_) {
    const auto found = std::equal_range(pair.slots.begin(), pair.slots.end(), slot);
    const auto places = static_cast<std::size_t>(found.second - found.first);
    if (places == 0) continue;
    const auto changed = pair.changed.find(slot);
    if (changed == pair.changed.end() || changed->second < places) return false;
    ++pairs;
    pages.insert(pair.page);
  }
  return pairs >= least_pairs && pages.size() >= least_pages;
}

std::vector<ChangedSpan> VolatileSlots::compare(const PageSource& before, const PageSource& after) const {
  const auto old_pieces = pieces_of(before.text), new_pieces = pieces_of(after.text);
  const auto slots = slots_of(new_pieces);
  const auto seen = Visibility::of(new_pieces);
  std::vector<ChangedSpan> spans;
  for (const Edit& edit : changes_of(old_pieces, new_pieces)) {
    ChangedSpan& span = spans.emplace_back();
    span.before = bytes_of(before.text, old_pieces, edit.old_begin, edit.old_end);
    span.after = bytes_of(after.text, new_pieces, edit.new_begin, edit.new_end);
    const std::string_view from = slice(before.text, span.before), to = slice(after.text, span.after);
    if (is_known(before.known, span.before) && is_known(after.known, span.after)) {
      span.by = VolatileBy::kPlugin;
      continue;
    }
    if (edit.new_begin >= slots.size()) continue;
    const Slot slot = slots[edit.new_begin];
    if (seen[edit.new_begin]) {
      if (is_number(from) && is_number(to) && is_learned(slot, 3, 2)) span.by = VolatileBy::kTemplate;
    } else if (may_be_token(from) && may_be_token(to) && is_learned(slot, 2, 1)) {
      span.by = VolatileBy::kTemplate;
    } else if (is_random(from) && is_random(to)) {
      span.by = VolatileBy::kForm;
    }
  }
  return spans;
}

bool is_volatile_only(std::span<const ChangedSpan> spans) {
  return !spans.empty() &&
         std::all_of(spans.begin(), spans.end(), [](const ChangedSpan& span) { return span.by != VolatileBy::kNot; });
}

}  // namespace vellum
