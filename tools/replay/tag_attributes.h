// The attributes of one start tag with their places in the page, as the HTML tokenizer would find them; for changing a
// page's bytes without parsing it into a tree.
//
// Memory: views into the given text. Threads: any. Cost: linear in the tag.
// Spec: https://html.spec.whatwg.org section 13.2.5.32 to 13.2.5.40

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace vellum::replay {

struct TagAttribute {
  std::string name;         // lower case
  std::size_t name_at = 0;  // offset of the name
  std::size_t span_at = 0;  // offset and length of the value with its quotes; length 0: no value
  std::size_t span_length = 0;
  std::string_view value;  // without quotes, character references not undone
};

struct TagAttributes {
  std::vector<TagAttribute> all;
  std::size_t end = 0;  // offset behind the tag's '>'

  const TagAttribute* find(std::string_view name) const;  // the first of that name, as browsers do
};

// `at` is the offset behind the tag's name.
TagAttributes read_attributes(std::string_view html, std::size_t at);

}  // namespace vellum::replay
