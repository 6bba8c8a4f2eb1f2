#include "tools/demo/article.h"

namespace vellum::demo {

std::string Article::month_name() const {
  static constexpr std::string_view kMonths[] = {"",    "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  return std::string(kMonths[static_cast<std::size_t>(month)]);
}

std::string Article::date_text() const {
  return month == 0 ? std::to_string(year) : std::to_string(year) + " " + month_name();
}

std::string Article::citation_line() const {
  std::string line = date_text() + ";" + volume;
  if (!issue.empty()) line += "(" + issue + ")";
  return line + ":" + pages + ".";
}

std::string Article::short_authors() const {
  return authors.front().short_name() + (authors.size() > 1 ? ", et al." : ".");
}

std::string Article::all_authors() const {
  std::string names;
  for (const auto& author : authors) names += (names.empty() ? "" : ", ") + author.short_name();
  return names + ".";
}

}  // namespace vellum::demo
