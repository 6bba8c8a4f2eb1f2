// What a path under /web/ or /article/ asks for.
//
//   /web/20200131/https://example.org/a    the capture nearest to the end of that day
//   /web/20200131id_/https://…             its payload as it is
//   /web/*/https://example.org/a           all captures
//   /web/https://example.org/a             the newest
//
// The address may have lost a slash ("https:/example.org") or its scheme, or be percent-encoded as a whole.
//
// Threads: any.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/error.h"
#include "base/url.h"

namespace vellum::replay {

struct ArchivedTarget {
  Url url;
  std::optional<Timestamp> at;  // latest instant that the digits allow; absent: the newest
  bool is_list = false;         // "*"
  bool is_raw = false;          // "id_"
};

// `rest` is what follows "/web/" or "/article/", query included. kInvalid says what is wrong with it.
Result<ArchivedTarget> parse_archived_target(std::string_view rest);

// "/web/20200131235959/https://example.org/a"
std::string web_path(Timestamp at, std::string_view url);
std::string raw_path(Timestamp at, std::string_view url);
std::string captures_path(std::string_view url);
std::string article_path(std::string_view url);
std::string article_path(Timestamp at, std::string_view url);
// "/article/doi:10.1/x" for "doi:10.1/x"; what would end a path is percent-encoded.
std::string work_path(std::string_view identifier);

}  // namespace vellum::replay
