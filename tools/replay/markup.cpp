#include "tools/replay/markup.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <vector>

#include "base/text.h"

namespace vellum::replay {
namespace {

constexpr std::string_view kInlineTags[] = {"sub", "sup", "i", "em", "b", "strong"};

struct InlineTag {
  std::string_view name;  // empty: not one of ours
  bool is_end = false;
  std::size_t length = 0;
};

// "<sub>" or "</sub>" at the start of `text`, without attributes.
InlineTag inline_tag(std::string_view text) {
  const bool is_end = text.substr(0, 2) == "</";
  const std::string_view rest = text.substr(is_end ? 2 : 1);
  for (const std::string_view name : kInlineTags) {
    if (rest.substr(0, name.size()) == name && rest.substr(name.size(), 1) == ">") {
      return {name, is_end, name.size() + (is_end ? 3u : 2u)};
    }
  }
  return {};
}

}  // namespace

Markup& Markup::text(std::string_view text) {
  out_ += escape_html(text);
  return *this;
}

Markup& Markup::number(std::uint64_t value) {
  std::string digits = std::to_string(value);
  for (std::size_t from_end = 3; from_end < digits.size(); from_end += 4)
    digits.insert(digits.size() - from_end, 1, ',');
  out_ += digits;
  return *this;
}

Markup& Markup::add(const Markup& other) {
  out_ += other.out_;
  return *this;
}

Markup& Markup::link(std::string_view href, std::string_view text) {
  return raw("<a href=\"").text(href).raw("\">").text(text).raw("</a>");
}

Markup& Markup::time(Timestamp at) {
  const std::string full = to_rfc3339(at);
  raw("<time datetime=\"").text(full).raw("\">");
  return text(full.substr(0, 10)).raw(" ").text(full.substr(11, 8)).raw("</time>");
}

Markup& Markup::day(Timestamp at) {
  const std::string full = to_rfc3339(at);
  return raw("<time datetime=\"").text(full).raw("\">").text(full.substr(0, 10)).raw("</time>");
}

Markup& Markup::inline_html(std::string_view html) {
  std::vector<std::string_view> open;
  std::size_t at = 0;
  while (at < html.size()) {
    const std::size_t bracket = std::min(html.find('<', at), html.size());
    text(unescape_html(html.substr(at, bracket - at)));
    at = bracket;
    if (at == html.size()) break;
    const InlineTag tag = inline_tag(html.substr(at));
    if (tag.name.empty()) {
      raw("&lt;");
      ++at;
      continue;
    }
    at += tag.length;
    if (!tag.is_end) {
      open.push_back(tag.name);
      raw("<").text(tag.name).raw(">");
    } else if (!open.empty() && open.back() == tag.name) {
      open.pop_back();
      raw("</").text(tag.name).raw(">");
    }
  }
  for (auto name = open.rbegin(); name != open.rend(); ++name) raw("</").text(*name).raw(">");
  return *this;
}

std::string human_size(std::uint64_t bytes) {
  static constexpr const char* kUnits[] = {"B", "kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (size >= 999.95 && unit + 1 < std::size(kUnits)) {
    size /= 1000;
    ++unit;
  }
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

}  // namespace vellum::replay
