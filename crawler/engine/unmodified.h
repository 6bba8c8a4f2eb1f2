// What an earlier run captured of a URL, for asking whether it has changed, and the revisit that "no" becomes.
//
// A condition is sent only on behalf of the newest capture of the exact URL, made by an earlier run with status 200 and
// a validator, not quarantined, whose payload reads. Imports are not asked about: what they say of a server is not
// ours.
//
// Threads: the io thread; reading runs on the pool.

#pragma once

#include <optional>
#include <string>

#include "crawler/engine/services.h"
#include "crawler/policy/conditional.h"

namespace vellum::engine {

struct Earlier {
  storage::Capture capture;
  HeaderBlock headers;  // those that came with the payload
  policy::Validators validators;
  std::string body;  // after load_body
};

// nullopt: ask without a condition. What cannot be read is no error: the page is asked for in full.
Task<std::optional<Earlier>> find_earlier(Services& services, const storage::UrlTask& task);
// False if the payload cannot be read any more.
Task<bool> load_body(Services& services, Earlier& earlier);

// Makes the capture of a 304 a revisit: payload, type and verdict of what it refers to.
void make_revisit(storage::Capture& capture, const Earlier& earlier);

}  // namespace vellum::engine
