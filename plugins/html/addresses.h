// Addresses inside attribute values and style sheets, as written there.
// Threads: any.

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vellum::html {

// Of a srcset, in order; views it. Descriptors are stepped over, whether or not they make sense.
// Spec: https://html.spec.whatwg.org/#parse-a-srcset-attribute
std::vector<std::string_view> srcset_addresses(std::string_view srcset);

// Of url() and @import, in order, escapes undone. Spec: https://www.w3.org/TR/css-syntax-3/
std::vector<std::string> css_addresses(std::string_view css);

// Of a <meta http-equiv="refresh"> content; nullopt if it only names a delay or makes no sense.
// Spec: https://html.spec.whatwg.org/#shared-declarative-refresh-steps
std::optional<std::string_view> refresh_address(std::string_view content);

}  // namespace vellum::html
