// Rows of URL tests in the form of the Web Platform Tests' urltestdata.json, checked part by part.

#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>

#include "base/json.h"
#include "base/url.h"

namespace vellum::test {

inline std::optional<Url> parse_row(const Json& row) {
  const std::string input = text_of(row, "input");
  if (!row.contains("base") || row["base"].is_null()) {
    const auto url = Url::parse(input);
    return url ? std::optional(*url) : std::nullopt;
  }
  const auto base = Url::parse(text_of(row, "base"));
  if (!base) return std::nullopt;
  const auto url = Url::parse(input, &*base);
  return url ? std::optional(*url) : std::nullopt;
}

// True if the row holds; otherwise the failures say what differs.
inline bool check_row(const Json& row) {
  const auto url = parse_row(row);
  const bool wants_failure = flag_of(row, "failure");
  EXPECT_EQ(!url, wants_failure) << row.dump(-1, ' ', false, Json::error_handler_t::replace);
  if (!url || wants_failure) return !url && wants_failure;
  const std::pair<const char*, std::string> parts[] = {
      {"href", url->href()},         {"origin", url->origin()},     {"protocol", url->protocol()},
      {"username", url->username()}, {"password", url->password()}, {"host", url->host()},
      {"hostname", url->hostname()}, {"port", url->port()},         {"pathname", url->pathname()},
      {"search", url->search()},     {"hash", url->hash()}};
  bool holds = true;
  for (const auto& [name, value] : parts) {
    if (!row.contains(name)) continue;
    EXPECT_EQ(value, text_of(row, name)) << name << " of " << row.dump(-1, ' ', false, Json::error_handler_t::replace);
    holds = holds && value == text_of(row, name);
  }
  return holds;
}

}  // namespace vellum::test
