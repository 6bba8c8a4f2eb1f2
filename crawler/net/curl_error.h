// What a failed transfer means to the caller: libcurl's code as a kind of error.

#pragma once

#include <curl/curl.h>

#include <string_view>

#include "base/error.h"

namespace vellum::net {

// `detail` is curl's error buffer, "" if it wrote none; it becomes part of the one-line message "host: detail". The
// error's code is the CURLcode.
Error transfer_error(CURLcode code, std::string_view host, std::string_view detail);

}  // namespace vellum::net
