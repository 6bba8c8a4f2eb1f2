// Base64 with padding (RFC 4648, section 4).     Threads: pure, any.

#pragma once

#include <string>
#include <string_view>

namespace vellum {

std::string to_base64(std::string_view bytes);

}  // namespace vellum
