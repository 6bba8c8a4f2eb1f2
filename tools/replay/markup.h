// HTML that cannot forget to escape: only string literals go in as they are, everything else goes in as text.
//
//   Markup row;
//   row.raw("<td>").text(record_title).raw("</td>");
//
// Threads: one.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace vellum::replay {

class Markup {
 public:
  template <std::size_t N>
  Markup& raw(const char (&literal)[N]) {
    out_.append(literal, N - 1);
    return *this;
  }
  // Escaped for text and for quoted attribute values.
  Markup& text(std::string_view text);
  Markup& number(std::uint64_t value);  // "12,345"
  Markup& add(const Markup& other);
  // <a href="…">…</a>
  Markup& link(std::string_view href, std::string_view text);
  // <time>, to the second in UTC, or the day alone.
  Markup& time(Timestamp at);
  Markup& day(Timestamp at);
  // The record's *_html form: bare sub, sup, i, em, b and strong tags are kept and closed, all else is text.
  Markup& inline_html(std::string_view html);

  bool empty() const { return out_.empty(); }
  const std::string& str() const { return out_; }

 private:
  std::string out_;
};

std::string human_size(std::uint64_t bytes);  // "54.3 kB"

}  // namespace vellum::replay
