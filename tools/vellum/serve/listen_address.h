// "--listen HOST:PORT" of the verbs that answer browsers.
//
// Threads: pure functions.

#pragma once

#include <string>

#include "base/error.h"
#include "tools/replay/server.h"

namespace vellum::cli {

// "HOST:PORT", "[::1]:PORT", or a port alone. Port 0 is any free one. kInvalid says what would be right.
Result<replay::ServerOptions> parse_listen(const std::string& verb, const std::string& text);
bool is_loopback(const std::string& host);
std::string address_of(const replay::ServerOptions& options, std::uint16_t port);

}  // namespace vellum::cli
