// Dates as scholarly pages print them, to the record's form: "2019", "2019-01" or "2019-01-03".
//
//   read_date("2019 Jan 3")        -> "2019-01-03"
//   read_date("Jan-Feb 2019")      -> "2019-01"       the earlier of a range
//   read_date("10/31/2014")        -> "2014-10-31"
//   read_date("03/04/2014")        -> "2014"          day and month cannot be told apart, so neither is kept
//
// Threads: any; pure functions.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"

namespace vellum::plugins {

// nullopt if `text` names no year from 1500 to 2100. Words that are no part of a date are passed over.
std::optional<std::string> read_date(std::string_view text);

// "Received 2024 Aug 27; Revised 2024 Dec 5; Epub 2025 Jan 3." -> [{"event":"received","date":"2024-08-27"}, ...].
// Events are those of the record (received, revised, accepted, epub, published); others are passed over.
Json read_history(std::string_view text);

}  // namespace vellum::plugins
