// Hosts of URLs: domains (IDNA), IPv4 and IPv6 addresses, opaque hosts. Inner part of url; use Url elsewhere.
// Threads: any. Spec: https://url.spec.whatwg.org/#host-parsing; Unicode TR46

#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace vellum::url_detail {

// The serialised host: "example.org", "127.0.0.1", "[::1]", or percent-encoded text. `is_opaque` for schemes that are
// not special. kInvalid says which rule `input` breaks.
Result<std::string> parse_host(std::string_view input, bool is_opaque);

}  // namespace vellum::url_detail
