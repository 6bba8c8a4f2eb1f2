// Base64 with padding (RFC 4648, section 4).     Threads: pure, any.

#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vellum {

std::string to_base64(std::string_view bytes);
// Nothing for text that to_base64() does not write.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace vellum
