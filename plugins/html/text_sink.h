// White space folding while text is collected, and the walk over what readers see. Used by every function that makes
// text from nodes, so that all of them agree.
//
// Threads: plain values.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/html/document_tree.h"

namespace vellum::html {

// Bytes that white space can begin with.
inline constexpr auto kMayBeSpace = [] {
  std::array<bool, 256> table{};
  for (const unsigned byte : {0x09u, 0x0Au, 0x0Bu, 0x0Cu, 0x0Du, 0x20u, 0xC2u, 0xE1u, 0xE2u, 0xE3u}) table[byte] = true;
  return table;
}();

// Bytes of the white space character (Unicode White_Space) at `at`, 0 if there is none.
inline std::size_t space_at(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : static_cast<unsigned char>(0);
  };
  const unsigned char first = byte(0);
  if (first < 0x80) return first == ' ' || (first >= '\t' && first <= '\r') ? 1 : 0;
  switch (first) {
    case 0xC2:
      return byte(1) == 0x85 || byte(1) == 0xA0 ? 2 : 0;
    case 0xE1:
      return byte(1) == 0x9A && byte(2) == 0x80 ? 3 : 0;
    case 0xE2:
      if (byte(1) == 0x80 && (byte(2) <= 0x8A || byte(2) == 0xA8 || byte(2) == 0xA9 || byte(2) == 0xAF)) return 3;
      return byte(1) == 0x81 && byte(2) == 0x9F ? 3 : 0;
    case 0xE3:
      return byte(1) == 0x80 && byte(2) == 0x80 ? 3 : 0;
    default:
      return 0;
  }
}

// How many bytes at `at`, a multiple of eight or none, are plain: ASCII words with single blanks between them, the last
// byte no blank. Eight at a time, since all text of a page goes through here more than once.
inline std::size_t plain_words_at(std::string_view text, std::size_t at) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u, kHigh = 0x80 * kOnes;
  const std::size_t start = at;
  for (std::uint64_t word = 0; at + sizeof word <= text.size(); at += sizeof word) {
    std::memcpy(&word, text.data() + at, sizeof word);
    const bool printed = (word & kHigh) == 0 && ((word + 0x60 * kOnes) & kHigh) == kHigh;  // each is 0x20 to 0x7F
    if (!printed) break;
    const std::uint64_t blanks = ~((word ^ 0x20 * kOnes) + 0x7F * kOnes) & kHigh;
    if ((blanks & blanks >> 8) != 0 || text[at + 7] == ' ') break;
  }
  return at - start;
}

// Appends text to a string with each run of white space made one blank, none at the beginning or the end.
class SpaceFolder {
 public:
  explicit SpaceFolder(std::string& out) : out_(out), start_(out.size()) {}

  // Calls append(stretch) for each stretch of words that are one blank apart.
  template <class Append>
  void add(std::string_view text, Append append) {
    std::size_t stretch = 0;
    for (std::size_t at = 0; at < text.size();) {
      // A blank that leads a word is dealt with below, as the first of a run.
      if (text[at] != ' ') at += plain_words_at(text, at);
      if (at == text.size()) break;
      const std::size_t space = may_be_space(text, at) ? space_at(text, at) : 0;
      if (space == 0) {
        ++at;
      } else if (text[at] == ' ' && at > stretch && at + 1 < text.size() && !may_be_space(text, at + 1)) {
        at += 2;
      } else {
        add_stretch(text.substr(stretch, at - stretch), append);
        separate();
        at += space;
        stretch = at;
      }
    }
    add_stretch(text.substr(stretch), append);
  }
  void add(std::string_view text) {
    add(text, [this](std::string_view stretch) { out_ += stretch; });
  }

  // What comes next is another word.
  void separate() { pending_ = true; }
  // Writes the blank that is due, so that what the caller appends itself comes after it.
  void flush_blank() {
    if (pending_ && out_.size() > start_) out_ += ' ';
    pending_ = false;
  }
  // After the caller has ended the line itself.
  void drop_blank() { pending_ = false; }

 private:
  static bool may_be_space(std::string_view text, std::size_t at) {
    return kMayBeSpace[static_cast<unsigned char>(text[at])];
  }

  template <class Append>
  void add_stretch(std::string_view stretch, Append append) {
    if (stretch.empty()) return;
    flush_blank();
    append(stretch);
  }

  std::string& out_;
  std::size_t start_;
  bool pending_ = false;
};

// Visits `root` and what readers see below it, in document order:
//   visitor.enter(node, record), visitor.leave(node, record)   elements (and the document)
//   visitor.text(text)                                         text nodes
//   visitor.hidden(node)                                       elements that are left out with all they hold
// The root itself is never left out.
template <class Visitor>
void walk_text(const Document::Tree& tree, std::uint32_t root, Visitor& visitor) {
  std::vector<std::uint32_t> open;
  open.reserve(16);
  const auto close_before = [&](std::uint32_t node) {
    for (; !open.empty() && tree.nodes[open.back()].end <= node; open.pop_back()) {
      visitor.leave(open.back(), tree.nodes[open.back()]);
    }
  };
  const std::uint32_t end = tree.nodes[root].end;
  for (std::uint32_t node = root; node < end;) {
    close_before(node);
    const NodeRecord& record = tree.nodes[node];
    if (record.type == NodeType::kText) {
      visitor.text(tree.text_of(record));
    } else if ((record.traits & kHidden) != 0 && node != root) {
      visitor.hidden(node);
      node = record.end;
      continue;
    } else if (record.type != NodeType::kComment) {
      visitor.enter(node, record);
      open.push_back(node);
    }
    ++node;
  }
  close_before(end);
}

// Node::text().
std::string read_text(const Document::Tree& tree, std::uint32_t node);

}  // namespace vellum::html
