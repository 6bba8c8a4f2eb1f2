// The tags of an HTML text in order, comments, raw text and attribute values stepped over. No tree, no memory.
//
// Threads: one scanner, one thread. Spec: https://html.spec.whatwg.org/#tokenization

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vellum::html {

// A tag name in lower case as one number: its first eight bytes, the rest and the length mixed in. Two names of at most
// eight bytes never collide.
constexpr std::uint64_t tag_key(std::string_view name) {
  std::uint64_t key = 0;
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const auto low = static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    if (i < 8) {
      key |= std::uint64_t{low} << (8 * i);
    } else {
      rest = (rest ^ low) * 0x100000001B3u;
    }
  }
  return key ^ (rest << 8);
}

struct Tag {
  std::uint64_t key = 0;
  std::string_view name;   // as written
  std::size_t offset = 0;  // of its "<"
  bool is_end = false;
  bool is_self_closing = false;
};

class TagScanner {
 public:
  explicit TagScanner(std::string_view html) : html_(html) {}

  // False at the end of the text; a tag that the text breaks off in is no tag.
  bool next(Tag& tag);
  // After a start tag whose content is raw (script, textarea, ...): steps over it, up to its end tag.
  void skip_raw_text(std::string_view name);
  // Whether "<![CDATA[" opens a section here (inside svg and math) or a bogus comment.
  void set_in_foreign(bool in_foreign) { in_foreign_ = in_foreign; }

 private:
  bool read_tag(Tag& tag);
  bool skip_attributes(Tag& tag);
  void skip_attribute();
  void skip_markup_declaration();
  void skip_comment();
  void skip_past(std::string_view end, std::size_t from);
  bool ended() const { return position_ >= html_.size(); }

  std::string_view html_;
  std::size_t position_ = 0;
  bool in_foreign_ = false;
};

}  // namespace vellum::html
