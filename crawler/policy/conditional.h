// Conditional requests: asking for a page only if it has changed since it was captured.
//
// Validators are taken from the stored answer as they stand, weak tags too; what does not parse is not sent, since a
// server could read something else in it. With both, both are sent: a server that knows entity tags looks at nothing
// else.
//
// Threads: pure functions.
// Spec: RFC 9110, 8.8 (validators), 13.1.2, 13.1.3 (If-None-Match, If-Modified-Since), 15.4.5 (304).

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/http_message.h"

namespace vellum::policy {

struct Validators {
  std::string etag;           // `"x"` or `W/"x"`
  std::string last_modified;  // an HTTP-date

  bool empty() const { return etag.empty() && last_modified.empty(); }
};

Validators validators_of(const HeaderBlock& answer);

// The fields that make a request conditional.
std::vector<std::pair<std::string, std::string>> condition_fields(const Validators& validators);

// Whether two entity tags name the same version by the weak comparison (RFC 9110, 8.8.3.2), which If-None-Match uses.
bool is_same_version(std::string_view one, std::string_view other);

// Why a 304 is no answer to a request with this condition; "" where it is one. A 304 without an ETag is taken.
std::string fault_of_not_modified(const Validators& asked, const HeaderBlock& answer);

}  // namespace vellum::policy
