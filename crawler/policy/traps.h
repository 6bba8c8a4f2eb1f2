// URLs that a server makes up without end: calendars, paths that repeat themselves, lists of all combinations of
// filters. Judged by the URL alone, so that the answer is the same in every run and can be explained.
//
// Threads: pure functions.

#pragma once

#include <optional>
#include <string>

#include "base/url.h"

namespace vellum::policy {

// Why following `url` leads nowhere new, nullopt if nothing says so:
//   "trap: /a/b repeats" (three times in a row), "trap: 31 segments", "trap: URL of 3000 characters",
//   "trap: calendar year 7749", "trap: 13 query arguments", "trap: argument `f` 6 times"
// A year is taken from year=, y=, date= and the like, and from /2031/ before a month; what lies more than two years
// ahead of `this_year`, or before 1000, is no article's.
std::optional<std::string> trap_in(const Url& url, int this_year);

}  // namespace vellum::policy
