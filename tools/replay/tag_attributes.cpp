#include "tools/replay/tag_attributes.h"

#include <algorithm>

#include "base/text.h"

namespace vellum::replay {
namespace {

bool is_html_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}
bool ends_name(char c) {
  return is_html_space(c) || c == '/' || c == '>' || c == '=';
}

class Reader {
 public:
  Reader(std::string_view html, std::size_t at) : html_(html), at_(at) {}

  TagAttributes read() {
    TagAttributes attributes;
    while (skip_separators() && html_[at_] != '>') attributes.all.push_back(read_one());
    attributes.end = std::min(at_ + 1, html_.size());
    return attributes;
  }

 private:
  bool ended() const { return at_ >= html_.size(); }
  void skip_space() {
    while (!ended() && is_html_space(html_[at_])) ++at_;
  }
  bool skip_separators() {
    while (!ended() && (is_html_space(html_[at_]) || html_[at_] == '/')) ++at_;
    return !ended();
  }

  TagAttribute read_one() {
    TagAttribute attribute;
    attribute.name_at = at_++;  // a name may begin with '='
    while (!ended() && !ends_name(html_[at_])) ++at_;
    attribute.name = to_lower_ascii(html_.substr(attribute.name_at, at_ - attribute.name_at));
    skip_space();
    if (!ended() && html_[at_] == '=') read_value(attribute);
    return attribute;
  }

  void read_value(TagAttribute& attribute) {
    ++at_;
    skip_space();
    if (ended() || html_[at_] == '>') return;
    attribute.span_at = at_;
    if (html_[at_] == '"' || html_[at_] == '\'') {
      const std::size_t close = std::min(html_.find(html_[at_], at_ + 1), html_.size());
      attribute.value = html_.substr(at_ + 1, close - at_ - 1);
      at_ = std::min(close + 1, html_.size());
    } else {
      while (!ended() && !is_html_space(html_[at_]) && html_[at_] != '>') ++at_;
      attribute.value = html_.substr(attribute.span_at, at_ - attribute.span_at);
    }
    attribute.span_length = at_ - attribute.span_at;
  }

  std::string_view html_;
  std::size_t at_;
};

}  // namespace

const TagAttribute* TagAttributes::find(std::string_view name) const {
  const auto found = std::find_if(all.begin(), all.end(), [&](const TagAttribute& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

TagAttributes read_attributes(std::string_view html, std::size_t at) {
  return Reader(html, at).read();
}

}  // namespace vellum::replay
