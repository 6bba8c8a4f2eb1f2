// Content coding "gzip" for the demo site's answers.
//
// Threads: any; pure.     Spec: RFC 1952, RFC 1951

#pragma once

#include <string>
#include <string_view>

namespace vellum::demo {

std::string gzip(std::string_view bytes);

}  // namespace vellum::demo
